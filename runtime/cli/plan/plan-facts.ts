// What a run would do, as data: what `saurun plan` shows, and what `plan --json` prints.
import type { Program, Variable } from '../../../compiler/graph/graph.js'
import { backboneName, depthOf } from '../../../compiler/plan/backbones.js'
import type {
  Backbone,
  DatasetPlan,
  EvaluationPlan,
  FrozenPlan,
  HeadLayer,
  NetworkPlan,
  NetworkPrecision,
  Plan,
  ScheduleFactor,
} from '../../../compiler/plan/plan.js'
import type { SharedImages } from '../../data/image-keys.js'
import type { ResidentImages } from '../../observe/text/data-sentence.js'
import type { Estimate } from '../../run/session/estimate.js'

export interface PlanFacts {
  readonly title: string
  readonly planHash: string
  readonly params: Readonly<Record<string, string | number | boolean>>
  readonly datasets: readonly DatasetFacts[]
  /** How many images will be in memory, and how many are decoded as they are drawn. */
  readonly data: ResidentImages
  readonly networks: readonly NetworkFacts[]
  readonly step: {
    /** Floating-point operations of one training step, a multiply-add counted as two. */
    readonly flops: number
    /** Bytes of state, feeds and intermediate values at the worst moment, as the graph is ordered. */
    readonly peakBytes: number
    /** Images that a step takes from the views. */
    readonly imagesPerStep: number
    readonly passes: number
    readonly batch: number
    /** Operations of the optimized graph. */
    readonly nodes: number
  }
  readonly training: {
    readonly epochs: number
    readonly stepsPerEpoch: number
    /** Streams, the longest first: an epoch is one pass of that one. */
    readonly streams: readonly StreamFacts[]
    readonly steps: number
    readonly lastBatch: number
    readonly optimizer: string
    readonly schedule: string
    readonly precision: NetworkPrecision
    readonly seed: number
    readonly losses: readonly string[]
  }
  readonly evaluations: readonly EvaluationFacts[]
  readonly disk: {
    readonly checkpointBytes: number
    readonly checkpoints: number
    readonly totalBytes: number
  }
}

export interface StreamFacts {
  readonly name: string
  readonly dataset: string
  readonly images: number
}

export interface DatasetFacts {
  readonly name: string
  /** What the experiment does with it. */
  readonly uses: readonly string[]
  readonly split: 'train' | 'test' | undefined
  readonly image: string
  readonly real: number
  /** Of these, how many are different images: fewer where some were drawn again. */
  readonly different: number
  readonly synthetic: number
  readonly classes: readonly { readonly name: string; readonly real: number; readonly synthetic: number }[]
}

export interface NetworkFacts {
  readonly name: string
  readonly backbone: string
  readonly depth: number
  readonly width: number
  readonly input: string
  readonly classes: number
  readonly parameters: number
  /** Of these, how many a step changes, and what the file freezes: `stem`, `stage1`, ..., names of heads. */
  readonly trainedParameters: number
  readonly frozen: readonly string[]
  readonly heads: readonly { readonly name: string; readonly layers: string; readonly parameters: number }[]
}

export interface EvaluationFacts {
  readonly dataset: string
  readonly split: 'train' | 'test' | undefined
  readonly images: number
  /** Classes that it has no image of, and that are not measured. */
  readonly lacking: readonly string[]
  /** How many of them are trained on too, under other names or in other files (SAU6020). */
  readonly trainedOn: number
  readonly head: string
  readonly everyEpochs: number
  readonly metrics: readonly string[]
  /** Who chooses the best epoch. */
  readonly best: { readonly metric: string; readonly onTestSplit: boolean } | undefined
  readonly groups: readonly {
    readonly name: string
    readonly rule: string
    readonly countedOn: string
    readonly classes: number
  }[]
}

/**
 * @param cost the runner's estimate for the same plan and program
 * @param data what of its data a run will hold in memory
 * @param shared images that are evaluated and trained on
 * @param different how many different real images each dataset of the plan has
 */
