// A small Plan and the tensors that one of its steps is fed, for tests of tracing.

import type { Program } from '../../compiler/graph/graph.js'
import { elementCount } from '../../compiler/graph/operations/operation.js'
import type { Plan, StepNode, TrainPlan } from '../../compiler/plan/plan.js'
import type { Tensor, Tensors } from '../../runtime/platform/tensor.js'
import { randomNumbers } from './numeric.js'

export interface SmallPlan {
  readonly step?: readonly StepNode[]
  readonly losses?: Plan['losses']
  readonly objective?: Plan['objective']
  readonly train?: Partial<TrainPlan>
  readonly shortcut?: 'pad' | 'conv'
  readonly blocks?: readonly number[]
  readonly heads?: Plan['networks'][number]['heads']
}

export const logits: Plan['networks'][number]['heads'][number] = {
  name: 'logits',
  layers: [{ op: 'linear', size: 3, bias: true }],
  output: { kind: 'logits', size: 3, unitLength: false },
}

export const embedding: Plan['networks'][number]['heads'][number] = {
  name: 'embedding',
  layers: [{ op: 'mlp', sizes: [6, 4], norm: 'batch' }, { op: 'l2_normalize' }],
  output: { kind: 'embedding', size: 4, unitLength: true },
}

/** Cross-entropy of one pass over one batch. */
export const crossEntropyStep: readonly StepNode[] = [
  { op: 'batch', stream: 0, view: 0 },
  { op: 'forward', network: 0, batch: 0 },
  { op: 'head', pass: 1, head: 'logits' },
  { op: 'batch_field', batch: 0, field: 'labels' },
  { op: 'cross_entropy', logits: 2, labels: 3 },
]

/** All parts of the method: both mixes, correction, the contrastive loss. */
export const methodStep: readonly StepNode[] = [
  { op: 'batch', stream: 0, view: 0 },
  { op: 'batch', stream: 1, view: 0 },
  { op: 'mixup', first: 0, second: 1, alpha: 1, seed: 1 },
  { op: 'cutmix', first: 0, second: 1, alpha: 1, target: 'area', seed: 2 },
  { op: 'forward', network: 0, batch: 2 },
  { op: 'head', pass: 4, head: 'logits' },
  { op: 'batch_field', batch: 2, field: 'labels' },
  { op: 'cross_entropy', logits: 5, labels: 6 },
  { op: 'forward', network: 0, batch: 3 },
  { op: 'head', pass: 8, head: 'logits' },
  { op: 'batch_field', batch: 3, field: 'labels' },
  { op: 'cross_entropy', logits: 9, labels: 10 },
  { op: 'batch', stream: 0, view: 1 },
  { op: 'forward', network: 0, batch: 0 },
  { op: 'head', pass: 13, head: 'embedding' },
  { op: 'forward', network: 0, batch: 12 },
  { op: 'head', pass: 15, head: 'embedding' },
  { op: 'stream_field', stream: 0, field: 'labels' },
  { op: 'stream_field', stream: 0, field: 'origin' },
  { op: 'correct', labels: 17, embeddings: [14, 16], origin: 18, against: 0, onNoise: 'pos_neg' },
  { op: 'supcon', embeddings: [14, 16], labels: 19, with: 0, temperature: 0.1 },
]

export const methodLosses: Plan['losses'] = [
  { branch: 'unaware', name: 'mixup', value: 7 },
  { branch: 'unaware', name: 'cutmix', value: 11 },
  { branch: 'aware', name: 'contrast', value: 20 },
]

export const methodObjective: Plan['objective'] = {
  op: 'add',
  left: { op: 'add', left: { op: 'loss', loss: 0 }, right: { op: 'loss', loss: 1 } },
  right: { op: 'loss', loss: 2 },
}

