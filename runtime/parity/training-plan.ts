// The Plan of a golden case of kind `training`: the step of the method, as a `.sau` file would say it, with the sizes
// and settings of the case's metadata. Its two mixes are fed the same (already mixed) images from both streams, which
// both forms of mixing give back unchanged, so only their labels are mixed.
import type { Plan, StepNode, ViewPlan } from '../../compiler/plan/plan.js'
import { treatmentOf } from './contrastive.js'
import type { GoldenCase } from './golden-case.js'
import { malformedCase, numberOf, numbersOf, tensorOf } from './golden-case.js'

/** Positions of the two mixes in the step of `trainingPlan`. */
export const mixupNode = 4
export const cutmixNode = 5

/** Views in the order of the golden `inputs`: what mixup and cutmix are fed, then the two of the contrastive branch. */
export const viewNames = ['mixup', 'cutmix', 'view2', 'view3'] as const

const step = (golden: GoldenCase): readonly StepNode[] => [
  { op: 'batch', stream: 0, view: 0 },
  { op: 'batch', stream: 1, view: 0 },
  { op: 'batch', stream: 0, view: 1 },
  { op: 'batch', stream: 1, view: 1 },
  { op: 'mixup', first: 0, second: 1, alpha: 1, seed: 0 },
  { op: 'cutmix', first: 2, second: 3, alpha: 1, target: 'drawn', seed: 0 },
  { op: 'forward', network: 0, batch: mixupNode },
  { op: 'head', pass: 6, head: 'fc' },
  { op: 'batch_field', batch: mixupNode, field: 'labels' },
  { op: 'cross_entropy', logits: 7, labels: 8 },
  { op: 'forward', network: 0, batch: cutmixNode },
  { op: 'head', pass: 10, head: 'fc' },
  { op: 'batch_field', batch: cutmixNode, field: 'labels' },
  { op: 'cross_entropy', logits: 11, labels: 12 },
  { op: 'batch', stream: 0, view: 2 },
  { op: 'batch', stream: 0, view: 3 },
  { op: 'forward', network: 0, batch: 14 },
  { op: 'head', pass: 16, head: 'contrast_head' },
  { op: 'forward', network: 0, batch: 15 },
  { op: 'head', pass: 18, head: 'contrast_head' },
  { op: 'stream_field', stream: 0, field: 'labels' },
  { op: 'stream_field', stream: 0, field: 'origin' },
  { op: 'correct', labels: 20, embeddings: [17, 19], origin: 21, against: 0, onNoise: treatmentOf(golden) },
  { op: 'supcon', embeddings: [17, 19], labels: 22, with: 0, temperature: numberOf(golden, 'temperature') },
]

/** @throws RunError SAU7502 when the metadata does not fit the tensors. */
export function trainingPlan(golden: GoldenCase): Plan {
  const [, passes = 0, batch = 0, height = 0, width = 0, channels = 0] = tensorOf(golden, 'inputs').shape
  if (passes !== viewNames.length)
    throw malformedCase(`${golden.file}: 'inputs' holds ${passes} passes, not 4`)
  if (batch !== numberOf(golden, 'batch'))
    throw malformedCase(`${golden.file}: 'inputs' holds another batch size`)
  const classCount = numberOf(golden, 'classes')
  const [hidden, features] = [numberOf(golden, 'hidden'), numberOf(golden, 'features')]
  const classes = Array.from({ length: classCount }, (_, position) => String(position))
  const image = { height, width, channels }
  const counts = classes.map((_, position) => (position === 0 ? batch : 0))
  const views = viewNames.map((name): ViewPlan => ({ name, operations: [], output: image }))
  const loss = (position: number) => ({ op: 'loss', loss: position }) as const
  const evaluation = (head: string): Plan['evaluations'][number] => ({
    dataset: 0,
    network: 0,
    head,
    every: { value: 1, unit: 'epoch' },
    metrics: [],
    view: { operations: [] },
  })
  return {
    plan: 1,
    language: 1,
    title: golden.file,
    seed: 0,
    params: [],
    sources: [],
    datasets: [
      {
        name: 'samples',
        make: { op: 'source', source: 0, origin: 'real' },
        classes,
        real: counts,
        synthetic: classes.map(() => 0),
        image,
      },
    ],
    views,
    networks: [
      {
        name: 'net',
        backbone: {
          op: 'cifar_resnet',
          blocks: numbersOf(golden, 'blocks'),
          width: numberOf(golden, 'width'),
          shortcut: 'pad',
        },
        heads: [
          {
            name: 'fc',
            layers: [{ op: 'linear', size: classCount, bias: true }],
            output: { kind: 'logits', size: classCount, unitLength: false },
          },
          {
            name: 'contrast_head',
            layers: [{ op: 'mlp', sizes: [hidden, hidden, features], norm: 'batch' }, { op: 'l2_normalize' }],
            output: { kind: 'embedding', size: features, unitLength: true },
          },
        ],
        classes: classCount,
        input: image,
        seed: 0,
      },
    ],
    streams: [
      { name: 'a', dataset: 0, seed: 0 },
      { name: 'b', dataset: 0, seed: 1 },
    ],
    memories: [
      {
        name: 'prototypes',
        op: 'class_means',
        network: 0,
        head: 'contrast_head',
        over: 0,
        views: [2, 3],
        every: { value: 1, unit: 'epoch' },
        classes: classCount,
        size: features,
        seed: 0,
      },
    ],
    step: step(golden),
    losses: [
      { branch: 'unaware', name: 'mixup', value: 9 },
      { branch: 'unaware', name: 'cutmix', value: 13 },
      { branch: 'aware', name: 'contrast', value: 23 },
    ],
    objective: { op: 'add', left: { op: 'add', left: loss(0), right: loss(1) }, right: loss(2) },
    train: {
      // The golden schedule is stepped once per step: an epoch of one step each.
      epochs: numberOf(golden, 'epochs_cosine'),
      batch,
      stepsPerEpoch: 1,
      lastBatch: batch,
      remainder: 'keep',
      precision: 'float32',
      optimizer: {
        op: 'sgd',
        rate: numberOf(golden, 'lr'),
        momentum: numberOf(golden, 'momentum'),
        nesterov: false,
        weightDecay: numberOf(golden, 'weight_decay'),
      },
      schedule: { per: 'epoch', factors: [{ op: 'cosine' }] },
    },
    evaluations: [evaluation('fc'), evaluation('contrast_head')],
  }
}
