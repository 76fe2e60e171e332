// Collects the diagnostics of one compilation.
import type { Span } from '../../grammar/syntax.js'
import { type Code, catalogEntry, type Gaps, isOfForm } from './catalog.js'
import type { Diagnostic, Fix, Label } from './diagnostic.js'

/** A stretch of one source file. */
export interface Location {
  readonly file: string
  readonly span: Span
}

export function labelled(location: Location, text = ''): Label {
  return { file: location.file, span: location.span, text }
}

export interface Report<C extends Code> {
  /** A value for every gap of the title and of the help. */
  readonly gaps: Readonly<Record<Gaps<C>, string | number>>
  /** The primary place first. */
  readonly labels: readonly Label[]
  /** Help of this one case, instead of the catalogue's. */
  readonly help?: string | undefined
  readonly fix?: Fix | undefined
}

export interface Reporter {
  report<C extends Code>(code: C, report: Report<C>): void
  /**
   * Reports inside `body` count only if they are about names and types, for a branch that this experiment
   * does not take.
   */
  untaken<T>(body: () => T): T
  /** Reports inside `body` count in full, whoever asked for it: a declaration is checked for itself. */
  afresh<T>(body: () => T): T
  /** Whether something was reported under a code. */
  has(code: Code): boolean
  /** Whether part of the file could not be read, so that nobody knows what it uses. */
  readonly hasSyntaxErrors: boolean
  /** Whether what is being checked belongs to a branch that is not taken. */
  readonly inUntaken: boolean
  /**
   * All reports, each once, errors of the file before errors of settings before warnings, in textual order.
   */
  finish(order: ReadonlyMap<string, number>): readonly Diagnostic[]
}

/** A sentence that quotes a megabyte of the file is no sentence. */
function shorten<Text extends string | undefined>(text: Text): Text | string {
  return text !== undefined && text.length > longestSentence ? `${text.slice(0, longestSentence)}...` : text
}

/** Letters. */
const longestSentence = 4000

export function createReporter(): Reporter {
  const found = new Map<string, Diagnostic>()
  const codes = new Set<Code>()
  let hasSyntaxErrors = false
  let untaken = 0
  const during = <T>(begin: () => void, body: () => T, end: () => void): T => {
    begin()
    try {
      return body()
    } finally {
      end()
    }
  }
  return {
    report(code, { gaps, labels, help, fix }) {
      const entry = catalogEntry(code)
      if (untaken > 0 && entry.independentOfValues !== true) return
      const primary = labels[0]
      const diagnostic: Diagnostic = {
        code,
        severity: entry.severity,
        about: entry.about,
        title: shorten(entry.title.fill(gaps)),
        labels,
        help: shorten(help ?? entry.help?.fill(gaps)),
        fix,
      }
      const key = `${code} ${primary?.file} ${primary?.span.start} ${primary?.span.end} ${primary ? '' : diagnostic.title}`
      if (found.has(key)) return
      found.set(key, diagnostic)
      codes.add(code)
      hasSyntaxErrors ||= isOfForm(code)
    },
    untaken: (body) =>
      during(
        () => untaken++,
        body,
        () => untaken--,
      ),
    afresh(body) {
      const outer = untaken
      return during(
        () => {
          untaken = 0
        },
        body,
        () => {
          untaken = outer
        },
      )
    },
    has: (code) => codes.has(code),
    get hasSyntaxErrors() {
      return hasSyntaxErrors
    },
    get inUntaken() {
      return untaken > 0
    },
    finish(order) {
      const rank = (diagnostic: Diagnostic) =>
        diagnostic.severity === 'warning' ? 2 : diagnostic.about === 'setting' ? 1 : 0
      const fileOf = (diagnostic: Diagnostic) => order.get(diagnostic.labels[0]?.file ?? '') ?? order.size
      const startOf = (diagnostic: Diagnostic) => diagnostic.labels[0]?.span.start ?? 0
      return [...found.values()].sort(
        (a, b) =>
          rank(a) - rank(b) ||
          fileOf(a) - fileOf(b) ||
          startOf(a) - startOf(b) ||
          a.code.localeCompare(b.code),
      )
    },
  }
}
