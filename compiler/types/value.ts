// What expressions are worth while a file is checked. Params are known by then, so a value is its type and
// its number at once: a head knows how many outputs it has, a dataset how many images a class has.
import type { UnitDimension } from '../../grammar/words.js'
import type { Location } from '../diagnostics/reporter.js'
import type { GroupMetric } from '../plan/metric-table.js'
import type { Backbone, HeadLayer, Metric, Optimizer, ScheduleFactor } from '../plan/plan.js'
import { classCountOf, type DatasetNode } from './dataset-node.js'
import type { HeadNode, NetworkNode } from './network-node.js'
import type { DraftScalar, Rows, StepNodeDraft } from './step-draft.js'
import type { ClosedListName, LabelForm, Type } from './type.js'
import type { AppliedView, ViewIdentity, ViewStep } from './view-step.js'

export type Value =
  | ErrorValue
  | NumberValue
  | { readonly kind: 'bool'; readonly value: boolean; readonly from?: Origination }
  | StringValue
  | PathValue
  | {
      readonly kind: 'choice'
      readonly list: ClosedListName
      readonly member: string
      readonly from?: Origination
    }
  | RangeValue
  | BoundValue
  | ListValue
  | ScalarValue
  | { readonly kind: 'share_of_gap'; readonly share: number }
  | DatasetValue
  | ViewValue
  | LayersValue
  | BackboneValue
  | ScheduleValue
  | { readonly kind: 'optimizer'; readonly optimizer: Optimizer }
  | MetricValue
  | NetworkValue
  | HeadValue
  | PartValue
  | StreamValue
  | MemoryValue
  | BranchValue
  | BatchValue
  | PassValue
  | LabelsValue
  | {
      readonly kind: 'origins'
      readonly node: StepNodeDraft
      readonly rows: Rows | undefined
      readonly dataset: DatasetNode
    }
  | { readonly kind: 'indices'; readonly node: StepNodeDraft; readonly rows: Rows | undefined }
  | LogitsValue
  | EmbeddingValue

/** Something is wrong with the expression, and it has been reported. */
export interface ErrorValue {
  readonly kind: 'error'
}
export const errorValue: ErrorValue = { kind: 'error' }

/** The declaration that a plain value came from, shown beside the place where it does not fit. */
export interface Origination {
  readonly name: string
  readonly at: Location
  /** Params that it was computed from. */
  readonly params: readonly string[]
}

export interface NumberValue {
  readonly kind: 'number'
  readonly value: number
  readonly unit?: { readonly name: string; readonly of: UnitDimension; readonly size: number }
  readonly from?: Origination
}

export interface StringValue {
  readonly kind: 'string'
  readonly text: string
  /** The absolute folder that it is relative to if it is used as a path. */
  readonly folder: string
  readonly from?: Origination
}

export interface PathValue {
  readonly kind: 'path'
  /** As written, with `/` between parts. */
  readonly text: string
  readonly absolute: string
  /** Params that it was put together from, for `--set data=DIR`. */
  readonly params: readonly string[]
  readonly from?: Origination
}

export interface RangeValue {
  readonly kind: 'range'
  readonly from: number
  readonly to: number
}

export interface BoundValue {
  readonly kind: 'bound'
  readonly operator: '<' | '<=' | '>' | '>='
  readonly value: number
}

export interface ListValue {
  readonly kind: 'list'
  readonly items: readonly { readonly value: Value; readonly at: Location }[]
}

/** A number of the step: of time, of losses, or of both. */
export interface ScalarValue {
  readonly kind: 'scalar'
  readonly scalar: DraftScalar
  /** Whether a loss is in it. */
  readonly loss: boolean
  /** True for comparisons and their combinations. */
  readonly condition: boolean
}

// ---- data -------------------------------------------------------------------------------------------------

export interface DatasetValue {
  readonly kind: 'dataset'
  readonly dataset: DatasetNode
}

// ---- views ------------------------------------------------------------------------------------------------

export interface ViewValue {
  readonly kind: 'view'
  readonly operations: readonly ViewStep[]
  /** The declaration whose draws these are; undefined for a chain that has no name yet. */
  readonly identity: ViewIdentity | undefined
}

// ---- networks ---------------------------------------------------------------------------------------------

export interface BackboneValue {
  readonly kind: 'backbone'
  /** Undefined where it is wrong. */
  readonly backbone: Backbone | undefined
}

export interface LayersValue {
  readonly kind: 'layers'
  readonly layers: readonly { readonly layer: HeadLayer | UnknownLayer; readonly at: Location }[]
}

/** A layer with a wrong argument, or, without `like`, one that is no layer at all. */
export interface UnknownLayer {
  readonly op: 'unknown'
  readonly like: HeadLayer['op'] | undefined
}

