// The weights of a checkpoint as an exported model takes them: single precision, whatever engine made them.
import type { Program } from '../../../compiler/graph/graph.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import type { Tensor, Tensors } from '../../platform/tensor.js'
import type { Checkpoint } from '../../run/folder/checkpoint.js'

/**
 * Weights and running statistics of all variables of a program.
 * @throws RunError SAU7108 where the checkpoint does not hold them in their shapes.
 */
export function exportedWeights(program: Program, { folder, tensors }: Checkpoint<unknown>): Tensors {
  const weights: Record<string, Tensor> = {}
  for (const { name, type } of program.variables) {
    const stored = tensors.weights[name]
    const fits =
      stored !== undefined &&
      (stored.dtype === 'F32' || stored.dtype === 'F64') &&
      stored.shape.join() === type.shape.join()
    if (!fits) {
      throw new RunError(
        'SAU7108',
        `the checkpoint ${folder} does not fit this experiment: it holds no '${name}' of shape [${type.shape.join(', ')}]`,
        'export it with the version of saurun that trained it',
        exitCodes.failed,
      )
    }
    weights[name] = { dtype: 'float32', shape: stored.shape, data: Float32Array.from(stored.data) }
  }
  return weights
}
