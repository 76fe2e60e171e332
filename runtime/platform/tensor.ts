// Tensors as rooms hand them to each other: views to engines, engines to checkpoints.
import type { DType } from '../../compiler/graph/graph.js'

/** A dense tensor on the host, row-major. */
export interface Tensor {
  readonly dtype: DType
  readonly shape: readonly number[]
  /**
   * bfloat16 never crosses this border. float32 -> Float32Array (the reference engine also gives and takes
   * Float64Array), int32 -> Int32Array, uint8 and bool -> Uint8Array.
   */
  readonly data: Float32Array | Float64Array | Int32Array | Uint8Array
}

export type Tensors = Readonly<Record<string, Tensor>>
