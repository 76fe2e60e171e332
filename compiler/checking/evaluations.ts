// `evaluate d { ... }`: what is measured, on which images, through which view.
import { type Location, labelled } from '../diagnostics/reporter.js'
import { applyView, checkInputSize } from '../functions/applied-view.js'
import { checkHasImages, checkSameClasses } from '../functions/class-agreement.js'
import { differentReal, hasSynthetic } from '../functions/data-transforms.js'
import { choice, list, only, quantity, reportMismatch } from '../functions/slots.js'
import { showShape } from '../functions/views.js'
import { headline, type PlainMetric, plainMetrics } from '../plan/metric-table.js'
import type { Metric, Normalization, ViewOperation } from '../plan/plan.js'
import type { DatasetNode } from '../types/dataset-node.js'
import { counted } from '../types/describe.js'
import type { HeadNode, NetworkNode } from '../types/network-node.js'
import { type SharedImages, sharedImages } from '../types/shared-images.js'
import { types } from '../types/type.js'
import type { ShotsDraft } from '../types/value.js'
import type { AppliedView, ViewStep } from '../types/view-step.js'
import type { FedBatch, TrainedStep } from './checked-step.js'
import type { Compilation } from './compilation.js'
import { evaluate, locate } from './expressions.js'
import { checkFields } from './fields.js'

export const evaluateFields = {
  using: { slot: only('head', types.head), doc: 'the head that is evaluated', example: 'using = net.logits' },
  every: { slot: quantity('epochs', '1 epoch'), doc: 'how often; after every epoch where left out' },
  metrics: {
    slot: list(only('metric', types.metric)),
    doc: `what is measured; \`[${headline}]\` where left out`,
  },
  view: {
    slot: only('view', types.view),
    doc: 'how test images are prepared; as the training views normalize where left out',
  },
  best: {
    slot: choice('best', plainMetrics),
    doc: 'the metric that chooses the best epoch, which is then reported beside the last',
  },
} as const

export interface CheckedEvaluation {
  readonly dataset: DatasetNode
  readonly network: NetworkNode
  readonly head: HeadNode
  readonly every: number
  readonly metrics: readonly (
    | Exclude<Metric, { readonly op: 'shots' }>
    | (ShotsDraft & { readonly of: DatasetNode })
  )[]
  readonly view: {
    readonly operations: readonly ViewOperation[]
    readonly normalize: Normalization | undefined
  }
  readonly best: PlainMetric | undefined
  readonly onTestSplit: boolean
  readonly at: Location
}

export function checkEvaluations(c: Compilation, step: TrainedStep): readonly CheckedEvaluation[] {
  const checked: CheckedEvaluation[] = []
  const seen = new Map<string, Location>()
  for (const { node, file } of c.program.evaluations) {
    const keyword = { file, span: node.keyword }
    const scopeFor = (root: typeof node.dataset) => ({
      file,
      branch: undefined,
      network: undefined,
      owner: { kind: 'evaluate', name: 'evaluate', root, declared: undefined },
    })
    const value = evaluate(c, node.dataset, scopeFor(node.dataset), types.dataset)
    const datasetAt = locate(scopeFor(node.dataset), node.dataset)
    const fields = checkFields(c, 'evaluate', keyword, node.fields, evaluateFields, (field) =>
      scopeFor(field.value),
    )
    if (value.kind !== 'dataset') {
      reportMismatch({ context: c.context, at: datasetAt, subject: '`evaluate`' }, types.dataset, value)
      continue
    }
    const { dataset } = value
    const first = seen.get(dataset.name)
    if (first && dataset.name !== '') {
      c.reporter.report('SAU2008', {
        gaps: { what: `evaluate ${dataset.name}` },
        labels: [labelled(datasetAt, 'the second'), labelled(first, 'the first')],
        help: 'put all metrics of one dataset into one block',
      })
      continue
    }
    seen.set(dataset.name, datasetAt)
    const at = { file, span: node.span }
    const evaluation = checkOne(c, step, dataset, datasetAt, at, fields)
    if (evaluation) checked.push(evaluation)
  }
  return checked
}

type Fields = ReturnType<typeof checkFields<typeof evaluateFields>>

