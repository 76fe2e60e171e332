// A whole experiment that trains in moments: 3 classes of 8x8 images, ResNet-8 of width 4, both branches of
// SAU.
import type { DatasetOperation } from '../../../compiler/plan/dataset-operations.js'
import type { DatasetPlan, Plan, StepNode } from '../../../compiler/plan/plan.js'

const size = 8
const none = [0, 0, 0]

export interface TinyOptions {
  readonly epochs?: number
  readonly rate?: number
  readonly evaluateEvery?: number
  readonly best?: boolean
}

/**
 * 14 training images, 5 of them synthetic, in batches of 6 (the last of 2), 9 test images, a memory over 9.
 */
export function tinyPlan(options: TinyOptions = {}): Plan {
  const { epochs = 2, rate = 0.05, evaluateEvery = 1, best = false } = options
  const image = { height: size, width: size, channels: 3 }
  const view = (name: string, flip: number) => ({
    name,
    operations: [{ op: 'crop', padding: 1, size } as const, { op: 'flip', probability: flip } as const],
    normalize: { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
    output: image,
  })
  const step: StepNode[] = [
    { op: 'batch', stream: 0, view: 0 },
    { op: 'batch', stream: 1, view: 0 },
    { op: 'cutmix', first: 0, second: 1, alpha: 1, target: 'drawn', seed: 5 },
    { op: 'forward', network: 0, batch: 2 },
    { op: 'head', pass: 3, head: 'logits' },
    { op: 'batch_field', batch: 2, field: 'labels' },
    { op: 'cross_entropy', logits: 4, labels: 5 },
    { op: 'batch', stream: 0, view: 1 },
    { op: 'forward', network: 0, batch: 7 },
    { op: 'head', pass: 8, head: 'embedding' },
    { op: 'stream_field', stream: 0, field: 'labels' },
    { op: 'stream_field', stream: 0, field: 'origin' },
    { op: 'correct', labels: 10, embeddings: [9], origin: 11, against: 0, onNoise: 'pos_neg' },
    { op: 'supcon', embeddings: [9], labels: 12, with: 0, temperature: 0.1 },
  ]
  return {
    plan: 1,
    language: 1,
    title: 'Tiny',
    seed: 7,
    params: [{ name: 'rate', type: 'float', value: rate }],
    sources: [
      { format: 'shapes', classes: 3, perClass: 5, size, seed: 3, origin: 'real', noise: 0 },
      { format: 'shapes', classes: 3, perClass: 5, size, seed: 4, origin: 'synthetic', noise: 0.4 },
      { format: 'shapes', classes: 3, perClass: 3, size, seed: 5, origin: 'real', noise: 0 },
    ],
    datasets: [
      datasetPlan('real', { op: 'source', source: 0, origin: 'real' }, [5, 5, 5]),
      datasetPlan(
        'real',
        { op: 'longtail', input: 0, profile: 'exp', factor: 5, counts: [5, 3, 1], draw: 'first', seed: 1 },
        [5, 3, 1],
      ),
      datasetPlan('synthetic', { op: 'source', source: 1, origin: 'synthetic' }, none, [5, 5, 5]),
      datasetPlan(
        'train',
        { op: 'fill', base: 1, from: 2, counts: [0, 2, 3], seed: 2 },
        [5, 3, 1],
        [0, 2, 3],
      ),
      datasetPlan('test', { op: 'source', source: 2, origin: 'real' }, [3, 3, 3]),
    ],
    views: [view('plain', 0.5), view('strong', 1)],
    networks: [
      {
        name: 'net',
        backbone: { op: 'cifar_resnet', blocks: [1, 1, 1], width: 4, shortcut: 'pad' },
        heads: [
          {
            name: 'logits',
            layers: [{ op: 'linear', size: 3, bias: true }],
            output: { kind: 'logits', size: 3, unitLength: false },
          },
          {
            name: 'embedding',
            layers: [{ op: 'mlp', sizes: [8, 4], norm: 'batch' }, { op: 'l2_normalize' }],
            output: { kind: 'embedding', size: 4, unitLength: true },
          },
        ],
        classes: 3,
        input: image,
        seed: 11,
      },
    ],
    streams: [
      { name: 'a', dataset: 3, seed: 21 },
      { name: 'b', dataset: 3, seed: 22 },
    ],
    memories: [
      {
        name: 'prototypes',
        op: 'class_means',
        network: 0,
        head: 'embedding',
        over: 1,
        views: [1],
        every: { value: 1, unit: 'epoch' },
        classes: 3,
        size: 4,
        seed: 31,
      },
    ],
    step,
    losses: [
      { branch: 'unaware', name: 'cutmix', value: 6 },
      { branch: 'aware', name: 'contrast', value: 13 },
    ],
    objective: { op: 'add', left: { op: 'loss', loss: 0 }, right: { op: 'loss', loss: 1 } },
    train: {
      epochs,
      batch: 6,
      stepsPerEpoch: 3,
      lastBatch: 2,
      remainder: 'keep',
      precision: 'float32',
      optimizer: { op: 'sgd', rate, momentum: 0.9, nesterov: false, weightDecay: 5e-4 },
      schedule: { per: 'epoch', factors: [{ op: 'cosine' }] },
    },
    evaluations: [
      {
        dataset: 4,
        network: 0,
        head: 'logits',
        every: { value: evaluateEvery, unit: 'epoch' },
        metrics: [{ op: 'top1' }, { op: 'per_class' }, { op: 'confusion' }],
        view: { operations: [], normalize: { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] } },
        ...(best ? { best: { metric: 'top1', onTestSplit: true } } : {}),
      },
    ],
  }
}

function datasetPlan(
  name: string,
  make: DatasetOperation,
  real: readonly number[],
  synthetic: readonly number[] = none,
): DatasetPlan {
  const image = { height: size, width: size, channels: 3 }
  return { name, make, classes: ['0', '1', '2'], real, synthetic, image }
}
