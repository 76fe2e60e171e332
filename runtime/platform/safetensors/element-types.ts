// Element types of the safetensors format and the arrays that hold them.
// Format: https://github.com/huggingface/safetensors, README "Format". All numbers are little-endian.

/** Array that holds the elements of each type; half precisions stay raw bits. */
export interface ArrayOf {
  readonly F64: Float64Array
  readonly F32: Float32Array
  /** Raw IEEE half-precision bits. */
  readonly F16: Uint16Array
  /** Raw bfloat16 bits. */
  readonly BF16: Uint16Array
  readonly I64: BigInt64Array
  readonly U64: BigUint64Array
  readonly I32: Int32Array
  readonly U32: Uint32Array
  readonly I16: Int16Array
  readonly U16: Uint16Array
  readonly I8: Int8Array
  readonly U8: Uint8Array
  /** 0 or 1. */
  readonly BOOL: Uint8Array
}

export type ElementType = keyof ArrayOf

/** One tensor, row-major; `dtype` tells which array `data` is. */
export type SafeTensor = {
  readonly [D in ElementType]: {
    readonly dtype: D
    readonly shape: readonly number[]
    readonly data: ArrayOf[D]
  }
}[ElementType]

export const elementBytes: Readonly<Record<ElementType, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  U64: 8,
  I32: 4,
  U32: 4,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
}

export function isElementType(name: string): name is ElementType {
  return Object.hasOwn(elementBytes, name)
}

/** A tensor over `buffer`, whose length must be a whole number of elements. */
export function tensorOver(dtype: ElementType, shape: readonly number[], buffer: ArrayBuffer): SafeTensor {
  switch (dtype) {
    case 'F64':
      return { dtype, shape, data: new Float64Array(buffer) }
    case 'F32':
      return { dtype, shape, data: new Float32Array(buffer) }
    case 'F16':
    case 'BF16':
    case 'U16':
      return { dtype, shape, data: new Uint16Array(buffer) }
    case 'I64':
      return { dtype, shape, data: new BigInt64Array(buffer) }
    case 'U64':
      return { dtype, shape, data: new BigUint64Array(buffer) }
    case 'I32':
      return { dtype, shape, data: new Int32Array(buffer) }
    case 'U32':
      return { dtype, shape, data: new Uint32Array(buffer) }
    case 'I16':
      return { dtype, shape, data: new Int16Array(buffer) }
    case 'I8':
      return { dtype, shape, data: new Int8Array(buffer) }
    case 'U8':
    case 'BOOL':
      return { dtype, shape, data: new Uint8Array(buffer) }
  }
}
