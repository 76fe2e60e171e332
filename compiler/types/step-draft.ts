// The step while it is still being collected: nodes and losses by identity, not by position.
import type { Location } from '../diagnostics/reporter.js'
import type { Scalar } from '../plan/scalar.js'
import { lossesRead, nodesRead, type StepLevel, type StepOperation } from '../plan/step-operations.js'
import type { NetworkNode } from './network-node.js'
import type { MemoryValue, StreamValue } from './value.js'
import type { AppliedView } from './view-step.js'

/** What stands in a node for what it refers to. */
export interface StepDraft extends StepLevel<StepNodeDraft, LossIdentity> {
  readonly stream: StreamValue
  readonly view: AppliedView
  readonly network: NetworkNode
  readonly memory: MemoryValue
}

export type DraftScalar = Scalar<StepNodeDraft, LossIdentity>

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
  | StepOperation<StepDraft>
  /** Made by something wrong, which has been reported, from the nodes that are right. */
  | { readonly op: 'unknown'; readonly inputs: readonly StepNodeDraft[] }

/** Nodes that a node reads, in the order in which they are written. */
export function inputsOf({ make }: StepNodeDraft): readonly StepNodeDraft[] {
  return make.op === 'unknown' ? make.inputs : nodesRead(make)
}

/** Losses that a node reads in its arithmetic. */
export function lossesOf({ make }: StepNodeDraft): readonly LossIdentity[] {
  return make.op === 'unknown' ? [] : lossesRead(make)
}
