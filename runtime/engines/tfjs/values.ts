// Between the engine's types and tfjs's. tfjs knows float32, int32 and bool: bytes are held as int32, and
// bfloat16 numbers as float32 that is rounded where it is made. This is the one place that knows.
import type { DataTypeMap, Tensor as TfjsTensor } from '@tensorflow/tfjs-core'
import { roundToBfloat16 } from '../../../compiler/graph/bfloat16.js'
import type { DType } from '../../../compiler/graph/graph.js'
import type { Tensor } from '../../platform/tensor.js'
import type { TfjsCore } from './library.js'

type HeldType = 'float32' | 'int32' | 'bool'
type HeldData = DataTypeMap[HeldType]

const held: Readonly<Record<DType, HeldType>> = {
  float32: 'float32',
  bfloat16: 'float32',
  int32: 'int32',
  uint8: 'int32',
  bool: 'bool',
}

/** The type that tfjs holds an element type in. */
export const heldAs = (dtype: DType): HeldType => held[dtype]

/** Numbers as a tensor of tfjs; a copy, whatever is done to them later. */
export function tensorOf(
  core: TfjsCore,
  dtype: DType,
  shape: readonly number[],
  data: ArrayLike<number>,
): TfjsTensor {
  return core.tensor(heldData(dtype, data), [...shape], heldAs(dtype))
}

function heldData(dtype: DType, data: ArrayLike<number>): HeldData {
  switch (heldAs(dtype)) {
    case 'float32': {
      const floats = new Float32Array(data)
      if (dtype === 'bfloat16') roundToBfloat16(floats)
      return floats
    }
    case 'int32':
      return new Int32Array(data)
    case 'bool':
      // The backends' kernels count on 0 and 1.
      return Uint8Array.from(data, (value) => (value === 0 ? 0 : 1))
  }
}

/** The numbers of a tensor in the type that they have outside; a copy. */
export function numbersOf(tensor: TfjsTensor, dtype: DType): Tensor['data'] {
  const data: ArrayLike<number> = tensor.dataSync<HeldType>()
  switch (dtype) {
    case 'float32':
    case 'bfloat16':
      return new Float32Array(data)
    case 'int32':
      return new Int32Array(data)
    case 'uint8':
    case 'bool':
      return new Uint8Array(data)
  }
}

/** The numbers of a float32 tensor, each rounded to bfloat16. */
export function roundedToBfloat16(core: TfjsCore, tensor: TfjsTensor): TfjsTensor {
  return tensorOf(core, 'bfloat16', tensor.shape, tensor.dataSync<'float32'>())
}
