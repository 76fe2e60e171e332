// Golden cases of kind `network`: some steps of a network with its gradients, through the tracing that
// training uses.
import type { Program } from '../../../compiler/graph/graph.js'
import type { Engine, Executable } from '../../engines/engine.js'
import type { Tensors } from '../../platform/tensor.js'
import { traceCase } from './experiment.js'
import type { GoldenCase } from './golden-case.js'
import { integersOf, numberOf, rowOf, tensorOf } from './golden-case.js'
import { networkPlan } from './network-experiment.js'
import type { Quantity } from './quantity.js'
import { largest, mismatches, quantity, relativeError, scalarOf } from './quantity.js'
import { evaluationError, finalErrors, gradientErrors, initialState } from './weights.js'

export async function networkParity(golden: GoldenCase, engine: Engine): Promise<readonly Quantity[]> {
  const program = traceCase(golden, await networkPlan(golden), engine.layout)
  const executable = await engine.load(program)
  try {
    return await compare(golden, program, executable)
  } finally {
    await executable.dispose()
  }
}

async function compare(
  golden: GoldenCase,
  program: Program,
  executable: Executable,
): Promise<readonly Quantity[]> {
  await executable.write(initialState(golden, program))
  const images = tensorOf(golden, 'images')
  const steps = images.shape[0] ?? 0
  const results: Tensors[] = []
  for (let step = 0; step < steps; step++) {
    const rate = Float32Array.of(numberOf(golden, 'lr'))
    const inputs = {
      'batch:a.plain': rowOf(images, step),
      'labels:a': rowOf(integersOf(golden, 'labels'), step),
      learning_rate: { dtype: 'float32', shape: [], data: rate },
    } as const
    results.push(await executable.run('train', inputs))
  }
  const [first = {}] = results
  const losses = tensorOf(golden, 'loss').data
  const errors = results.map((result, step) =>
    relativeError(scalarOf(result, 'loss'), losses[step] ?? Number.NaN),
  )
  const evaluated = { name: 'eval_logits', entry: 'evaluate:0', images: rowOf(images, steps - 1) }
  return [
    quantity('trained', trainedOthers(golden, first), 0),
    ...gradientErrors(golden, first),
    quantity('loss[0]', errors[0] ?? Number.NaN, 1e-5),
    quantity('loss', largest(errors), 1e-3),
    ...(await finalErrors(golden, program, executable)),
    await evaluationError(golden, program, executable, evaluated),
  ]
}

/**
 * How many weights have a gradient here and not in the case, or the other way round: frozen ones have none.
 */
function trainedOthers(golden: GoldenCase, first: Tensors): number {
  const names = (tensors: Tensors, prefix: string): readonly number[] =>
    Object.keys(tensors)
      .filter((name) => name.startsWith(prefix))
      .map((name) => known.get(name.slice(prefix.length)) ?? -1)
      .sort((a, b) => a - b)
  const known = new Map(
    Object.keys(golden.tensors)
      .filter((name) => name.startsWith('init.'))
      .map((name, position) => [name.slice('init.'.length), position]),
  )
  return mismatches(names(first, 'gradient:net.'), names(golden.tensors, 'grad0.'))
}
