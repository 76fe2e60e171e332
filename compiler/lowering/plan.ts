import type { CheckedProgram } from '../checking/check.js'
import type { CheckedEvaluation } from '../checking/evaluations.js'
import type { FrozenParts } from '../checking/freeze.js'
import { resolveSchedule } from '../checking/train-block.js'
import { differentReal } from '../functions/data-transforms.js'
import type { Host } from '../host.js'
import type {
  EvaluationPlan,
  FrozenPlan,
  HeadPlan,
  MemoryPlan,
  NetworkPlan,
  Normalization,
  ParamValue,
  Plan,
  StreamPlan,
  TrainPlan,
  ViewPlan,
} from '../plan/plan.js'
import { callSeed } from '../plan/seeds.js'
import { certain } from '../types/certain.js'
import type { DatasetNode } from '../types/dataset-node.js'
import type { HeadNode, NetworkNode } from '../types/network-node.js'
import type { MemoryValue, StreamValue } from '../types/value.js'
import type { AppliedView } from '../types/view-step.js'
import { datasetTables } from './datasets.js'
import { type PlaceOf, placesOf } from './places.js'
import { lowerStep } from './step-nodes.js'
import { table } from './table.js'

export interface Lowered {
  readonly plan: Plan
  /**
   * Where each source of the Plan lies on this machine: absolute paths by position in `Plan.sources`; none
   * for drawn images.
   */
  readonly locations: Readonly<Record<number, readonly string[]>>
}

/** Positions in the Plan's tables, given out as they are asked for. */
export interface Tables {
  dataset(node: DatasetNode): number
  view(view: AppliedView): number
  network(network: NetworkNode): number
  stream(stream: StreamValue): number
  memory(memory: MemoryValue): number
}

/** Lowers a program without errors; undefined where a part is missing, which has been reported then. */
export function lowerProgram(host: Host, checked: CheckedProgram): Lowered | undefined {
  const { compilation, step, objective, training, epoch } = checked
  const { program } = compilation
  const {
    epochs,
    batch,
    optimizer,
    schedule,
    remainder = 'keep',
    precision = 'float32',
    clip,
  } = training?.values ?? {}
  if (!program.experiment || !objective || !training || !epoch) return undefined
  if (epochs === undefined || batch === undefined || !optimizer) return undefined
  const seed = compilation.seed ?? 0
  const place = placesOf(host, program.files)
  const { sources, datasets, locations } = datasetTables(host, place)
  const views = table<AppliedView, ViewPlan>(
    (view) =>
      JSON.stringify([view.identity.name, view.identity.at, view.operations, view.normalize, view.output]),
    (view) => ({
      name: view.identity.name,
      operations: view.operations,
      ...(view.normalize && { normalize: view.normalize }),
      output: certain(view.output),
      at: place(view.identity.at),
    }),
  )
  const evaluated = new Set(checked.evaluations.map(({ network, head }) => `${network.name}.${head.name}`))
  const isAwake = (name: string) => !checked.sleepingHeads.has(name) || evaluated.has(name)
  const networks = table<NetworkNode, NetworkPlan>(
    (network) => network.name,
    (network) => lowerNetwork(network, isAwake, seed, place),
  )
  const streams = table<StreamValue, StreamPlan>(
    (stream) => stream.identity?.name ?? '',
    (stream) => ({
      name: stream.identity?.name ?? '',
      dataset: datasets.position(stream.dataset),
      seed: callSeed(seed, 'stream', stream.identity?.name ?? '', 0),
      ...(stream.identity && { at: place(stream.identity.at) }),
    }),
  )
  const memories = table<MemoryValue, MemoryPlan>(
    (memory) => memory.identity?.name ?? '',
    (memory) => ({
      name: memory.identity?.name ?? '',
      op: 'class_means',
      network: networks.position(certain(memory.network)),
      head: certain(memory.head).name,
      over: datasets.position(memory.over),
      views: certain(memory.views).map((view) => views.position(view)),
      every: { value: memory.everyEpochs, unit: 'epoch' },
      classes: memory.over.classes.length,
      size: certain(memory.head?.output?.size),
      seed: callSeed(seed, 'memory', memory.identity?.name ?? '', 0),
      ...(memory.identity && { at: place(memory.identity.at) }),
    }),
  )
  const tables: Tables = {
    dataset: (node) => datasets.position(node),
    view: (view) => views.position(view),
    network: (network) => networks.position(network),
    stream: (stream) => streams.position(stream),
    memory: (memory) => memories.position(memory),
  }

  const lowered = lowerStep(step.nodes, checked.losses, objective, tables, place)
  const evaluations = checked.evaluations.map((evaluation) => lowerEvaluation(evaluation, tables, place))
  const train: TrainPlan = {
    epochs,
    batch,
    ...epoch,
    remainder,
    precision,
    ...(clip !== undefined && { clip }),
    ...(checked.frozen.length > 0 && { freeze: lowerFrozen(checked.frozen, tables) }),
    optimizer: optimizer.optimizer,
    schedule: resolveSchedule(schedule, epochs),
    at: place(training.at),
  }
  const title = program.experiment.node.title
  const plan: Plan = {
    plan: 1,
    language: 1,
    title: title.kind === 'string' ? title.value : '',
    seed,
    params: paramValues(checked, place),
    sources,
    datasets: datasets.entries,
    views: views.entries,
    networks: networks.entries,
    streams: streams.entries,
    memories: memories.entries,
    ...lowered,
    train,
    evaluations,
  }
  return { plan, locations }
}

