// What expressions are worth while a file is checked. Params are known by then, so a value is its type and its
// number at once: a head knows how many outputs it has, a dataset how many images a class has.
import type { HeadDeclaration } from '../../grammar/syntax.js'
import type { UnitDimension } from '../../grammar/words.js'
import type { Location } from '../diagnostics/reporter.js'
import type {
  Backbone,
  HeadLayer,
  ImageShape,
  Metric,
  Normalization,
  Optimizer,
  Origin,
  ScheduleFactor,
  SourcePlan,
  ViewOperation,
} from '../plan/plan.js'
import type { ClosedListName, LabelForm, Type } from './type.js'

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
  | StreamValue
  | MemoryValue
  | BranchValue
  | BatchValue
  | PassValue
  | LabelsValue
  | {
      readonly kind: 'origins'
      readonly node: StepNodeDraft
      readonly rows: Rows
      readonly dataset: DatasetNode
    }
  | { readonly kind: 'indices'; readonly node: StepNodeDraft; readonly rows: Rows }
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

/** Scalars while the step is still being collected: nodes and losses by identity, not by position. */
export type DraftScalar =
  | { readonly op: 'number'; readonly value: number }
  | { readonly op: 'time'; readonly name: 'epoch' | 'progress' | 'step' | 'epochs' }
  | { readonly op: 'draft_node'; readonly node: StepNodeDraft }
  | { readonly op: 'draft_loss'; readonly loss: LossIdentity }
  | { readonly op: 'negate' | 'not'; readonly value: DraftScalar }
  | {
      readonly op:
        | 'add'
        | 'subtract'
        | 'multiply'
        | 'divide'
        | 'power'
        | 'less'
        | 'less_equal'
        | 'equal'
        | 'and'
        | 'or'
      readonly left: DraftScalar
      readonly right: DraftScalar
    }
  | {
      readonly op: 'if'
      readonly condition: DraftScalar
      readonly yes: DraftScalar
      readonly no: DraftScalar
    }

/** A declared loss; one object per declaration. */
export interface LossIdentity {
  readonly branch: string
  readonly name: string
  readonly at: Location
}

// ---- data -------------------------------------------------------------------------------------------------

export interface DatasetValue {
  readonly kind: 'dataset'
  readonly dataset: DatasetNode
}

export type DatasetMake =
  | { readonly op: 'source'; readonly source: SourceDraft; readonly origin: Origin }
  | {
      readonly op: 'longtail'
      readonly input: DatasetNode
      readonly profile: 'exp' | 'step'
      readonly factor: number
      readonly counts: readonly number[]
      readonly draw: 'without_replacement' | 'with_replacement' | 'first'
      readonly seed: number
    }
  | {
      readonly op: 'fill'
      readonly base: DatasetNode
      readonly from: DatasetNode
      readonly counts: readonly number[]
      readonly seed: number
    }
  | { readonly op: 'take'; readonly input: DatasetNode; readonly perClass: number; readonly seed: number }
  | { readonly op: 'only'; readonly input: DatasetNode; readonly origin: Origin }
  | {
      readonly op: 'split'
      readonly input: DatasetNode
      readonly share: number
      readonly part: 'first' | 'rest'
      readonly seed: number
    }
  | { readonly op: 'resize'; readonly input: DatasetNode; readonly size: number }

/** A source of the Plan without its digest, and where it lies on this machine. */
export interface SourceDraft {
  readonly plan: DistributiveOmit<SourcePlan, 'content'>
  /** Absolute paths in the order in which the source names them; none for drawn images. */
  readonly locations: readonly string[]
}
type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never

/** A dataset whose classes are counted. */
export interface DatasetNode {
  readonly name: string
  readonly make: DatasetMake
  readonly classes: readonly string[]
  readonly real: readonly number[]
  readonly synthetic: readonly number[]
  readonly image: ImageShape
  readonly split: 'train' | 'test' | undefined
  readonly at: Location
  /** What is in it, for finding images that two datasets share. */
  readonly pieces: readonly Piece[]
}

/** Images of one source, after every choice that two datasets can be told apart by. */
export interface Piece {
  readonly source: string
  readonly origin: Origin
  /** Intervals of seeded permutations that the images were taken from. */
  readonly cuts: readonly { readonly of: string; readonly from: number; readonly to: number }[]
}

// ---- views ------------------------------------------------------------------------------------------------

export interface ViewValue {
  readonly kind: 'view'
  readonly operations: readonly ViewStep[]
  /** The declaration whose draws these are; undefined for a chain that has no name yet. */
  readonly identity: ViewIdentity | undefined
}

export interface ViewIdentity {
  readonly name: string
  readonly at: Location
}

