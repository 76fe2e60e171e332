// What the main thread and a worker of the views say to each other.
import type { ExitCode } from '../../platform/errors.js'
import type { RenderInput, RenderJob } from './render.js'

/** `workerData` of the thread. */
export interface WorkerInput {
  readonly render: RenderInput
}

export interface WorkerRequest {
  readonly number: number
  readonly job: RenderJob
  /** Where the images go, from the first byte on. */
  readonly target: SharedArrayBuffer
}

export type WorkerAnswer =
  | { readonly number: number; readonly outcome: 'done' }
  /** A RunError, which does not survive the way between threads as such. */
  | {
      readonly number: number
      readonly outcome: 'refused'
      readonly code: string
      readonly message: string
      readonly help: string | undefined
      readonly exitCode: ExitCode
    }
  | { readonly number: number; readonly outcome: 'broken'; readonly message: string; readonly stack: string }
