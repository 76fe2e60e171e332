// `train { ... }` and `minimize ...`.
import { type Location, labelled } from '../diagnostics/reporter.js'
import { mostEpochs } from '../functions/bounds.js'
import { emptyClass } from '../functions/class-agreement.js'
import { choice, countUpTo, list, only, part, real, reportMismatch, seed } from '../functions/slots.js'
import { backboneParts, halvings, sizeAfterHalvings } from '../plan/backbones.js'
import type { DatasetNode } from '../types/dataset-node.js'
import type { NetworkNode } from '../types/network-node.js'
import type { DraftScalar, StepNodeDraft } from '../types/step-draft.js'
import { type Type, types } from '../types/type.js'
import type { ScheduleValue, Value } from '../types/value.js'
import { asScalar } from './arithmetic.js'
import type { Compilation } from './compilation.js'
import { evaluate, locate } from './expressions.js'
import { checkFields, type FieldValues } from './fields.js'
import type { FrozenParts } from './freeze.js'

export const trainFields = {
  epochs: {
    slot: countUpTo(mostEpochs),
    doc: 'how many passes over the longest stream',
    example: 'epochs = 200',
  },
  batch: { slot: countUpTo(1_000_000), doc: 'images of each stream in a step', example: 'batch = 128' },
  optimizer: {
    slot: only('optimizer', types.optimizer),
    doc: 'how weights follow gradients',
    example: 'optimizer = sgd(lr: 0.1, momentum: 0.9)',
  },
  schedule: {
    slot: only('schedule', types.schedule),
    doc: 'how the learning rate changes; `constant` where left out',
  },
  seed: { slot: seed, doc: 'the seed of the run, which all omitted seeds derive from; 0 where left out' },
  remainder: {
    slot: choice('remainder', ['keep', 'drop']),
    doc: 'whether the last, smaller batch of an epoch is trained; `keep` where left out',
  },
  precision: {
    slot: choice('precision', ['float32', 'bfloat16']),
    doc: 'the numbers that the network is computed in; `float32` where left out',
  },
  clip: { slot: real({ above: 0 }), doc: 'the largest norm of the gradient; larger ones are scaled down' },
  freeze: {
    slot: list(part),
    doc: 'what keeps its weights: `net.backbone`, a part of it (`net.stem`, `net.stage1`, ...), heads; nothing where left out',
  },
} as const

export interface CheckedTraining {
  readonly values: FieldValues<typeof trainFields>
  readonly where: ReadonlyMap<string, Location>
  readonly complete: boolean
  readonly at: Location
}

export function checkTraining(c: Compilation): CheckedTraining | undefined {
  const train = c.program.train
  if (!train) return undefined
  const keyword = { file: train.file, span: train.node.keyword }
  const checked = checkFields(c, 'train', keyword, train.node.fields, trainFields, (field) => ({
    file: train.file,
    branch: undefined,
    network: undefined,
    owner: { kind: 'train', name: field.name.text, root: field.value, declared: undefined },
  }))
  return { ...checked, at: { file: train.file, span: train.node.span } }
}

/** The objective as a scalar; reports one that reads no loss. */
export function checkObjective(c: Compilation): DraftScalar | undefined {
  const minimize = c.program.minimize
  if (!minimize) return undefined
  const scope = {
    file: minimize.file,
    branch: undefined,
    network: undefined,
    owner: { kind: 'minimize', name: '', root: minimize.node.value, declared: undefined },
  }
  const type: Type = { kind: 'scalar' }
  const value: Value = evaluate(c, minimize.node.value, scope, type)
  const at = locate(scope, minimize.node.value)
  const scalar = asScalar(value)
  if (value.kind === 'error') return undefined
  if (!scalar || scalar.condition) {
    return reportMismatch({ context: c.context, at, subject: '`minimize`' }, types.loss, value)
  }
  if (!scalar.loss) {
    c.reporter.report('SAU3208', { gaps: {}, labels: [labelled(at)] })
    return undefined
  }
  return scalar.scalar
}

