// Errors that a user can cause while a run is prepared or running. Whatever else is thrown is a bug.

/** Exit codes of every command (docs/exit-codes.md). */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  doesNotCompile: 3,
  dataCheckFailed: 4,
  outOfMemory: 5,
  diverged: 6,
  someSweepRunsFailed: 7,
  stoppedWithCheckpoint: 75,
  /** Ended by SIGINT or by SIGTERM. */
  interrupted: 130,
  terminated: 143,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** A sentence with a code, a fix and the exit code it leads to. Shown without a stack trace. */
export class RunError extends Error {
  override readonly name = 'RunError'
  constructor(
    /** `SAU7103`; has a page in docs/diagnostics. */
    readonly code: string,
    message: string,
    readonly help: string | undefined,
    readonly exitCode: ExitCode,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
