// YAML with places: the data of a file, and the span of every key and value in its text.
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseDocument } from 'yaml'
import type { Span } from '../../grammar/syntax.js'

/** A way into data: names of fields, positions in lists. */
export type DataPath = readonly (string | number)[]

export interface YamlProblem {
  /** In a few words, small letters, no full stop. */
  readonly fault: string
  readonly span: Span
}

export interface YamlDocument {
  readonly data: unknown
  readonly problems: readonly YamlProblem[]
  /** Where the value at a path is written; the nearest place around it where it is not. */
  valueSpan(path: DataPath): Span
  /** Where the key that ends a path is written; for an item of a list, the item. */
  keySpan(path: DataPath): Span
  /** The scalar at a path as it is written, quotes included; empty where there is none. */
  written(path: DataPath): string
}

/** Reads one YAML 1.2 document. Never throws: a wrong text gives problems and no data. */
export function readYaml(text: string): YamlDocument {
  const document = parseDocument(text, { prettyErrors: false, strict: true })
  const problems: YamlProblem[] = document.errors.map(({ code, message, pos: [start, end] }) => ({
    fault: faults[code] ?? plainFault(message),
    span: within(text, { start, end: Math.max(end, start + 1) }),
  }))
  let data: unknown
  if (problems.length === 0) {
    try {
      data = document.toJS({ maxAliasCount: 100 })
    } catch (error) {
      const fault = error instanceof Error ? plainFault(error.message) : 'it cannot be resolved'
      problems.push({ fault, span: within(text, { start: 0, end: text.length }) })
    }
  }
  return {
    data,
    problems,
    valueSpan: (path) => trimmed(text, spanOf(find(document, path).value)),
    keySpan(path) {
      const { key, value } = find(document, path)
      return trimmed(text, spanOf(key ?? value))
    },
    written(path) {
      const { value, isExact } = find(document, path)
      const { start, end } = spanOf(value)
      return isExact && isScalar(value) ? text.slice(start, end) : ''
    },
  }
}

const faults: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'a map has this key twice',
  MULTIPLE_DOCS: 'a sweep file is one document',
  TAB_AS_INDENT: 'tabs cannot indent',
}

function plainFault(message: string): string {
  const line = message.split('\n')[0] ?? message
  return `${line.charAt(0).toLowerCase()}${line.slice(1)}`.replace(/\.$/, '')
}

interface Found {
  readonly key: Node | undefined
  readonly value: Node | undefined
  /** Whether the whole path is there. */
  readonly isExact: boolean
}

function find(document: Document.Parsed, path: DataPath): Found {
  let key: Node | undefined
  let value: Node | undefined = document.contents ?? undefined
  for (const part of path) {
    const inside: Node | undefined = isAlias(value) ? value.resolve(document) : value
    const step = isMap(inside)
      ? inMap(inside.items, String(part))
      : isSeq(inside)
        ? inList(inside.items, part)
        : undefined
    if (step === undefined) return { key, value, isExact: false }
    key = step.key
    value = step.value ?? step.key
  }
  return { key, value, isExact: true }
}

interface Step {
  readonly key: Node | undefined
  readonly value: Node | undefined
}

function inMap(pairs: readonly Pair<unknown, unknown>[], name: string): Step | undefined {
  const pair = pairs.find(({ key }) => isScalar(key) && String(key.value) === name)
  return pair && { key: asNode(pair.key), value: asNode(pair.value) }
}

function inList(items: readonly unknown[], position: string | number): Step | undefined {
  const item = asNode(items[Number(position)])
  return item && { key: undefined, value: item }
}

function asNode(value: unknown): Node | undefined {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value) ? value : undefined
}

function spanOf(node: Node | undefined): Span {
  const [start = 0, end = start] = node?.range ?? []
  return { start, end }
}

/** A span inside the text, for errors at its very end. */
function within(text: string, { start, end }: Span): Span {
  return { start: Math.min(start, text.length), end: Math.min(end, text.length) }
}

/** Blocks end behind their last line end: a mark should not. */
function trimmed(text: string, { start, end }: Span): Span {
  return { start, end: start + text.slice(start, end).trimEnd().length }
}