function checkOne(
  c: Compilation,
  step: TrainedStep,
  dataset: DatasetNode,
  datasetAt: Location,
  at: Location,
  { values, where, complete }: Fields,
): CheckedEvaluation | undefined {
  const { using, every = 1, metrics = [{ kind: 'metric', metric: { op: headline } } as const], best } = values
  const fit = checkData(c, step, dataset, datasetAt)
  const measured = metrics.map(({ metric }) => metric.op)
  const metricsWrong = where.has('metrics') && !values.metrics
  checkBest(c, dataset, metricsWrong ? undefined : measured, best, where.get('best') ?? at)
  const usingAt = where.get('using') ?? at
  if (!using) return undefined
  const { network, head } = using
  const binding = c.context.binding(network)
  const feeding = step.feeding.filter((pass) => pass.network === network)
  if (!binding || feeding.length === 0) {
    c.context.untrained(network, usingAt)
    return undefined
  }
  const classifies = head.output?.kind === 'logits'
  if (head.output && !classifies) {
    c.reporter.report('SAU3001', {
      gaps: {
        subject: '`using`',
        expected: 'a head of logits',
        found: `an embedding, \`${network.name}.${head.name}\``,
      },
      labels: [labelled(usingAt), labelled(head.at, 'gives an embedding')],
      help: 'evaluate a head that ends in `linear` or `cosine`',
    })
  }
  const same = checkSameClasses(c.context, binding.dataset, dataset, datasetAt)
  const reading = feeding.filter((pass) => pass.heads.has(head.name))
  const batches = (reading.length > 0 ? reading : feeding).flatMap((pass) => pass.batches)
  const view = values.view
    ? explicitView(c, values.view.operations, dataset, where.get('view') ?? at)
    : derivedView(c, batches, `${network.name}.${head.name}`, dataset, at)
  const sized = view && checkInputSize(c.context, view, network, binding, where.get('view') ?? datasetAt)
  const resolved = metrics.map(({ metric }) =>
    metric.op === 'shots' ? countedShots(c, metric, batches, at) : metric,
  )
  const known = resolved.filter((metric) => metric !== undefined)
  if (known.length !== resolved.length || !view || !sized || !fit || !same || !classifies || !complete)
    return undefined
  return {
    dataset,
    network,
    head,
    every,
    metrics: known,
    view: { operations: view.operations, normalize: view.normalize },
    best,
    onTestSplit: dataset.split === 'test',
    at,
  }
}

/** Real images only, at least one, and none that is trained on. */
function checkData(c: Compilation, step: TrainedStep, dataset: DatasetNode, at: Location): boolean {
  if (hasSynthetic(dataset)) {
    const synthetic = dataset.synthetic.reduce((total, images) => total + images, 0)
    c.reporter.report('SAU4105', {
      gaps: { dataset: dataset.name, count: synthetic },
      labels: [labelled(at), labelled(dataset.at, counted(synthetic, 'synthetic image'))],
    })
    return false
  }
  for (const trained of step.streamed) {
    const shared = sharedImages(c.context.host, dataset, trained)
    if (!shared) continue
    c.reporter.report('SAU4106', {
      gaps: { evaluated: dataset.name, trained: trained.name },
      labels: [
        labelled(at, 'evaluated here'),
        labelled(dataset.at, sharedText(shared)),
        labelled(trained.at, 'trained on'),
      ],
      help:
        shared.by === 'source'
          ? undefined
          : 'evaluate on other images: a path, a link, a copy or a list that leads to the same ones changes nothing',
    })
    return false
  }
  return checkHasImages(c.context, dataset, at)
}

function sharedText({ by, images }: SharedImages): string | undefined {
  if (images === undefined)
    return by === 'source' ? undefined : 'the same images by another path, or a copy of them'
  return images === 1 ? '1 image is in both' : `${images} images are in both`
}

function checkBest(
  c: Compilation,
  dataset: DatasetNode,
  measured: readonly string[] | undefined,
  best: PlainMetric | undefined,
  at: Location,
): void {
  if (!best) return
  if (measured && !measured.includes(best))
    c.reporter.report('SAU3306', { gaps: { metric: best }, labels: [labelled(at)] })
  if (dataset.split === 'test') {
    c.reporter.report('SAU6101', {
      gaps: { dataset: dataset.name },
      labels: [labelled(at, 'chooses the epoch'), labelled(dataset.at, 'a test split')],
    })
  }
}

