// A whole experiment that trains in moments: 3 classes of 8x8 images, ResNet-8 of width 4, both branches of SAU.
import type { DatasetPlan, Plan, StepNode } from '../../compiler/plan/plan.js'
import type { Dataset, ImageStore, LoadedData } from '../../runtime/data/dataset.js'
import { drawsOf } from '../../runtime/random/draws.js'
import { keyOf } from '../../runtime/random/random.js'

const size = 8
const classes = ['red', 'green', 'blue']

export interface TinyOptions {
  readonly epochs?: number
  readonly rate?: number
  readonly evaluateEvery?: number
  readonly best?: boolean
}

/** 14 training images in batches of 6 (the last of 2), 9 test images; `correct` and `supcon` read a memory. */
export function tinyPlan(options: TinyOptions = {}): Plan {
  const { epochs = 2, rate = 0.05, evaluateEvery = 1, best = false } = options
  const image = { height: size, width: size, channels: 3 }
  const view = (name: string, flip: number) => ({
    name,
    operations: [
      { op: 'crop', padding: 1, size } as const,
      { op: 'flip', probability: flip } as const,
    ],
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
    sources: [{ format: 'shapes', classes: 3, perClass: 9, size: 16, seed: 3, origin: 'real', noise: 0 }],
    datasets: [datasetPlan('train', [5, 3, 1], [0, 2, 3]), datasetPlan('test', [3, 3, 3], [0, 0, 0])],
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
      { name: 'a', dataset: 0, seed: 21 },
      { name: 'b', dataset: 0, seed: 22 },
    ],
    memories: [
      {
        name: 'prototypes',
        op: 'class_means',
        network: 0,
        head: 'embedding',
        over: 0,
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
        dataset: 1,
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

function datasetPlan(name: string, real: readonly number[], synthetic: readonly number[]): DatasetPlan {
  const image = { height: size, width: size, channels: 3 }
  return { name, make: { op: 'source', source: 0, origin: 'real' }, classes, real, synthetic, image }
}

/** Noise over the colour of each class; record 11 of the training data shows another class than its label says. */
export function tinyData(plan: Plan): LoadedData {
  const stores: ImageStore[] = []
  const datasets = plan.datasets.map((dataset, position): Dataset => {
    const labels: number[] = []
    const origins: number[] = []
    for (const [c] of dataset.classes.entries()) {
      const real = dataset.real[c] ?? 0
      const synthetic = dataset.synthetic[c] ?? 0
      for (let i = 0; i < real + synthetic; i++) {
        labels.push(c)
        origins.push(i < real ? 0 : 1)
      }
    }
    const shown = position === 0 ? Int32Array.from(labels) : undefined
    if (shown !== undefined) shown[11] = 0
    stores.push(colours(shown ?? Int32Array.from(labels), position))
    return {
      plan: dataset,
      count: labels.length,
      labels: Int32Array.from(labels),
      origins: Uint8Array.from(origins),
      shown,
      store: new Uint16Array(labels.length).fill(position),
      record: Uint32Array.from(labels, (_, i) => i),
    }
  })
  return { datasets, stores }
}

function colours(shown: Int32Array, seed: number): ImageStore {
  const bytes = size * size * 3
  const pixels = new SharedArrayBuffer(shown.length * bytes)
  const geometry = new SharedArrayBuffer(shown.length * 3 * 8)
  const values = new Uint8Array(pixels)
  for (const [i, c] of shown.entries()) {
    new Float64Array(geometry).set([i * bytes, size, size], 3 * i)
    const draws = drawsOf(keyOf(seed, 'tiny', i))
    for (let at = 0; at < bytes; at++) values[i * bytes + at] = draws.below(120) + (at % 3 === c ? 130 : 0)
  }
  return { pixels, geometry, channels: 3, count: shown.length }
}
