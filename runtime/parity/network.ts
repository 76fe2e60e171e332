// Golden cases of kind `network`: some steps of a network with its gradients, through the tracing that training uses.
import type { Program } from '../../compiler/graph/graph.js'
import { traceProgram } from '../../compiler/graph/index.js'
import { elementCount } from '../../compiler/graph/operations/operation.js'
import type { Engine, Executable, Tensor, Tensors } from '../engines/engine.js'
import type { GoldenCase } from './golden-case.js'
import { integersOf, numberOf, rowOf, tensorOf } from './golden-case.js'
import { networkPlan } from './network-plan.js'
import type { Quantity } from './quantity.js'
import { largest, mismatches, quantity, relativeError, relativeNorm, resultOf, scalarOf } from './quantity.js'
import { finalErrors, goldenName, gradientErrors, smallNorm } from './weights.js'

export async function networkParity(golden: GoldenCase, engine: Engine): Promise<readonly Quantity[]> {
  const program = traceProgram(await networkPlan(golden), {
    layout: engine.layout,
    images: 'float32',
    gradients: true,
    normalization: { epsilon: numberOf(golden, 'bn_eps'), momentum: numberOf(golden, 'bn_momentum') },
  })
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
  const evaluated = await executable.run('evaluate:0', { images: rowOf(images, steps - 1) })
  const logits = tensorOf(golden, 'eval_logits')
  return [
    quantity('trained', trainedOthers(golden, first), 0),
    ...gradientErrors(golden, first),
    quantity('loss[0]', errors[0] ?? Number.NaN, 1e-5),
    quantity('loss', largest(errors), 1e-3),
    ...(await finalErrors(golden, program, executable)),
    quantity('eval_logits', relativeNorm(resultOf(evaluated, 'output'), logits, smallNorm), 1e-3),
  ]
}

/** How many weights have a gradient here and not in the case, or the other way round: frozen ones have none. */
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

/** The golden weights and statistics, everything else at rest. */
function initialState(golden: GoldenCase, program: Program): Tensors {
  const state: Record<string, Tensor> = {}
  for (const { name, type, role } of program.variables) {
    const isGolden = role === 'weight' || role === 'statistic'
    state[name] = isGolden
      ? tensorOf(golden, goldenName('init', name))
      : { dtype: 'float32', shape: type.shape, data: new Float32Array(elementCount(type.shape)) }
  }
  return state
}
