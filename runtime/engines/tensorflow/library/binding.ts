// The native addon of tfjs-node and tfjs-node-gpu 4.22 (lib/napi-v8/tfjs_binding.node), as far as it is used
// here: tensors in and out, and sessions of SavedModels. The JavaScript of those packages is left out: it
// would bring all of tfjs into the process, and reads a SavedModel once more for every signature.

/** Element types at the border, TensorFlow's DataType numbers. Others do not cross it. */
export const borderTypes = { float32: 1, int32: 3, bool: 10 } as const

/** What the addon says about a tensor that a session gave back. */
export interface BorderTensor {
  readonly id: number
  readonly dtype: number
  readonly shape: readonly number[]
}

export interface TensorFlowBinding {
  /** TensorFlow's own version: `2.21.0`. */
  readonly TF_Version: string
  /** Copies the values; every tensor must be deleted. */
  createTensor(
    shape: readonly number[],
    dtype: number,
    values: Float32Array | Int32Array | Uint8Array,
  ): number
  deleteTensor(id: number): void
  /** A copy of the values. */
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array
  isUsingGpuDevice(): boolean
  /**
   * Opens a session on a SavedModel folder; tags separated by commas. @throws Error with TensorFlow's
   * sentence.
   */
  loadSavedModel(folder: string, tags: string): number
  deleteSavedModel(session: number): void
  /**
   * One run of the session. Names are `node:output`, separated by commas. @throws Error with TensorFlow's
   * sentence.
   */
  runSavedModel(
    session: number,
    inputs: readonly number[],
    inputNames: string,
    outputNames: string,
  ): readonly BorderTensor[]
}
