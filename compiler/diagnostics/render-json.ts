// Diagnostics as data, for editors, scripts and `--format json`.
import { type LineIndex, lineIndex } from '../../grammar/line-index.js'
import type { Diagnostic } from './diagnostic.js'

/**
 * A place in 1-based lines and columns (UTF-16 units) as well as offsets; `end` is the first place behind it.
 */
export interface JsonPlace {
  readonly file: string
  readonly start: { readonly offset: number; readonly line: number; readonly column: number }
  readonly end: { readonly offset: number; readonly line: number; readonly column: number }
}

export interface JsonDiagnostic {
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly about: 'program' | 'data' | 'setting'
  readonly title: string
  /** The first one is where the problem is. */
  readonly labels: readonly (JsonPlace & { readonly text: string })[]
  readonly help: string | null
  readonly fix: (JsonPlace & { readonly title: string; readonly replacement: string }) | null
}

/** Diagnostics that are handed to a program of one compilation. */
export const mostAsData = 1000

/** Diagnostics with their places in lines and columns, the first `mostAsData` of them. */
export function renderJson(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  showPath: (path: string) => string = (path) => path,
): readonly JsonDiagnostic[] {
  const tables = new Map<string, LineIndex>()
  const place = (file: string, span: { readonly start: number; readonly end: number }): JsonPlace => {
    const table = tables.get(file) ?? lineIndex(sources.get(file) ?? '')
    tables.set(file, table)
    const position = (offset: number) => ({ offset, ...table.position(offset) })
    return { file: showPath(file), start: position(span.start), end: position(span.end) }
  }
  return diagnostics.slice(0, mostAsData).map((diagnostic) => ({
    code: diagnostic.code,
    severity: diagnostic.severity,
    about: diagnostic.about,
    title: diagnostic.title,
    labels: diagnostic.labels.map((label) => ({ ...place(label.file, label.span), text: label.text })),
    help: diagnostic.help ?? null,
    fix: diagnostic.fix
      ? {
          ...place(diagnostic.fix.file, diagnostic.fix.span),
          title: diagnostic.fix.title,
          replacement: diagnostic.fix.replacement,
        }
      : null,
  }))
}
