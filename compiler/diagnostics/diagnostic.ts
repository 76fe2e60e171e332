// A diagnostic: facts of one problem, apart from how they are shown.
import type { Span } from '../../grammar/syntax.js'

export type Severity = 'error' | 'warning'

/** A place that a diagnostic marks. The first label of a diagnostic is the primary one. */
export interface Label {
  /** Absolute path of the file, a key of the compilation's sources. */
  readonly file: string
  readonly span: Span
  /** A few words beside the mark; may be empty. */
  readonly text: string
}

/** A replacement that mends the problem, for editors and for `help`. */
export interface Fix {
  readonly title: string
  readonly file: string
  readonly span: Span
  readonly replacement: string
}

export interface Diagnostic {
  /** `SAU3102`; stable, has a page in docs/diagnostics. */
  readonly code: string
  readonly severity: Severity
  readonly title: string
  readonly labels: readonly Label[]
  /** What to do about it, in one sentence. */
  readonly help: string | undefined
  readonly fix: Fix | undefined
  /**
   * `data` where the file is right and the data is not (exit 4 if all errors are), `program` otherwise (exit
   * 3).
   */
  readonly about: 'program' | 'data' | 'setting'
}
