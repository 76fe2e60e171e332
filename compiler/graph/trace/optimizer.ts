// The update of the weights, exactly as PyTorch's optimizers define it.
import type { Optimizer } from '../../plan/plan.js'
import type { Builder, Tensor } from '../builder.js'
import type { Variable } from '../graph.js'
import { add, divide, minimum, multiply, power, sqrt, subtract } from '../operations/arithmetic.js'
import { reduceSum } from '../operations/reductions.js'
import { constant } from '../operations/sources.js'
import type { VariableTable } from './variables.js'
import { read } from './variables.js'

/**
 * A weight with the gradient of the objective. Weights the objective does not reach are not updated, nor
 * decayed.
 */
export interface WeightGradient {
  readonly weight: Variable
  readonly gradient: Tensor
}

/**
 * Adds the updates of all weights and of the optimizer's own state. `rate`: float32 scalar, already
 * scheduled.
 */
export function updateWeights(
  builder: Builder,
  variables: VariableTable,
  optimizer: Optimizer,
  rate: Tensor,
  gradients: readonly WeightGradient[],
): void {
  switch (optimizer.op) {
    case 'sgd':
      for (const entry of gradients) updateBySgd(builder, variables, optimizer, rate, entry)
      return
    case 'adam':
    case 'adamw': {
      const counter = variables.declare('optimizer.step', [], 'optimizer', { kind: 'constant', value: 0 })
      const step = add(read(builder, counter), 1)
      builder.update(counter.name, step)
      for (const entry of gradients) updateByAdam(builder, variables, optimizer, rate, step, entry)
    }
  }
}

/**
 * g += decay * w; v = momentum * v + g; w -= rate * v (torch.optim.SGD; Nesterov: w -= rate * (g + momentum *
 * v)).
 */
function updateBySgd(
  builder: Builder,
  variables: VariableTable,
  optimizer: Optimizer & { readonly op: 'sgd' },
  rate: Tensor,
  { weight, gradient }: WeightGradient,
): void {
  const before = read(builder, weight)
  const decayed =
    optimizer.weightDecay === 0 ? gradient : add(gradient, multiply(before, optimizer.weightDecay))
  let step = decayed
  if (optimizer.momentum !== 0) {
    const memory = optimizerState(variables, weight, 'momentum')
    const velocity = add(multiply(read(builder, memory), optimizer.momentum), decayed)
    builder.update(memory.name, velocity)
    step = optimizer.nesterov ? add(decayed, multiply(velocity, optimizer.momentum)) : velocity
  }
  builder.update(weight.name, subtract(before, multiply(step, rate)))
}

/**
 * Adam (Kingma and Ba, arXiv 1412.6980, algorithm 1) and AdamW (Loshchilov and Hutter, arXiv 1711.05101,
 * algorithm 2).
 */
function updateByAdam(
  builder: Builder,
  variables: VariableTable,
  optimizer: Optimizer & { readonly op: 'adam' | 'adamw' },
  rate: Tensor,
  step: Tensor,
  { weight, gradient }: WeightGradient,
): void {
  const { beta1, beta2, epsilon, weightDecay } = optimizer
  let before = read(builder, weight)
  let slope = gradient
  if (weightDecay !== 0) {
    if (optimizer.op === 'adamw') before = multiply(before, subtract(1, multiply(rate, weightDecay)))
    else slope = add(gradient, multiply(before, weightDecay))
  }
  const firstMemory = optimizerState(variables, weight, 'adam_m')
  const secondMemory = optimizerState(variables, weight, 'adam_v')
  const first = add(multiply(read(builder, firstMemory), beta1), multiply(slope, 1 - beta1))
  const second = add(
    multiply(read(builder, secondMemory), beta2),
    multiply(multiply(slope, slope), 1 - beta2),
  )
  builder.update(firstMemory.name, first)
  builder.update(secondMemory.name, second)
  const firstCorrection = subtract(1, power(constant(builder, beta1), step))
  const secondCorrection = subtract(1, power(constant(builder, beta2), step))
  const scale = add(divide(sqrt(second), sqrt(secondCorrection)), epsilon)
  builder.update(weight.name, subtract(before, multiply(divide(first, scale), divide(rate, firstCorrection))))
}

function optimizerState(variables: VariableTable, weight: Variable, field: string): Variable {
  return variables.declare(`${weight.name}.${field}`, weight.type.shape, 'optimizer', {
    kind: 'constant',
    value: 0,
  })
}

/** Scales all gradients so that their global norm is at most `limit` (torch.nn.utils.clip_grad_norm_). */
export function clipGradients(
  gradients: readonly WeightGradient[],
  limit: number,
): readonly WeightGradient[] {
  let squares: Tensor | undefined
  for (const { gradient } of gradients) {
    const square = reduceSum(multiply(gradient, gradient))
    squares = squares === undefined ? square : add(squares, square)
  }
  if (squares === undefined) return gradients
  const factor = minimum(divide(limit, add(sqrt(squares), 1e-6)), 1)
  return gradients.map(({ weight, gradient }) => ({ weight, gradient: multiply(gradient, factor) }))
}
