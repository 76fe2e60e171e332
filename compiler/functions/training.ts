// Schedules and optimizers.
import { type Type, types } from '../types/type.js'
import type { ScheduleDraft, ScheduleValue } from '../types/value.js'
import { declareFunction, defaulting, required, type Slot } from './declaration.js'
import { choice, list, quantity, real, reportMismatch, truth } from './slots.js'

const per = defaulting(choice('per', ['epoch', 'step']), 'epoch', 'when the rate changes')

function schedule(factor: ScheduleDraft, rhythm: 'epoch' | 'step'): ScheduleValue {
  return { kind: 'schedule', factors: [factor], per: rhythm }
}

const constant = declareFunction({
  name: 'constant',
  group: 'schedule',
  doc: 'The rate of the optimizer, all the time.',
  parameters: { per },
  result: types.schedule,
  apply: (a) => schedule({ op: 'constant' }, a.per),
})

const cosine = declareFunction({
  name: 'cosine',
  group: 'schedule',
  doc: 'Half a cosine wave from the rate down to 0: rate * (1 + cos(pi * epoch / epochs)) / 2 (Loshchilov and Hutter, ICLR 2017).',
  parameters: { per },
  result: types.schedule,
  apply: (a) => schedule({ op: 'cosine' }, a.per),
})

const linear = declareFunction({
  name: 'linear',
  group: 'schedule',
  doc: 'A straight line from the rate down to 0: rate * (1 - epoch / epochs).',
  parameters: { per },
  result: types.schedule,
  apply: (a) => schedule({ op: 'linear' }, a.per),
})

const moment: Slot<number> = {
  type: { kind: 'either', options: [{ kind: 'quantity', of: 'epochs' }, { kind: 'prob' }] } satisfies Type,
  take(value, site) {
    if (value.kind !== 'number')
      return reportMismatch(
        site,
        moment.type,
        value,
        'write `160 epochs` or a share of the run such as `0.8`',
      )
    if (value.unit) return quantity('epochs', '160 epochs').take(value, site)
    return real({ from: 0 }).take(value, site)
  },
}

const multistep = declareFunction({
  name: 'multistep',
  group: 'schedule',
  doc: 'Multiplies the rate by `gamma` at each of some moments: epochs (`160`, `160 epochs`) or, below 1, shares of the run (`0.8`).',
  parameters: {
    at: required(list(moment), 'the moments, in order'),
    gamma: defaulting(real({ above: 0 }), 0.1, 'what the rate is multiplied by'),
    per,
  },
  result: types.schedule,
  apply: (a, call) => schedule({ op: 'multistep', at: a.at, gamma: a.gamma, location: call.where.at }, a.per),
})

const warmup = declareFunction({
  name: 'warmup',
  group: 'schedule',
  doc: 'Multiplies the rate by (epoch + 1) / n for the first n epochs.',
  parameters: { n: required(quantity('epochs', '5 epochs'), 'how long') },
  result: types.schedule,
  apply: (a) => schedule({ op: 'warmup', epochs: a.n }, 'epoch'),
})

const positive = real({ above: 0 })
const share = real({ from: 0, to: 1 })
const decay = defaulting(real({ from: 0 }), 0, 'how strongly weights are pulled to 0')

const sgd = declareFunction({
  name: 'sgd',
  group: 'optimizer',
  doc: 'Gradient descent with momentum, as PyTorch does it: g += decay * w; v = momentum * v + g; w -= lr * v.',
  parameters: {
    lr: required(positive, 'the learning rate'),
    momentum: defaulting(share, 0, 'what is kept of the last direction'),
    nesterov: defaulting(truth, false, 'whether to look ahead along the momentum'),
    weight_decay: decay,
  },
  result: types.optimizer,
  apply: (a) => ({
    kind: 'optimizer',
    optimizer: {
      op: 'sgd',
      rate: a.lr,
      momentum: a.momentum,
      nesterov: a.nesterov,
      weightDecay: a.weight_decay,
    },
  }),
})

function adaptive(op: 'adam' | 'adamw', doc: string, fallbackDecay: number) {
  return declareFunction({
    name: op,
    group: 'optimizer',
    doc,
    parameters: {
      lr: required(positive, 'the learning rate'),
      beta1: defaulting(share, 0.9, 'what is kept of the mean gradient'),
      beta2: defaulting(share, 0.999, 'what is kept of the mean squared gradient'),
      epsilon: defaulting(positive, 1e-8, 'what is added to the divisor'),
      weight_decay: defaulting(real({ from: 0 }), fallbackDecay, 'how strongly weights are pulled to 0'),
    },
    result: types.optimizer,
    apply: (a) => ({
      kind: 'optimizer',
      optimizer: {
        op,
        rate: a.lr,
        beta1: a.beta1,
        beta2: a.beta2,
        epsilon: a.epsilon,
        weightDecay: a.weight_decay,
      },
    }),
  })
}

const adam = adaptive('adam', 'Adam (Kingma and Ba, ICLR 2015); the decay is added to the gradient.', 0)
const adamw = adaptive('adamw', 'Adam with decoupled decay (Loshchilov and Hutter, ICLR 2019).', 0.01)

export const scheduleFunctions = [constant, cosine, linear, multistep, warmup]
export const optimizerFunctions = [sgd, adam, adamw]
