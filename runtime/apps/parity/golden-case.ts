// One golden case: the tensors and the settings of a safetensors file, read with errors that say what is
// missing.

import { exitCodes, RunError } from '../../platform/errors.js'
import type { SafeTensor } from '../../platform/safetensors/index.js'
import { readSafetensors } from '../../platform/safetensors/index.js'
import type { Tensor, Tensors } from '../../platform/tensor.js'

export interface GoldenCase {
  readonly file: string
  readonly kind: string
  readonly tensors: Tensors
  readonly metadata: Readonly<Record<string, string>>
}

/**
 * @throws RunError SAU7401 when the file is no safetensors file, SAU7502 when it does not say of which kind
 * it is.
 */
export function readGoldenCase(file: string, bytes: Uint8Array): GoldenCase {
  const { tensors, metadata } = readSafetensors(bytes)
  const kind = metadata.kind
  if (kind === undefined) throw malformedCase(`${file} has no 'kind' in its metadata`)
  const converted = Object.entries(tensors).map(([name, tensor]) => [name, engineTensor(file, name, tensor)])
  return { file, kind, metadata, tensors: Object.fromEntries(converted) }
}

function engineTensor(file: string, name: string, tensor: SafeTensor): Tensor {
  const { shape } = tensor
  switch (tensor.dtype) {
    case 'F32':
      return { dtype: 'float32', shape, data: tensor.data }
    case 'F64':
      return { dtype: 'float32', shape, data: Float32Array.from(tensor.data) }
    case 'I64':
    case 'U64':
      return { dtype: 'int32', shape, data: Int32Array.from(tensor.data, Number) }
    case 'I32':
      return { dtype: 'int32', shape, data: tensor.data }
    case 'U32':
    case 'I16':
    case 'U16':
    case 'I8':
      return { dtype: 'int32', shape, data: Int32Array.from(tensor.data) }
    case 'U8':
    case 'BOOL':
      return { dtype: 'uint8', shape, data: tensor.data }
    case 'F16':
    case 'BF16':
      throw malformedCase(`${file}: tensor '${name}' is ${tensor.dtype}; golden values are float32`)
  }
}

/** SAU7502. */
export function malformedCase(message: string): RunError {
  return new RunError(
    'SAU7502',
    message,
    'see which tensors and settings a case of its kind needs',
    exitCodes.failed,
  )
}

export function tensorOf(golden: GoldenCase, name: string): Tensor {
  const tensor = golden.tensors[name]
  if (tensor === undefined) throw malformedCase(`${golden.file} has no tensor '${name}'`)
  return tensor
}

/** Whole numbers, whatever integer type they were stored as. */
export function integersOf(golden: GoldenCase, name: string): Tensor {
  const { shape, data } = tensorOf(golden, name)
  return { dtype: 'int32', shape, data: Int32Array.from(data) }
}

export function settingOf(golden: GoldenCase, name: string): string {
  const value = golden.metadata[name]
  if (value === undefined) throw malformedCase(`${golden.file} has no '${name}' in its metadata`)
  return value
}

export function numberOf(golden: GoldenCase, name: string): number {
  const value = Number(settingOf(golden, name))
  if (!Number.isFinite(value)) throw malformedCase(`${golden.file}: '${name}' is no number`)
  return value
}

/** A setting that is written as JSON. */
export function jsonOf(golden: GoldenCase, name: string): unknown {
  try {
    return JSON.parse(settingOf(golden, name))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw malformedCase(`${golden.file}: '${name}' is no JSON`)
  }
}

/** A list of numbers written as JSON. */
export function numbersOf(golden: GoldenCase, name: string): readonly number[] {
  const list = jsonOf(golden, name)
  if (!Array.isArray(list) || !list.every((value: unknown): value is number => typeof value === 'number')) {
    throw malformedCase(`${golden.file}: '${name}' is no list of numbers`)
  }
  return list
}

/** Row `index` of a tensor's first axis. */
export function rowOf(tensor: Tensor, index: number): Tensor {
  const shape = tensor.shape.slice(1)
  const length = shape.reduce((product, size) => product * size, 1)
  return { dtype: tensor.dtype, shape, data: tensor.data.slice(index * length, (index + 1) * length) }
}