export function planFacts(
  plan: Plan,
  planHash: string,
  program: Program,
  cost: Estimate,
  data: ResidentImages,
  shared: readonly SharedImages[],
  different: readonly number[],
): PlanFacts {
  const { train } = plan
  return {
    title: plan.title,
    planHash,
    params: Object.fromEntries(plan.params.map(({ name, value }) => [name, value])),
    datasets: usedDatasets(plan, different),
    data,
    networks: plan.networks.map((network, position) =>
      networkFacts(
        network,
        program,
        plan.train.freeze?.find((still) => still.network === position),
      ),
    ),
    step: {
      flops: cost.flopsPerStep,
      peakBytes: cost.stepBytes + cost.stateBytes,
      imagesPerStep: cost.imagesPerStep,
      passes: plan.step.filter((node) => node.op === 'forward').length,
      batch: train.batch,
      nodes: program.entries.train?.nodes.length ?? 0,
    },
    training: {
      epochs: train.epochs,
      stepsPerEpoch: train.stepsPerEpoch,
      streams: streamFacts(plan),
      steps: cost.steps,
      lastBatch: train.lastBatch,
      optimizer: optimizerText(plan),
      schedule: scheduleText(plan),
      precision: train.precision,
      seed: plan.seed,
      losses: plan.losses.map(({ branch, name }) => `${branch}.${name}`),
    },
    evaluations: plan.evaluations.map((evaluation) => evaluationFacts(evaluation, plan, shared)),
    disk: {
      checkpointBytes: cost.checkpointBytes,
      checkpoints: cost.checkpoints,
      totalBytes: cost.diskBytes,
    },
  }
}

