// The state of a network between an engine and a checkpoint.
import type { Program, Variable } from '../../../compiler/graph/graph.js'
import type { Engine, Executable } from '../../engines/engine.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import type { SafeTensor } from '../../platform/safetensors/index.js'
import type { Tensor, Tensors } from '../../platform/tensor.js'
import type { CheckpointTensors, TensorFile } from '../folder/checkpoint.js'

const fileOf: Readonly<Record<Variable['role'], TensorFile>> = {
  weight: 'weights',
  statistic: 'weights',
  optimizer: 'optimizer',
  memory: 'memory',
}

/** Reads the whole state of an executable, sorted into the files of a checkpoint. */
export async function readState(program: Program, executable: Executable): Promise<CheckpointTensors> {
  const values = await executable.read()
  const tensors: Record<TensorFile, Record<string, SafeTensor>> = { weights: {}, optimizer: {}, memory: {} }
  for (const { name, role } of program.variables) {
    const value = values[name]
    if (value === undefined) throw new TypeError(`the engine gives no value of '${name}'`)
    tensors[fileOf[role]][name] = toSafeTensor(value)
  }
  return tensors
}

/**
 * State of a checkpoint as an engine takes it. Double precision (from the reference engine) is rounded for
 * engines that hold single precision.
 * @throws RunError SAU7108 where it does not hold the program's variables in their shapes.
 */
export function stateFrom(
  program: Program,
  tensors: CheckpointTensors,
  engine: Engine,
  folder: string,
): Tensors {
  const state: Record<string, Tensor> = {}
  for (const { name, role, type } of program.variables) {
    const file = fileOf[role]
    const stored = tensors[file][name]
    if (stored === undefined) throw misfit(folder, `${file}.safetensors holds no '${name}'`)
    if (stored.shape.join() !== type.shape.join()) {
      throw misfit(
        folder,
        `'${name}' has shape [${stored.shape.join(', ')}] instead of [${type.shape.join(', ')}]`,
      )
    }
    state[name] = fromSafeTensor(stored, name, engine, folder)
  }
  return state
}

function toSafeTensor({ dtype, shape, data }: Tensor): SafeTensor {
  if (data instanceof Float32Array) return { dtype: 'F32', shape, data }
  if (data instanceof Float64Array) return { dtype: 'F64', shape, data }
  if (data instanceof Int32Array) return { dtype: 'I32', shape, data }
  return { dtype: dtype === 'bool' ? 'BOOL' : 'U8', shape, data }
}

function fromSafeTensor(stored: SafeTensor, name: string, engine: Engine, folder: string): Tensor {
  const { shape } = stored
  switch (stored.dtype) {
    case 'F32':
      return { dtype: 'float32', shape, data: stored.data }
    case 'F64':
      return {
        dtype: 'float32',
        shape,
        data: engine.name === 'reference' ? stored.data : Float32Array.from(stored.data),
      }
    case 'I32':
      return { dtype: 'int32', shape, data: stored.data }
    case 'U8':
      return { dtype: 'uint8', shape, data: stored.data }
    case 'BOOL':
      return { dtype: 'bool', shape, data: stored.data }
    default:
      throw misfit(folder, `'${name}' has element type ${stored.dtype}`)
  }
}

function misfit(folder: string, what: string): RunError {
  return new RunError(
    'SAU7108',
    `the checkpoint ${folder} does not fit this experiment: ${what}`,
    'start the experiment anew, or resume it with the version of saurun that began it',
    exitCodes.failed,
  )
}