// ---- the view of an evaluation ----------------------------------------------------------------------------

function explicitView(
  c: Compilation,
  steps: readonly ViewStep[],
  dataset: DatasetNode,
  at: Location,
): AppliedView | undefined {
  const random = steps.find((one) => !one.deterministic)
  if (random) {
    c.reporter.report('SAU3302', {
      gaps: { operation: random.name },
      labels: [labelled(random.at), labelled(at, 'the view of an evaluation')],
    })
    return undefined
  }
  return applyView(c.context, steps, { name: 'view', at }, dataset, at)
}

/** What test images follow of the training views: `resize`, `center_crop` and `normalize`. */
function derivedView(
  c: Compilation,
  fed: readonly FedBatch[],
  head: string,
  dataset: DatasetNode,
  at: Location,
): AppliedView | undefined {
  // An operation that is wrong may be one that evaluation follows.
  const batches = fed.filter(({ view }) => view.certain)
  const followed = (view: AppliedView) =>
    view.steps.filter(({ name }) => name === 'resize' || name === 'center_crop' || name === 'normalize')
  const first = batches[0]?.view
  if (!first) return undefined
  // How they look on one dataset says whether they are the same.
  const signature = (view: AppliedView) => {
    const geometry = view.operations.filter(({ op }) => op === 'resize' || op === 'center_crop')
    return { geometry: JSON.stringify(geometry), normalize: JSON.stringify(view.normalize ?? null) }
  }
  const expected = signature(first)
  for (const { view } of batches) {
    const found = signature(view)
    if (found.geometry === expected.geometry && found.normalize === expected.normalize) continue
    const what = found.normalize === expected.normalize ? 'resize' : 'normalize'
    c.reporter.report('SAU3301', {
      gaps: { head, fault: 'disagree', what },
      labels: [
        labelled(at),
        labelled(first.identity.at, describeFollowed(first, what)),
        labelled(view.identity.at, describeFollowed(view, what)),
      ],
    })
    return undefined
  }
  const steps = followed(first)
  if (
    dataset.image === 'varied' &&
    !dataset.unknown.image &&
    !steps.some(({ name }) => name === 'center_crop')
  ) {
    c.reporter.report('SAU3301', {
      gaps: { head, fault: 'cut every image at random', what: 'size' },
      labels: [
        labelled(at),
        labelled(first.identity.at, 'no `center_crop`'),
        labelled(dataset.at, 'images of varied size'),
      ],
      help: 'say how test images are prepared: `view = resize(n) |> center_crop(n) |> normalize(...)` in `evaluate`',
    })
    return undefined
  }
  return applyView(c.context, steps, { name: `evaluate ${dataset.name}`, at }, dataset, at)
}

function describeFollowed(view: AppliedView, what: 'resize' | 'normalize'): string {
  if (what === 'normalize')
    return view.normalize ? `mean ${view.normalize.mean.join(', ')}` : 'does not normalize'
  return view.output ? `ends at ${showShape(view.output)}` : 'is not known'
}

// ---- shots ------------------------------------------------------------------------------------------------

/**
 * The data whose real images group the classes: what `of` names, else what trains the head, before filling.
 */
function countedShots(
  c: Compilation,
  shots: ShotsDraft,
  batches: readonly FedBatch[],
  at: Location,
): (ShotsDraft & { readonly of: DatasetNode }) | undefined {
  if (shots.of) return { ...shots, of: beforeFilling(shots.of) }
  const behind = batches.map((batch) => batch.dataset).filter(({ unknown }) => !unknown.counts)
  const [first, ...others] = behind
  if (!first) return undefined
  const other = others.find((dataset) => differentReal(dataset).join() !== differentReal(first).join())
  if (other) {
    c.reporter.report('SAU3305', {
      gaps: { first: first.name, second: other.name },
      labels: [labelled(shots.at), labelled(first.at), labelled(other.at)],
      help: `say whose real images count: \`shots(..., of: ${first.name})\``,
    })
    return undefined
  }
  return { ...shots, of: beforeFilling(first), at: shots.at ?? at }
}

function beforeFilling(dataset: DatasetNode): DatasetNode {
  return dataset.make.op === 'fill' ? beforeFilling(dataset.make.base) : dataset
}
