// Values that state starts from.
import type { Program, Variable } from '../../../compiler/graph/graph.js'
import { drawsOf } from '../../../compiler/random/draws.js'
import { keyOf } from '../../../compiler/random/random.js'
import type { Tensor, Tensors } from '../../platform/tensor.js'

/**
 * Initial value of every variable, in canonical layout. Random ones depend on their seed and name alone, so
 * the order of the variables, the engine and its layout change nothing; they are rounded to float32 on every
 * engine alike.
 */
export function initialValues(program: Program): Tensors {
  const values: Record<string, Tensor> = {}
  for (const variable of program.variables) values[variable.name] = initialValue(variable)
  return values
}

/** Initial value of one variable. */
export function initialValue({ name, type, initial }: Variable): Tensor {
  const { dtype, shape } = type
  const count = shape.reduce((product, size) => product * size, 1)
  if (dtype !== 'float32') {
    if (initial.kind !== 'constant')
      throw new TypeError(`variable '${name}' of type ${dtype} has random initial values`)
    const data = dtype === 'int32' ? new Int32Array(count) : new Uint8Array(count)
    return { dtype, shape, data: data.fill(initial.value) }
  }
  const data = new Float32Array(count)
  switch (initial.kind) {
    case 'constant':
      data.fill(initial.value)
      break
    case 'normal': {
      const draws = drawsOf(keyOf(initial.seed, 'initialize', name))
      for (let i = 0; i < count; i++) data[i] = initial.deviation * draws.normal()
      break
    }
    case 'uniform': {
      const draws = drawsOf(keyOf(initial.seed, 'initialize', name))
      for (let i = 0; i < count; i++) data[i] = initial.bound * (2 * draws.uniform53() - 1)
      break
    }
  }
  return { dtype, shape, data }
}
