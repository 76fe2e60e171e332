// What a child process sends its parent instead of an answer.
import type { ExitCode } from '../../platform/errors.js'

/** A training process sends it when it must not touch the run's journal. */
export interface RefusalMessage {
  readonly refused: {
    readonly code: string
    readonly message: string
    readonly help: string | undefined
    readonly exitCode: ExitCode
  }
}
