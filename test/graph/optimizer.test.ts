import { describe, expect, it } from 'vitest'
import { Builder } from '../../compiler/graph/builder.js'
import { input } from '../../compiler/graph/operations/sources.js'
import { clipGradients, updateWeights } from '../../compiler/graph/trace/optimizer.js'
import { VariableTable } from '../../compiler/graph/trace/variables.js'
import type { Optimizer } from '../../compiler/plan/plan.js'
import { createReferenceEngine } from '../../runtime/engines/reference/index.js'
import { float, required } from './numeric.js'

const gradients = [0.3, -0.2, 0.5, 0.1]

/** The weight after each of four steps with the gradients above, from 1.5, at rate 0.1. */
async function weightsAfter(optimizer: Optimizer, clip?: number): Promise<readonly number[]> {
  const builder = new Builder()
  const variables = new VariableTable()
  const weight = variables.declare('w', [1], 'weight', { kind: 'constant', value: 1.5 })
  const gradient = input(builder, 'gradient', { dtype: 'float32', shape: [1] })
  const rate = input(builder, 'rate', { dtype: 'float32', shape: [] })
  const entries = [{ weight, gradient }]
  updateWeights(
    builder,
    variables,
    optimizer,
    rate,
    clip === undefined ? entries : clipGradients(entries, clip),
  )
  const executable = await createReferenceEngine().load({
    layout: 'NCHW',
    variables: variables.all(),
    entries: { step: builder.finish() },
  })
  const weights: number[] = []
  for (const value of gradients) {
    await executable.run('step', { gradient: float([1], [value]), rate: float([], [0.1]) })
    weights.push(required(await executable.read(['w']), 'w').data[0] ?? Number.NaN)
  }
  return weights
}

const sgd = { op: 'sgd', rate: 0.1, momentum: 0, nesterov: false, weightDecay: 0 } as const
const adam = { op: 'adam', rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.01 } as const

// Expected: torch.optim of PyTorch 2.15 in float64, from the same weight, gradients and rate.
const cases: readonly (readonly [string, Optimizer, number | undefined, readonly number[]])[] = [
  ['sgd', sgd, undefined, [1.47, 1.49, 1.44, 1.43]],
  [
    'sgd with momentum and weight decay',
    { ...sgd, momentum: 0.9, weightDecay: 0.01 },
    undefined,
    [1.4685, 1.4586815, 1.3983861684999999, 1.3327219839814999],
  ],
  [
    'sgd with Nesterov momentum',
    { ...sgd, momentum: 0.9, weightDecay: 0.01, nesterov: true },
    undefined,
    [1.44015, 1.449898715, 1.3442138859415, 1.2738484422490612],
  ],
  ['adam', adam, undefined, [1.4000000031746032, 1.380137613704938, 1.3193073173287446, 1.2598879447458935]],
  [
    'adamw',
    { ...adam, op: 'adamw' },
    undefined,
    [1.3985000033333332, 1.3826368563421858, 1.323005218933916, 1.2651717573462766],
  ],
  [
    'sgd under a clipped gradient norm',
    sgd,
    0.25,
    [1.4750000833330557, 1.4950000833330557, 1.4700001333329558, 1.4600001333329558],
  ],
]

describe('the update of weights', () => {
  it.each(cases)('is that of PyTorch: %s', async (_name, optimizer, clip, expected) => {
    const weights = await weightsAfter(optimizer, clip)
    expected.forEach((value, step) => {
      expect(weights[step]).toBeCloseTo(value, 12)
    })
  })
})
