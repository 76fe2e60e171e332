// The training step: the nodes of `Plan.step` in textual order, the objective, its gradients and the update.
import type { Plan, StepNode, StreamPlan } from '../../plan/plan.js'
import type { Tensor } from '../builder.js'
import { Builder } from '../builder.js'
import { differentiate } from '../differentiate.js'
import type { Graph } from '../graph.js'
import { castTo } from '../operations/indexing.js'
import { GraphBug } from '../operations/operation.js'
import { input } from '../operations/sources.js'
import type { Batch } from './batch.js'
import { cutmix, feedImages, mixup } from './batch.js'
import { correctLabels } from './correction.js'
import type { Labels } from './labels.js'
import { traceLoss } from './losses.js'
import { declareMemory } from './memory.js'
import { forward } from './network.js'
import type { WeightGradient } from './optimizer.js'
import { clipGradients, updateWeights } from './optimizer.js'
import type { TraceOptions } from './options.js'
import { defaultNormalization } from './pass.js'
import { traceScalar } from './scalar.js'
import type { VariableTable } from './variables.js'
import { read } from './variables.js'

/** What a node of the step stands for. */
type StepValue =
  | { readonly kind: 'batch'; readonly batch: Batch; readonly stream: number | undefined }
  | { readonly kind: 'pass'; readonly heads: ReadonlyMap<string, Tensor> }
  | { readonly kind: 'tensor'; readonly tensor: Tensor }
  | { readonly kind: 'labels'; readonly labels: Labels }

interface StepTrace {
  readonly plan: Plan
  readonly size: number
  readonly options: TraceOptions
  readonly builder: Builder
  readonly variables: VariableTable
  /** Running statistics as the passes so far have left them. */
  readonly statistics: Map<string, Tensor>
  /** Variables that do not train, as the passes so far have named them. */
  readonly frozen: Set<string>
  readonly values: StepValue[]
}

/**
 * Traces one training step of `size` samples a stream. Inputs and outputs are named as program.ts lists them.
 */
export function traceStep(plan: Plan, size: number, options: TraceOptions, variables: VariableTable): Graph {
  const builder = new Builder()
  const trace: StepTrace = {
    plan,
    size,
    options,
    builder,
    variables,
    statistics: new Map(),
    frozen: new Set(),
    values: [],
  }
  plan.step.forEach((node, position) => {
    builder.at = node.at
    trace.values.push(traceNode(trace, node, position))
  })
  builder.at = undefined

  const lossValue = (position: number): Tensor => {
    const loss = plan.losses[position]
    if (loss === undefined) throw new GraphBug(`there is no loss ${position}`)
    return tensorAt(trace, loss.value)
  }
  plan.losses.forEach((loss, position) => {
    builder.output(`loss:${loss.branch}.${loss.name}`, lossValue(position))
  })
  const objective = traceScalar(plan.objective, {
    builder,
    epochs: plan.train.epochs,
    loss: lossValue,
    node: (position) => tensorAt(trace, position),
  })
  builder.output('loss', objective)
  for (const [variable, value] of trace.statistics) builder.update(variable, value)
  traceUpdate(trace, objective)
  return builder.finish()
}

function traceUpdate(trace: StepTrace, objective: Tensor): void {
  const { plan, builder, variables, options, frozen } = trace
  const weights = variables.all().filter(({ role, name }) => role === 'weight' && !frozen.has(name))
  const slopes = differentiate(
    objective,
    weights.map((weight) => read(builder, weight)),
  )
  const gradients = weights.flatMap((weight, position): WeightGradient[] => {
    const gradient = slopes[position]
    return gradient === undefined ? [] : [{ weight, gradient }]
  })
  if (options.gradients === true) {
    for (const { weight, gradient } of gradients) builder.output(`gradient:${weight.name}`, gradient)
  }
  const rate = input(builder, 'learning_rate', { dtype: 'float32', shape: [] })
  const { clip, optimizer, at } = plan.train
  builder.at = at
  const bounded = clip === undefined ? gradients : clipGradients(gradients, clip)
  updateWeights(builder, variables, optimizer, rate, bounded)
  builder.at = undefined
}

