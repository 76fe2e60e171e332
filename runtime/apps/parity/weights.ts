// Weights and statistics of a network in golden cases: their names, what they begin as, their gradients, what
// they become and what they then give.
import type { Program } from '../../../compiler/graph/graph.js'
import { elementCount } from '../../../compiler/graph/operations/operation.js'
import type { Executable } from '../../engines/engine.js'
import type { Tensor, Tensors } from '../../platform/tensor.js'
import { entryOf } from '../../run/loop/feeding.js'
import type { GoldenCase } from './golden-case.js'
import { malformedCase, tensorOf } from './golden-case.js'
import type { Quantity } from './quantity.js'
import { quantity, relativeNorm, resultOf } from './quantity.js'

/** Below this norm the tolerances of weights and gradients are absolute: 1e-3 of it is 1e-5. */
export const smallNorm = 1e-2

/** `net.conv1.weight` -> `init.conv1.weight`. */
export const goldenName = (prefix: string, variable: string): string =>
  variable.replace(/^net\./, `${prefix}.`)

/** All state at the start: weights, statistics and prototypes of the case, everything else at rest. */
export function initialState(golden: GoldenCase, program: Program): Tensors {
  const state: Record<string, Tensor> = {}
  for (const { name, type, role, initial } of program.variables) {
    if (role === 'weight' || role === 'statistic') {
      state[name] = tensorOf(golden, goldenName('init', name))
    } else if (role === 'memory') {
      state[name] = tensorOf(golden, 'prototypes')
    } else {
      const value = initial.kind === 'constant' ? initial.value : 0
      const data = new Float32Array(elementCount(type.shape)).fill(value)
      state[name] = { dtype: 'float32', shape: type.shape, data }
    }
  }
  return state
}

/** Every `grad0.*` of the case beside the gradients of the first step. */
export function gradientErrors(golden: GoldenCase, first: Tensors): readonly Quantity[] {
  const expected = Object.keys(golden.tensors).filter((name) => name.startsWith('grad0.'))
  if (expected.length === 0) throw malformedCase(`${golden.file} has no tensor 'grad0.*'`)
  return expected.map((name) => {
    const actual = resultOf(first, name.replace(/^grad0\./, 'gradient:net.'))
    return quantity(name, relativeNorm(actual, tensorOf(golden, name), smallNorm), 1e-3)
  })
}

/** Every `final.*` of the case beside the weights and statistics after the last step. */
export async function finalErrors(
  golden: GoldenCase,
  program: Program,
  executable: Executable,
): Promise<readonly Quantity[]> {
  const trained = program.variables.filter(({ role }) => role === 'weight' || role === 'statistic')
  const values = await executable.read(trained.map(({ name }) => name))
  return trained.map((variable) => {
    const name = goldenName('final', variable.name)
    const error = relativeNorm(resultOf(values, variable.name), tensorOf(golden, name), smallNorm)
    return quantity(name, error, 1e-3)
  })
}

/** What an entry that sweeps over a dataset makes of the images, beside the tensor `name` of the case. */
export async function evaluationError(
  golden: GoldenCase,
  program: Program,
  executable: Executable,
  { name, entry, images }: { readonly name: string; readonly entry: string; readonly images: Tensor },
): Promise<Quantity> {
  // The entry may take more images at once: those left are zero, and what comes of them is left out.
  const shape = entryOf(program, entry).inputs[0]?.type.shape ?? []
  const data = new Float32Array(elementCount(shape))
  data.set(images.data)
  const output = resultOf(
    await executable.run(entry, { images: { dtype: 'float32', shape, data } }),
    'output',
  )
  const expected = tensorOf(golden, name)
  const actual = { ...output, data: output.data.slice(0, expected.data.length) }
  return quantity(name, relativeNorm(actual, expected, smallNorm), 1e-3)
}