export interface KnownImage {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** Result of one view operation on images of a known shape. */
export interface ViewStepResult {
  readonly operation?: ViewOperation
  readonly normalize?: Normalization
  readonly output: ImageShape
}

/** What is wrong between a view operation and the images it meets. */
export type ViewFault =
  | { readonly fault: 'too_large'; readonly size: number }
  | { readonly fault: 'channels'; readonly needed: number }
  | { readonly fault: 'varied' }

export interface ViewStep {
  readonly name: string
  readonly at: Location
  /** Gives the same image every time. */
  readonly deterministic: boolean
  readonly normalizes: boolean
  apply(input: ImageShape): ViewStepResult | ViewFault
}

// ---- networks ---------------------------------------------------------------------------------------------

export interface BackboneValue {
  readonly kind: 'backbone'
  readonly backbone: Backbone
}

export interface LayersValue {
  readonly kind: 'layers'
  readonly layers: readonly { readonly layer: HeadLayer; readonly at: Location }[]
}

export interface NetworkValue {
  readonly kind: 'network'
  readonly network: NetworkNode
}

export interface HeadNode {
  readonly name: string
  readonly at: Location
  /** Undefined where something is wrong with it. */
  readonly layers: LayersValue | undefined
  readonly output:
    | { readonly kind: 'logits' | 'embedding'; readonly size: number; readonly unitLength: boolean }
    | undefined
}

/** A network and what it is bound to: the first batch that reaches it gives it its classes and its input size. */
export interface NetworkNode {
  readonly name: string
  readonly at: Location
  readonly backbone: Backbone
  /** Heads as they are written, those of a copied network among them. */
  readonly declarations: ReadonlyMap<string, { readonly node: HeadDeclaration; readonly file: string }>
  /** Heads that have been checked. */
  readonly heads: Map<string, HeadNode>
  binding: NetworkBinding | undefined
}

export interface NetworkBinding {
  readonly dataset: DatasetNode
  readonly view: ViewIdentity
  readonly input: KnownImage
  /** The call that brought them. */
  readonly call: Location
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
  readonly network: NetworkNode
  readonly head: HeadNode
  readonly over: DatasetNode
  readonly views: readonly AppliedView[]
  readonly everyEpochs: number
  readonly identity: { readonly name: string; readonly at: Location } | undefined
}

/** A view on images of a known shape. */
export interface AppliedView {
  readonly identity: ViewIdentity
  readonly operations: readonly ViewOperation[]
  readonly normalize: Normalization | undefined
  readonly output: KnownImage
  readonly steps: readonly ViewStep[]
}

/** Which images the rows of a tensor belong to: one stream's batch, or one mix. */
export interface Rows {
  readonly key: string
  /** `stream a`, `the mix blended` */
  readonly name: string
}

export interface BatchValue {
  readonly kind: 'batch'
  readonly node: StepNodeDraft
  readonly rows: Rows
  readonly mixed: boolean
  readonly stream: StreamValue
  readonly view: AppliedView
  readonly dataset: DatasetNode
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
  readonly rows: Rows
  readonly dataset: DatasetNode
}

export interface LogitsValue {
  readonly kind: 'logits'
  readonly node: StepNodeDraft
  readonly classes: number
  readonly rows: Rows
}

export interface EmbeddingValue {
  readonly kind: 'embedding'
  readonly node: StepNodeDraft
  readonly size: number
  readonly unitLength: boolean
  readonly rows: Rows
  readonly view: ViewIdentity
  readonly mixed: boolean
  readonly network: NetworkNode
  readonly head: HeadNode
}

export interface BranchValue {
  readonly kind: 'branch'
  readonly name: string
}

/** A node of the step before positions are given out; one object per node. */
export interface StepNodeDraft {
  readonly make: StepMake
  readonly at: Location
  /** Stands in a branch of an `if` or `match` that this experiment does not take. */
  readonly untaken: boolean
}

export type StepMake =
  | { readonly op: 'batch'; readonly stream: StreamValue; readonly view: AppliedView }
  | {
      readonly op: 'stream_field'
      readonly stream: StreamValue
      readonly field: 'labels' | 'origin' | 'index'
    }
  | {
      readonly op: 'batch_field'
      readonly batch: StepNodeDraft
      readonly field: 'labels' | 'origin' | 'index'
    }
  | {
      readonly op: 'mixup'
      readonly first: StepNodeDraft
      readonly second: StepNodeDraft
      readonly alpha: number
      readonly seed: number
    }
  | {
      readonly op: 'cutmix'
      readonly first: StepNodeDraft
      readonly second: StepNodeDraft
      readonly alpha: number
      readonly target: 'area' | 'drawn'
      readonly seed: number
    }
  | { readonly op: 'forward'; readonly network: NetworkNode; readonly batch: StepNodeDraft }
  | { readonly op: 'head'; readonly pass: StepNodeDraft; readonly head: string }
  | {
      readonly op: 'correct'
      readonly labels: StepNodeDraft
      readonly embeddings: readonly StepNodeDraft[]
      readonly origin: StepNodeDraft
      readonly against: MemoryValue
      readonly onNoise: 'pos_neg' | 'neg_only' | 'drop'
    }
  | {
      readonly op: 'supcon'
      readonly embeddings: readonly StepNodeDraft[]
      readonly labels: StepNodeDraft
      readonly with: MemoryValue | undefined
      readonly temperature: number
    }
  | { readonly op: 'cross_entropy'; readonly logits: StepNodeDraft; readonly labels: StepNodeDraft }
  | { readonly op: 'scalar'; readonly value: DraftScalar }

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
    readonly name: 'many' | 'medium' | 'few'
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
      return { kind: 'batch', classes: value.dataset.classes.length }
    case 'labels':
      return { kind: 'labels', form: value.form, classes: value.dataset.classes.length }
    case 'logits':
      return { kind: 'logits', classes: value.classes }
    case 'embedding':
      return { kind: 'embedding', size: value.size, unitLength: value.unitLength }
    case 'memory':
      return {
        kind: 'prototypes',
        classes: value.over.classes.length,
        size: value.head.output?.size,
      }
    default:
      return { kind: value.kind }
  }
}