function traceNode(trace: StepTrace, node: StepNode, position: number): StepValue {
  const { plan, builder, options } = trace
  switch (node.op) {
    case 'batch':
      return traceBatch(trace, node.stream, node.view)
    case 'stream_field':
      return streamField(trace, node.stream, node.field)
    case 'batch_field':
      return batchField(trace, node.batch, node.field)
    case 'mixup': {
      const lambda = input(builder, `lambda:${position}`, { dtype: 'float32', shape: [] })
      return {
        kind: 'batch',
        batch: mixup(batchAt(trace, node.first), batchAt(trace, node.second), lambda),
        stream: undefined,
      }
    }
    case 'cutmix': {
      const lambda = input(builder, `lambda:${position}`, { dtype: 'float32', shape: [] })
      const center = input(builder, `center:${position}`, { dtype: 'float32', shape: [2] })
      const [first, second] = [batchAt(trace, node.first), batchAt(trace, node.second)]
      const batch = cutmix(first, second, lambda, center, node.target, options.layout)
      return { kind: 'batch', batch, stream: undefined }
    }
    case 'forward': {
      const network = plan.networks[node.network]
      if (network === undefined) throw new GraphBug(`there is no network ${node.network}`)
      const pass = {
        builder,
        layout: options.layout,
        variables: trace.variables,
        normalization: options.normalization ?? defaultNormalization,
        precision: options.precision ?? plan.train.precision,
        seed: network.seed,
        statistics: trace.statistics,
      }
      const parts = plan.train.freeze?.find((frozen) => frozen.network === node.network)
      const frozen = { parts, variables: trace.frozen }
      return { kind: 'pass', heads: forward(pass, network, batchAt(trace, node.batch).images, frozen) }
    }
    case 'head': {
      const pass = valueAt(trace, node.pass)
      const head = pass.kind === 'pass' ? pass.heads.get(node.head) : undefined
      if (head === undefined) throw new GraphBug(`node ${node.pass} has no head ${node.head}`)
      return { kind: 'tensor', tensor: head }
    }
    case 'correct': {
      const labels = labelsAt(trace, node.labels)
      if (labels.kind !== 'hard') throw new GraphBug('correction needs hard labels')
      const corrected = correctLabels({
        labels: labels.classes,
        embeddings: node.embeddings.map((embedding) => tensorAt(trace, embedding)),
        origin: tensorAt(trace, node.origin),
        prototypes: prototypesAt(trace, node.against),
        onNoise: node.onNoise,
      })
      builder.output(`noise:${position}`, castTo(corrected.noise, 'int32'))
      builder.output(`margin:${position}`, corrected.margin)
      if (options.gradients === true) builder.output(`corrected:${position}`, corrected.labels.classes)
      return { kind: 'labels', labels: corrected.labels }
    }
    case 'scalar': {
      const tensor = traceScalar(node.value, {
        builder,
        epochs: plan.train.epochs,
        loss: (loss) => tensorAt(trace, plan.losses[loss]?.value ?? -1),
        node: (other) => tensorAt(trace, other),
      })
      return { kind: 'tensor', tensor }
    }
    default: {
      const tensor = traceLoss(node, {
        tensor: (other) => tensorAt(trace, other),
        labels: (other) => labelsAt(trace, other),
        prototypes: (memory) => prototypesAt(trace, memory),
      })
      return { kind: 'tensor', tensor }
    }
  }
}

function traceBatch(trace: StepTrace, streamPosition: number, viewPosition: number): StepValue {
  const { plan, size, options, builder } = trace
  const stream = streamAt(plan, streamPosition)
  const view = plan.views[viewPosition]
  if (view === undefined) throw new GraphBug(`there is no view ${viewPosition}`)
  const source = {
    name: `batch:${stream.name}.${view.name}`,
    batch: size,
    ...view.output,
    normalize: view.normalize,
  }
  const images = feedImages(builder, source, options.layout, options.images ?? 'uint8')
  return { kind: 'batch', batch: { images, labels: streamLabels(trace, stream) }, stream: streamPosition }
}

function streamField(trace: StepTrace, position: number, field: 'labels' | 'origin' | 'index'): StepValue {
  const stream = streamAt(trace.plan, position)
  if (field === 'labels') return { kind: 'labels', labels: streamLabels(trace, stream) }
  const tensor = input(trace.builder, `${field}:${stream.name}`, { dtype: 'int32', shape: [trace.size] })
  return { kind: 'tensor', tensor }
}

function batchField(trace: StepTrace, position: number, field: 'labels' | 'origin' | 'index'): StepValue {
  const value = valueAt(trace, position)
  if (value.kind !== 'batch') throw new GraphBug(`node ${position} is no batch`)
  if (field === 'labels') return { kind: 'labels', labels: value.batch.labels }
  if (value.stream === undefined) throw new GraphBug(`a mixed batch has no ${field}`)
  return streamField(trace, value.stream, field)
}

function streamLabels(trace: StepTrace, stream: StreamPlan): Labels {
  const dataset = trace.plan.datasets[stream.dataset]
  if (dataset === undefined) throw new GraphBug(`there is no dataset ${stream.dataset}`)
  const classes = input(trace.builder, `labels:${stream.name}`, { dtype: 'int32', shape: [trace.size] })
  return { kind: 'hard', classes, classCount: dataset.classes.length }
}

function streamAt(plan: Plan, position: number): StreamPlan {
  const stream = plan.streams[position]
  if (stream === undefined) throw new GraphBug(`there is no stream ${position}`)
  return stream
}

/** What a memory holds, [classes, views, size]. */
function prototypesAt({ plan, builder, variables }: StepTrace, position: number): Tensor {
  const memory = plan.memories[position]
  if (memory === undefined) throw new GraphBug(`there is no memory ${position}`)
  return read(builder, declareMemory(variables, memory))
}

function valueAt(trace: StepTrace, position: number): StepValue {
  const value = trace.values[position]
  if (value === undefined) throw new GraphBug(`node ${position} does not stand before its use`)
  return value
}

function batchAt(trace: StepTrace, position: number): Batch {
  const value = valueAt(trace, position)
  if (value.kind !== 'batch') throw new GraphBug(`node ${position} is no batch`)
  return value.batch
}

function labelsAt(trace: StepTrace, position: number): Labels {
  const value = valueAt(trace, position)
  if (value.kind !== 'labels') throw new GraphBug(`node ${position} has no labels`)
  return value.labels
}

function tensorAt(trace: StepTrace, position: number): Tensor {
  const value = valueAt(trace, position)
  if (value.kind !== 'tensor') throw new GraphBug(`node ${position} is no single tensor`)
  return value.tensor
}