export interface NetworkValue {
  readonly kind: 'network'
  readonly network: NetworkNode
}

/** `net.logits` without a call. */
export interface HeadValue {
  readonly kind: 'head'
  readonly network: NetworkNode
  readonly head: HeadNode
}

// ---- the step ---------------------------------------------------------------------------------------------

export interface StreamValue {
  readonly kind: 'stream'
  readonly dataset: DatasetNode
  /** Undefined until a declaration gives it a name. */
  readonly identity: { readonly name: string; readonly at: Location } | undefined
}

export interface MemoryValue {
  readonly kind: 'memory'
  /** Undefined, as head and views, where the argument is wrong. */
  readonly network: NetworkNode | undefined
  readonly head: HeadNode | undefined
  readonly over: DatasetNode
  readonly views: readonly AppliedView[] | undefined
  readonly everyEpochs: number
  readonly identity: { readonly name: string; readonly at: Location } | undefined
}

export interface BatchValue {
  readonly kind: 'batch'
  readonly node: StepNodeDraft
  /** Undefined here and below where the batch is wrong. */
  readonly rows: Rows | undefined
  readonly mixed: boolean
  readonly stream: StreamValue
  readonly view: AppliedView
  readonly dataset: DatasetNode
}

/** A part of a network, as `freeze` names it. */
export interface PartValue {
  readonly kind: 'part'
  readonly network: NetworkNode
  /** The whole backbone, its stem or a stage of it; or a head. */
  readonly part: { readonly kind: 'backbone' | 'head'; readonly name: string }
  /** Where it is named, and where it is declared. */
  readonly at: Location
  readonly declared: Location
}

export interface PassValue {
  readonly kind: 'pass'
  readonly node: StepNodeDraft
  readonly network: NetworkNode
  readonly batch: BatchValue
}

export interface LabelsValue {
  readonly kind: 'labels'
  readonly node: StepNodeDraft
  readonly form: LabelForm
  readonly rows: Rows | undefined
  readonly dataset: DatasetNode
}

export interface LogitsValue {
  readonly kind: 'logits'
  readonly node: StepNodeDraft
  readonly classes: number | undefined
  readonly rows: Rows | undefined
}

export interface EmbeddingValue {
  readonly kind: 'embedding'
  readonly node: StepNodeDraft
  readonly size: number | undefined
  readonly unitLength: boolean
  readonly rows: Rows | undefined
  readonly view: ViewIdentity | undefined
  readonly mixed: boolean
  readonly network: NetworkNode
  readonly head: HeadNode
}

export interface BranchValue {
  readonly kind: 'branch'
  readonly name: string
}

// ---- training ---------------------------------------------------------------------------------------------

/** Factors of the learning rate; shares of the run become epochs once the run's length is known. */
export interface ScheduleValue {
  readonly kind: 'schedule'
  readonly factors: readonly ScheduleDraft[]
  readonly per: 'epoch' | 'step'
}

export type ScheduleDraft =
  | Exclude<ScheduleFactor, { readonly op: 'multistep' }>
  | {
      readonly op: 'multistep'
      readonly at: readonly number[]
      readonly gamma: number
      readonly location: Location
    }

export interface MetricValue {
  readonly kind: 'metric'
  readonly metric: Exclude<Metric, { readonly op: 'shots' }> | ShotsDraft
}

export interface ShotsDraft {
  readonly op: 'shots'
  readonly of: DatasetNode | undefined
  readonly groups: readonly {
    readonly name: GroupMetric
    readonly rule: string
    readonly from: number
    readonly to: number
  }[]
  readonly at: Location
}

/** The type of a value. */
export function typeOf(value: Value): Type {
  switch (value.kind) {
    case 'number':
      return value.unit
        ? { kind: 'quantity', of: value.unit.of }
        : { kind: Number.isInteger(value.value) ? 'int' : 'float' }
    case 'choice':
      return { kind: 'choice', list: value.list }
    case 'range':
      return { kind: 'range', of: { kind: 'float' } }
    case 'list': {
      const first = value.items[0]
      return { kind: 'list', of: first ? typeOf(first.value) : { kind: 'error' } }
    }
    case 'scalar':
      return { kind: value.loss ? 'loss' : 'scalar' }
    case 'batch':
      return { kind: 'batch', classes: classCountOf(value.dataset) }
    case 'labels':
      return { kind: 'labels', form: value.form, classes: classCountOf(value.dataset) }
    case 'logits':
      return { kind: 'logits', classes: value.classes }
    case 'embedding':
      return { kind: 'embedding', size: value.size, unitLength: value.unitLength }
    case 'memory':
      return {
        kind: 'prototypes',
        classes: classCountOf(value.over),
        size: value.head?.output?.size,
      }
    default:
      return { kind: value.kind }
  }
}