/** In the order of the Plan's networks, so that the order in which a file names them says nothing. */
function lowerFrozen(frozen: readonly FrozenParts[], tables: Tables): readonly FrozenPlan[] {
  return frozen
    .map(({ network, backbone, heads }) => ({ network: tables.network(network), backbone, heads }))
    .sort((first, second) => first.network - second.network)
}

function lowerNetwork(
  network: NetworkNode,
  isAwake: (head: string) => boolean,
  seed: number,
  place: PlaceOf,
): NetworkPlan {
  const heads = [...network.declarations.keys()].flatMap((name) => {
    const head = isAwake(`${network.name}.${name}`) ? network.heads.get(name) : undefined
    return head ? lowerHead(head, place) : []
  })
  return {
    name: network.name,
    backbone: certain(network.backbone),
    heads,
    classes: network.binding?.dataset.classes.length ?? 0,
    input: network.binding?.input ?? { height: 0, width: 0, channels: 0 },
    seed: callSeed(seed, 'network', network.name, 0),
    at: place(network.at),
  }
}

function lowerHead({ name, layers, output, at }: HeadNode, place: PlaceOf): HeadPlan[] {
  if (!layers || !output) return []
  const known = layers.layers.map(({ layer }) => certain(layer.op === 'unknown' ? undefined : layer))
  return [{ name, layers: known, output: { ...output, size: certain(output.size) }, at: place(at) }]
}

function lowerEvaluation(evaluation: CheckedEvaluation, tables: Tables, place: PlaceOf): EvaluationPlan {
  const { view, best } = evaluation
  const normalize: Normalization | undefined = view.normalize
  return {
    dataset: tables.dataset(evaluation.dataset),
    network: tables.network(evaluation.network),
    head: evaluation.head.name,
    every: { value: evaluation.every, unit: 'epoch' },
    metrics: evaluation.metrics.map((metric) => {
      if (metric.op !== 'shots') return metric
      const groups = metric.groups.map(({ name, rule, from, to }) => ({
        name,
        rule,
        classes: differentReal(metric.of).flatMap((images, position) =>
          images >= from && images <= to ? [position] : [],
        ),
      }))
      return { op: 'shots', of: tables.dataset(metric.of), groups }
    }),
    view: { operations: view.operations, ...(normalize && { normalize }) },
    ...(best && { best: { metric: best, onTestSplit: evaluation.onTestSplit } }),
    at: place(evaluation.at),
  }
}

function paramValues({ compilation }: CheckedProgram, place: PlaceOf): ParamValue[] {
  const params: ParamValue[] = []
  for (const declared of compilation.program.names.values()) {
    const { node, file } = declared
    if (node.kind !== 'param') continue
    const value = declared.values.get('')
    const at = place({ file, span: node.span })
    const entry = { name: declared.name, type: node.type.text, at }
    if (value?.kind === 'number' || value?.kind === 'bool') params.push({ ...entry, value: value.value })
    if (value?.kind === 'choice') params.push({ ...entry, value: value.member })
    if (value?.kind === 'string' || value?.kind === 'path') params.push({ ...entry, value: value.text })
  }
  return params
}