/** Steps of an epoch: one pass of the longest stream. */
export interface EpochShape {
  readonly stepsPerEpoch: number
  readonly lastBatch: number
}

/**
 * Counts the steps of an epoch from the streams that the step draws from. Reports a batch that is larger than
 * the longest stream's data, and a last batch of one image where a head normalizes vectors over the batch, or
 * a backbone ends in single pixels. Says nothing where a class has no image: that is reported, and mending it
 * changes the counts.
 */
export function checkEpoch(
  c: Compilation,
  training: CheckedTraining,
  streams: readonly DatasetNode[],
  nodes: readonly StepNodeDraft[],
  frozen: readonly FrozenParts[],
): EpochShape | undefined {
  const { batch, remainder = 'keep' } = training.values
  const size = (dataset: DatasetNode) =>
    [...dataset.real, ...dataset.synthetic].reduce((total, images) => total + images, 0)
  const longest = streams.reduce<DatasetNode | undefined>(
    (best, dataset) => (best && size(best) >= size(dataset) ? best : dataset),
    undefined,
  )
  if (batch === undefined || !longest || streams.some(({ unknown }) => unknown.counts)) return undefined
  if (streams.some((dataset) => emptyClass(dataset) !== undefined)) return undefined
  const images = size(longest)
  const at = training.where.get('batch') ?? training.at
  if (batch > images) {
    c.reporter.report('SAU4101', {
      gaps: { batch, count: images, dataset: longest.name },
      labels: [labelled(at, `${batch} images`), labelled(longest.at, `${images} images`)],
    })
    return undefined
  }
  const rest = images % batch
  const keep = remainder === 'keep' && rest > 0
  const shape = { stepsPerEpoch: Math.floor(images / batch) + (keep ? 1 : 0), lastBatch: keep ? rest : batch }
  if (shape.lastBatch > 1) return shape
  for (const { make } of nodes) {
    if (make.op !== 'forward') continue
    const { network } = make
    const still = frozen.find((parts) => parts.network === network)
    const head = [...network.heads.values()].flatMap(({ name, layers }) => {
      const normal = layers?.layers.find(({ layer }) => layer.op === 'mlp' && layer.norm === 'batch')
      return normal && !still?.heads.includes(name) ? [normal] : []
    })[0]
    const pixels = endsInSinglePixels(network) && !still?.backbone.includes(lastPart(network))
    if (!head && !pixels) continue
    c.reporter.report('SAU4102', {
      gaps: {},
      labels: [
        labelled(at, `${images} images in batches of ${batch} leave ${shape.lastBatch}`),
        head
          ? labelled(head.at, 'normalizes over the batch')
          : labelled(network.at, 'ends in pictures of one pixel, and normalizes over the batch'),
      ],
      help:
        batch > 1
          ? undefined
          : head
            ? 'make `batch` at least 2, or write `norm: none`'
            : 'make `batch` at least 2',
    })
    return undefined
  }
  return shape
}

/** Whether nothing but one pixel of an image is left in the last stage of a network. */
function endsInSinglePixels({ backbone, binding }: NetworkNode): boolean {
  const input = binding?.input
  if (!backbone || !input) return false
  const count = halvings(backbone)
  return sizeAfterHalvings(input.height, count) === 1 && sizeAfterHalvings(input.width, count) === 1
}

const lastPart = ({ backbone }: NetworkNode): string => (backbone && backboneParts(backbone).at(-1)) ?? ''

/** Epochs at which `multistep` changes the rate: shares of the run rounded to whole epochs. */
export function resolveSchedule(schedule: ScheduleValue | undefined, epochs: number) {
  const factors = schedule?.factors ?? [{ op: 'constant' } as const]
  return {
    per: schedule?.per ?? 'epoch',
    factors: factors.map((factor) =>
      factor.op === 'multistep'
        ? {
            op: 'multistep' as const,
            at: factor.at.map((moment) => (moment < 1 ? Math.round(moment * epochs) : Math.round(moment))),
            gamma: factor.gamma,
          }
        : factor,
    ),
  }
}
