// View operations, and views on images of a known shape.
import type { Location } from '../diagnostics/reporter.js'
import type { ImageShape, Normalization, ViewOperation } from '../plan/plan.js'

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
export type ViewFault = (
  | { readonly fault: 'too_large'; readonly size: number }
  | { readonly fault: 'channels'; readonly needed: number }
  | { readonly fault: 'varied' }
  /** The operation itself is wrong, which has been reported. */
  | { readonly fault: 'unknown' }
) & {
  /** The image that the rest of the view meets, where it is certain all the same. */
  readonly output: ImageShape | undefined
}

export interface ViewStep {
  readonly name: string
  readonly at: Location
  /** Gives the same image every time. */
  readonly deterministic: boolean
  readonly normalizes: boolean
  apply(input: ImageShape): ViewStepResult | ViewFault
}

/** A view on images of a known shape. */
export interface AppliedView {
  readonly identity: ViewIdentity
  readonly operations: readonly ViewOperation[]
  readonly normalize: Normalization | undefined
  /** Undefined where an operation is wrong. */
  readonly output: KnownImage | undefined
  readonly steps: readonly ViewStep[]
  /** Every operation is known; false only where an error was reported. */
  readonly certain: boolean
}
