// The step while it is still being collected: nodes and losses by identity, not by position.
import type { Location } from '../diagnostics/reporter.js'
import type { NetworkNode } from './network-node.js'
import type { MemoryValue, StreamValue } from './value.js'
import type { AppliedView } from './view-step.js'

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

/** Which images the rows of a tensor belong to: one stream's batch, or one mix. */
export interface Rows {
  readonly key: string
  /** `stream a`, `the mix blended` */
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
  /** Made by something wrong, which has been reported, from the nodes that are right. */
  | { readonly op: 'unknown'; readonly inputs: readonly StepNodeDraft[] }