export function smallPlan(parts: SmallPlan = {}): Plan {
  const image = { height: 6, width: 8, channels: 3 }
  const normalize = { mean: [0.4, 0.5, 0.6], deviation: [0.2, 0.25, 0.3] }
  return {
    plan: 1,
    language: 1,
    title: 'small',
    seed: 0,
    params: [],
    sources: [],
    datasets: [
      {
        name: 'train',
        make: { op: 'source', source: 0, origin: 'real' },
        classes: ['a', 'b', 'c'],
        real: [4, 2, 1],
        synthetic: [0, 2, 3],
        image,
      },
    ],
    views: [
      { name: 'plain', operations: [], normalize, output: image },
      { name: 'sim', operations: [], normalize, output: image },
    ],
    networks: [
      {
        name: 'net',
        backbone: {
          op: 'cifar_resnet',
          blocks: parts.blocks ?? [1, 1],
          width: 4,
          shortcut: parts.shortcut ?? 'pad',
        },
        heads: parts.heads ?? [logits, embedding],
        classes: 3,
        input: image,
        seed: 5,
      },
    ],
    streams: [
      { name: 'a', dataset: 0, seed: 1 },
      { name: 'b', dataset: 0, seed: 2 },
    ],
    memories: [
      {
        name: 'prototypes',
        op: 'class_means',
        network: 0,
        head: 'embedding',
        over: 0,
        views: [0, 1],
        every: { value: 1, unit: 'epoch' },
        classes: 3,
        size: 4,
        seed: 0,
      },
    ],
    step: parts.step ?? crossEntropyStep,
    losses: parts.losses ?? [{ branch: 'only', name: 'ce', value: 4 }],
    objective: parts.objective ?? { op: 'loss', loss: 0 },
    train: {
      epochs: 10,
      batch: 5,
      stepsPerEpoch: 3,
      lastBatch: 2,
      remainder: 'keep',
      precision: 'float32',
      optimizer: { op: 'sgd', rate: 0.1, momentum: 0.9, nesterov: false, weightDecay: 5e-3 },
      schedule: { per: 'epoch', factors: [{ op: 'cosine' }] },
      ...parts.train,
    },
    evaluations: [
      {
        dataset: 0,
        network: 0,
        head: 'logits',
        every: { value: 1, unit: 'epoch' },
        metrics: [{ op: 'top1' }],
        view: { operations: [], normalize },
      },
    ],
  }
}

/** Fixed random values for every input of an entry. */
export function inputsFor(program: Program, entry: string, seed = 1): Tensors {
  const next = randomNumbers(seed)
  const inputs: Record<string, Tensor> = {}
  for (const { name, type } of program.entries[entry]?.inputs ?? []) {
    const count = elementCount(type.shape)
    const { dtype, shape } = type
    if (dtype === 'uint8') {
      inputs[name] = {
        dtype,
        shape,
        data: Uint8Array.from({ length: count }, () => Math.floor(256 * next())),
      }
    } else if (dtype === 'int32') {
      const classes = name.startsWith('labels:') ? 3 : 2
      inputs[name] = {
        dtype,
        shape,
        data: Int32Array.from({ length: count }, () => Math.floor(classes * next())),
      }
    } else {
      const scale = name.startsWith('center:') ? 6 : 1
      inputs[name] = { dtype, shape, data: Float64Array.from({ length: count }, () => scale * next()) }
    }
  }
  return inputs
}

/** Fixed random values for every variable, positive for running variances and scales. */
export function stateFor(program: Program, seed = 2): Tensors {
  const next = randomNumbers(seed)
  return Object.fromEntries(
    program.variables.map(({ name, type }): [string, Tensor] => {
      const positive = name.endsWith('running_var') || name.endsWith('adam_v')
      const count = elementCount(type.shape)
      const data = Float64Array.from({ length: count }, () => (positive ? 0.5 + next() : next() - 0.4))
      if (name === 'optimizer.step') data.fill(3)
      return [name, { dtype: 'float32', shape: type.shape, data }]
    }),
  )
}
