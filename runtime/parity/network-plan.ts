// The Plan of a golden case of kind `network`: one network with one head, trained by cross-entropy on one view of one stream.
import type { Plan } from '../../compiler/plan/plan.js'
import { validatePlan } from '../../compiler/plan/schema.js'
import type { GoldenCase } from './golden-case.js'
import { malformedCase, numberOf, settingOf, tensorOf } from './golden-case.js'

/** @throws RunError SAU7502 when the settings of the case are none of a network, or do not fit its tensors. */
export async function networkPlan(golden: GoldenCase): Promise<Plan> {
  const [, batch = 0, height = 0, width = 0, channels = 0] = tensorOf(golden, 'images').shape
  const size = numberOf(golden, 'classes')
  const classes = Array.from({ length: size }, (_, position) => String(position))
  const image = { height, width, channels }
  const written = {
    plan: 1,
    language: 1,
    title: golden.file,
    seed: 0,
    params: [],
    sources: [
      {
        format: 'shapes',
        classes: size,
        perClass: batch,
        size: height,
        seed: 0,
        origin: 'real',
        noise: 0,
      },
    ],
    datasets: [
      {
        name: 'samples',
        make: { op: 'source', source: 0, origin: 'real' },
        classes,
        real: classes.map((_, position) => (position === 0 ? batch : 0)),
        synthetic: classes.map(() => 0),
        image,
      },
    ],
    views: [{ name: 'plain', operations: [], output: image }],
    networks: [
      {
        name: 'net',
        backbone: json(golden, 'backbone'),
        heads: [
          {
            name: 'fc',
            layers: [headLayer(golden, size)],
            output: { kind: 'logits', size, unitLength: false },
          },
        ],
        classes: size,
        input: image,
        seed: 0,
      },
    ],
    streams: [{ name: 'a', dataset: 0, seed: 0 }],
    memories: [],
    step: [
      { op: 'batch', stream: 0, view: 0 },
      { op: 'forward', network: 0, batch: 0 },
      { op: 'head', pass: 1, head: 'fc' },
      { op: 'stream_field', stream: 0, field: 'labels' },
      { op: 'cross_entropy', logits: 2, labels: 3 },
    ],
    losses: [{ branch: 'only', name: 'ce', value: 4 }],
    objective: { op: 'loss', loss: 0 },
    train: {
      epochs: 1,
      batch,
      stepsPerEpoch: 1,
      lastBatch: batch,
      remainder: 'keep',
      precision: 'float32',
      ...(golden.metadata.frozen !== undefined && { freeze: [{ network: 0, ...frozen(golden) }] }),
      optimizer: {
        op: 'sgd',
        rate: numberOf(golden, 'lr'),
        momentum: numberOf(golden, 'momentum'),
        nesterov: false,
        weightDecay: numberOf(golden, 'weight_decay'),
      },
      schedule: { per: 'epoch', factors: [{ op: 'constant' }] },
    },
    evaluations: [
      {
        dataset: 0,
        network: 0,
        head: 'fc',
        every: { value: 1, unit: 'epoch' },
        metrics: [{ op: 'top1' }],
        view: { operations: [] },
      },
    ],
  }
  // A case is a file that anyone may write: what it says of a network is checked as a whole.
  const checked = await validatePlan(written)
  if ('plan' in checked) return checked.plan
  throw malformedCase(`${golden.file}: ${checked.faults[0] ?? 'it describes no network'}`)
}

function headLayer(golden: GoldenCase, size: number): unknown {
  const head = json(golden, 'head')
  const isCosine = typeof head === 'object' && head !== null && 'op' in head && head.op === 'cosine'
  return isCosine ? { ...head, size } : { op: 'linear', size, bias: true }
}

const frozen = (golden: GoldenCase): object => {
  const value = json(golden, 'frozen')
  return typeof value === 'object' && value !== null ? value : {}
}

function json(golden: GoldenCase, name: string): unknown {
  try {
    return JSON.parse(settingOf(golden, name)) as unknown
  } catch {
    throw malformedCase(`${golden.file}: '${name}' is no JSON`)
  }
}
