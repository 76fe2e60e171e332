// YAML with places: the data of a file, and the span of every key and value in its text.
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from 'yaml'
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
  const tooDeep = nestedBeyond(text, deepest)
  if (tooDeep !== undefined) return unread(text, 'lists and maps are nested too deeply', tooDeep)
  // Its own search for keys that a map has twice compares each with each.
  const document = parseDocument(text, { prettyErrors: false, strict: true, uniqueKeys: false })
  const problems: YamlProblem[] = [...document.errors, ...repeatedKeys(document)].map((error) => ({
    fault: faults[error.code] ?? plainFault(error.message),
    span: within(text, { start: error.pos[0], end: Math.max(error.pos[1], error.pos[0] + 1) }),
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

/** How deep lists and maps may stand in one another; the schema asks for four. */
const deepest = 100

/**
 * Where brackets, dashes or indented keys stand deeper than `most`; undefined where none do. It looks at more
 * than YAML would, such as brackets in texts, which no sweep file has a hundred of.
 */
function nestedBeyond(text: string, most: number): number | undefined {
  let flow = 0
  let offset = 0
  const indents: number[] = []
  for (const line of text.split('\n')) {
    const [lead = ''] = /^[ ]*/.exec(line) ?? []
    if (line.trim() !== '' && flow === 0) {
      while ((indents.at(-1) ?? -1) >= lead.length) indents.pop()
      indents.push(lead.length)
    }
    const [dashes = ''] = /^(?:[ ]*[-?][ ])*/.exec(line) ?? []
    if (indents.length > most || dashes.length > 2 * most) return offset
    for (const match of line.matchAll(/[[\]{}]/g)) {
      flow = Math.max(0, flow + (match[0] === '[' || match[0] === '{' ? 1 : -1))
      if (flow > most) return offset + match.index
    }
    offset += line.length + 1
  }
  return undefined
}

/** A text that is not read any further. */
function unread(text: string, fault: string, at: number): YamlDocument {
  const nowhere = { start: 0, end: 0 }
  return {
    data: undefined,
    problems: [{ fault, span: within(text, { start: at, end: at + 1 }) }],
    valueSpan: () => nowhere,
    keySpan: () => nowhere,
    written: () => '',
  }
}

interface RepeatedKey {
  readonly code: string
  readonly message: string
  readonly pos: readonly [number, number]
}

/** Keys that a map has twice, in the order of the text. */
function repeatedKeys(document: Document.Parsed): readonly RepeatedKey[] {
  const found: RepeatedKey[] = []
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        const [start, end] = key.range ?? [0, 0]
        if (seen.has(key.value)) found.push({ code: 'DUPLICATE_KEY', message: '', pos: [start, end] })
        seen.add(key.value)
      }
    },
  })
  return found
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

type Pairs = readonly Pair<unknown, unknown>[]

/** The pairs of maps by name: thousands of diagnostics may ask for places in one map. */
const byName = new WeakMap<Pairs, ReadonlyMap<string, Pair<unknown, unknown>>>()

function inMap(pairs: Pairs, name: string): Step | undefined {
  const named = byName.get(pairs) ?? namesOf(pairs)
  byName.set(pairs, named)
  const pair = named.get(name)
  return pair && { key: asNode(pair.key), value: asNode(pair.value) }
}

function namesOf(pairs: Pairs): ReadonlyMap<string, Pair<unknown, unknown>> {
  const named = new Map<string, Pair<unknown, unknown>>()
  for (const pair of pairs) {
    const name = isScalar(pair.key) ? String(pair.key.value) : undefined
    if (name !== undefined && !named.has(name)) named.set(name, pair)
  }
  return named
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
