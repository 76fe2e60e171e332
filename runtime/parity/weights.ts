// Weights and statistics of a network in golden cases: their names, their gradients, what they became.
import type { Program } from '../../compiler/graph/graph.js'
import type { Executable, Tensors } from '../engines/engine.js'
import type { GoldenCase } from './golden-case.js'
import { malformedCase, tensorOf } from './golden-case.js'
import type { Quantity } from './quantity.js'
import { quantity, relativeNorm, resultOf } from './quantity.js'

/** Below this norm the tolerances of weights and gradients are absolute: 1e-3 of it is 1e-5. */
export const smallNorm = 1e-2

/** `net.conv1.weight` -> `init.conv1.weight`. */
export const goldenName = (prefix: string, variable: string): string =>
  variable.replace(/^net\./, `${prefix}.`)

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
