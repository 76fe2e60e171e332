// Which file imports which, read from the sources, type imports and `import()` too; and the circles in it.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import ts from 'typescript'

/** Every source of a folder, as paths from `root`. */
export function sourcesOf(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => posix.join(folder, name))
}

export interface Import {
  readonly from: string
  /** A path from the root, or the name of a package. */
  readonly to: string
}

/** Imports of these files; a file that is imported as `.js` is named as its source. */
export function importsOf(root: string, files: readonly string[]): readonly Import[] {
  const known = new Set(files)
  return files.flatMap((from) =>
    ts.preProcessFile(readFileSync(join(root, from), 'utf8')).importedFiles.map(({ fileName }) => {
      if (!fileName.startsWith('.')) return { from, to: fileName }
      const path = posix.join(dirname(from), fileName)
      const source = [path.replace(/\.js$/, '.ts'), path.replace(/\.js$/, '.tsx')].find((each) =>
        known.has(each),
      )
      return { from, to: source ?? path }
    }),
  )
}

export interface Circle {
  /** The folder in which the entries stand; empty for the root. */
  readonly folder: string
  /**
   * Files, and folders (with `/` behind them) taken as a whole, each of which leads to all others; sorted.
   */
  readonly entries: readonly string[]
  /** One way round, an import a line. */
  readonly way: readonly string[]
}

/**
 * Circles among the entries of every folder: each import counts in the folder in which the ways of its two
 * files part.
 */
export function circlesIn(imports: readonly Import[]): readonly Circle[] {
  const byFolder = new Map<string, Map<string, Map<string, Import>>>()
  for (const each of imports) {
    const [from, to] = [each.from.split('/'), each.to.split('/')]
    let depth = 0
    while (depth < Math.min(from.length, to.length) - 1 && from[depth] === to[depth]) depth++
    const entry = (path: readonly string[]) => `${path[depth]}${depth < path.length - 1 ? '/' : ''}`
    if (entry(from) === entry(to)) continue
    const folder = from.slice(0, depth).join('/')
    const edges = byFolder.get(folder) ?? new Map<string, Map<string, Import>>()
    byFolder.set(folder, edges)
    const targets = edges.get(entry(from)) ?? new Map<string, Import>()
    edges.set(entry(from), targets)
    if (!targets.has(entry(to))) targets.set(entry(to), each)
  }
  return [...byFolder].flatMap(([folder, edges]) =>
    circlesOf(edges).map((entries) => ({ folder, entries, way: wayRound(edges, entries) })),
  )
}

/** Sets of two or more nodes that lead to each other (Tarjan's strongly connected components), in order. */
function circlesOf(edges: ReadonlyMap<string, ReadonlyMap<string, Import>>): readonly string[][] {
  const numbers = new Map<string, number>()
  const open: string[] = []
  const circles: string[][] = []
  const visit = (node: string): number => {
    let low = numbers.size
    const own = low
    numbers.set(node, own)
    open.push(node)
    for (const next of edges.get(node)?.keys() ?? []) {
      if (!numbers.has(next)) low = Math.min(low, visit(next))
      else if (open.includes(next)) low = Math.min(low, numbers.get(next) ?? low)
    }
    if (low !== own) return low
    const circle = open.splice(open.indexOf(node))
    if (circle.length > 1) circles.push(circle.sort())
    return low
  }
  for (const node of edges.keys()) if (!numbers.has(node)) visit(node)
  return circles.sort()
}

/** The shortest way from the first of `entries` back to it. */
function wayRound(
  edges: ReadonlyMap<string, ReadonlyMap<string, Import>>,
  entries: readonly string[],
): readonly string[] {
  const [start = ''] = entries
  const ways: { readonly at: string; readonly lines: readonly string[] }[] = [{ at: start, lines: [] }]
  const seen = new Set<string>()
  for (const { at, lines } of ways) {
    for (const [next, { from, to }] of edges.get(at) ?? []) {
      const way = [...lines, `${from} imports ${to}`]
      if (next === start) return way
      if (!entries.includes(next) || seen.has(next)) continue
      seen.add(next)
      ways.push({ at: next, lines: way })
    }
  }
  return []
}

/**
 * The shortest way by imports from any of `from` to a target that is `forbidden`, an import a line; undefined
 * where there is none.
 */
export function wayTo(
  imports: readonly Import[],
  from: readonly string[],
  forbidden: (target: string) => boolean,
): readonly string[] | undefined {
  const next = new Map<string, Import[]>()
  for (const each of imports) next.set(each.from, [...(next.get(each.from) ?? []), each])
  const ways: { readonly at: string; readonly lines: readonly string[] }[] = from.map((at) => ({
    at,
    lines: [],
  }))
  const seen = new Set(from)
  for (const { at, lines } of ways) {
    for (const { to } of next.get(at) ?? []) {
      const way = [...lines, `${at} imports ${to}`]
      if (forbidden(to)) return way
      if (seen.has(to)) continue
      seen.add(to)
      ways.push({ at: to, lines: way })
    }
  }
  return undefined
}