function streamFacts({ streams, datasets }: Plan): readonly StreamFacts[] {
  return streams
    .map(({ name, dataset }) => {
      const { name: from = '', real = [], synthetic = [] } = datasets[dataset] ?? {}
      return { name, dataset: from, images: [...real, ...synthetic].reduce((sum, count) => sum + count, 0) }
    })
    .sort((a, b) => b.images - a.images)
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** Datasets that streams, memories and evaluations read, each with all that reads it. */
function usedDatasets(plan: Plan, different: readonly number[]): readonly DatasetFacts[] {
  const uses = new Map<number, string[]>()
  const use = (dataset: number, what: string): void => {
    uses.set(dataset, [...(uses.get(dataset) ?? []), what])
  }
  for (const stream of plan.streams) use(stream.dataset, `stream ${stream.name}`)
  for (const memory of plan.memories) use(memory.over, `memory ${memory.name}`)
  for (const evaluation of plan.evaluations) use(evaluation.dataset, 'evaluated')
  return [...uses].flatMap(([position, what]) => {
    const dataset = plan.datasets[position]
    return dataset === undefined ? [] : [datasetFacts(dataset, what, different[position])]
  })
}

function datasetFacts(
  dataset: DatasetPlan,
  uses: readonly string[],
  different: number | undefined,
): DatasetFacts {
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
  return {
    name: dataset.name,
    uses,
    split: dataset.split,
    image: dataset.image === 'varied' ? 'varied' : shapeText(dataset.image),
    real: sum(dataset.real),
    different: different ?? sum(dataset.real),
    synthetic: sum(dataset.synthetic),
    classes: dataset.classes.map((name, c) => ({
      name,
      real: dataset.real[c] ?? 0,
      synthetic: dataset.synthetic[c] ?? 0,
    })),
  }
}

function shapeText(shape: {
  readonly height: number
  readonly width: number
  readonly channels: number
}): string {
  return `${shape.height} x ${shape.width} x ${shape.channels}`
}

function networkFacts(network: NetworkPlan, program: Program, still: FrozenPlan | undefined): NetworkFacts {
  const weights = program.variables.filter((variable) => variable.role === 'weight')
  const updated = new Set(program.entries.train?.updates.map(({ variable }) => variable))
  const count = (prefix: string, counts: (variable: Variable) => boolean = () => true): number =>
    weights
      .filter((variable) => variable.name.startsWith(`${prefix}.`) && counts(variable))
      .reduce((sum, variable) => sum + elements(variable.type.shape), 0)
  const { backbone } = network
  const parameters = count(network.name)
  return {
    name: network.name,
    backbone: backboneText(backbone),
    depth: depthOf(backbone),
    width: backbone.width,
    input: shapeText(network.input),
    classes: network.classes,
    parameters,
    trainedParameters: count(network.name, ({ name }) => updated.has(name)),
    frozen: [...(still?.backbone ?? []), ...(still?.heads ?? [])],
    heads: network.heads.map((head) => ({
      name: head.name,
      layers: head.layers.map(layerText).join(' |> '),
      parameters: count(`${network.name}.${head.name}`),
    })),
  }
}

function backboneText(backbone: Backbone): string {
  const blocks = `blocks ${backbone.blocks.join('-')}`
  if (backbone.op === 'cifar_resnet') return `${backbone.op}, ${blocks}, shortcut ${backbone.shortcut}`
  const { block, stem, pool } = backbone
  const kind =
    block.kind === 'bottleneck' && block.groups > 1
      ? `, ${block.groups} groups of ${block.middle / block.groups}`
      : ''
  return `${backboneName(backbone)}, ${blocks}${kind}, stem ${stem}, pool ${pool}`
}

function layerText(layer: HeadLayer): string {
  switch (layer.op) {
    case 'linear':
      return `linear(${layer.size}${layer.bias ? '' : ', bias: false'})`
    case 'cosine':
      return `cosine(${layer.size}, scale: ${layer.scale})`
    case 'mlp':
      return `mlp(${layer.sizes.join(', ')}, norm: ${layer.norm})`
    case 'l2_normalize':
      return 'l2_normalize'
  }
}

function optimizerText({ train: { optimizer } }: Plan): string {
  switch (optimizer.op) {
    case 'sgd':
      return `sgd, rate ${optimizer.rate}, momentum ${optimizer.momentum}${optimizer.nesterov ? ' (nesterov)' : ''}, weight decay ${optimizer.weightDecay}`
    case 'adam':
    case 'adamw':
      return `${optimizer.op}, rate ${optimizer.rate}, betas ${optimizer.beta1} and ${optimizer.beta2}, weight decay ${optimizer.weightDecay}`
  }
}

function scheduleText({ train: { schedule } }: Plan): string {
  const text = schedule.factors.length === 0 ? 'constant' : schedule.factors.map(factorText).join(', ')
  return schedule.per === 'step' ? `${text}, per step` : text
}

function factorText(factor: ScheduleFactor): string {
  switch (factor.op) {
    case 'constant':
    case 'cosine':
    case 'linear':
      return factor.op
    case 'multistep':
      return `x ${factor.gamma} after epochs ${factor.at.join(', ')}`
    case 'warmup':
      return `warm-up over ${factor.epochs} epochs`
  }
}

function evaluationFacts(
  evaluation: EvaluationPlan,
  plan: Plan,
  shared: readonly SharedImages[],
): EvaluationFacts {
  const dataset = plan.datasets[evaluation.dataset]
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
  return {
    dataset: dataset?.name ?? '',
    split: dataset?.split,
    images: dataset === undefined ? 0 : sum(dataset.real) + sum(dataset.synthetic),
    lacking:
      dataset?.classes.filter((_, c) => (dataset.real[c] ?? 0) + (dataset.synthetic[c] ?? 0) === 0) ?? [],
    trainedOn: shared.find((of) => of.dataset === dataset?.name)?.shared ?? 0,
    head: `${plan.networks[evaluation.network]?.name ?? ''}.${evaluation.head}`,
    everyEpochs: evaluation.every.value,
    metrics: evaluation.metrics.map((metric) => metric.op),
    best: evaluation.best,
    groups: evaluation.metrics.flatMap((metric) =>
      metric.op !== 'shots'
        ? []
        : metric.groups.map((group) => ({
            name: group.name,
            rule: group.rule,
            countedOn: plan.datasets[metric.of]?.name ?? '',
            classes: group.classes.length,
          })),
    ),
  }
}
