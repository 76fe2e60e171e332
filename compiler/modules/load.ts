// Loads the entry file and everything it imports.
import { parse } from '../../grammar/index.js'
import { nearestName } from '../../grammar/nearest-name.js'
import type { ImportDeclaration, SourceFile } from '../../grammar/syntax.js'
import { labelled, type Reporter } from '../diagnostics/reporter.js'
import { reportSyntaxProblem } from '../diagnostics/syntax-problems.js'
import type { Host } from '../host.js'

export interface LoadedFile {
  /** Absolute path. */
  readonly path: string
  readonly text: string
  readonly tree: SourceFile
  readonly tokens: ReturnType<typeof parse>['tokens']
}

/** The language version that this compiler reads. */
export const languageVersion = 1

/** The entry file, then imported ones in the order in which they are first imported. Undefined where the entry is not there. */
export function loadFiles(host: Host, entry: string, reporter: Reporter): readonly LoadedFile[] | undefined {
  const files = new Map<string, LoadedFile>()
  const text = host.readText(entry)
  if (text === undefined) return undefined

  const load = (path: string, source: string, importers: readonly string[]) => {
    const { tree, tokens, problems } = parse(source)
    files.set(path, { path, text: source, tree, tokens })
    for (const problem of problems) reportSyntaxProblem(reporter, path, problem)
    if (tree.version && tree.version.value !== languageVersion) {
      reporter.report('SAU1008', {
        gaps: { version: tree.version.value },
        labels: [labelled({ file: path, span: tree.version.span })],
      })
    }
    for (const declaration of tree.declarations) {
      if (declaration.kind === 'import') follow(path, declaration, [...importers, path])
    }
  }

  const follow = (file: string, declaration: ImportDeclaration, importers: readonly string[]) => {
    if (declaration.path.kind === 'missing') return
    const at = { file, span: declaration.path.span }
    const path = host.resolve(host.resolve(file, '..'), declaration.path.value)
    const shown = (absolute: string) => host.relative(host.resolve(entry, '..'), absolute)
    if (importers.includes(path)) {
      const circle = [...importers.slice(importers.indexOf(path)), path].map(
        (member) => `\`${shown(member)}\``,
      )
      reporter.report('SAU2010', {
        gaps: { file: shown(path), cycle: circle.join(' -> ') },
        labels: [labelled(at)],
      })
      return
    }
    if (files.has(path)) return
    const source = host.readText(path)
    if (source === undefined) {
      const name = path.slice(path.lastIndexOf('/') + 1)
      const beside = host.siblings(path)
      const nearest = beside.includes(`${name}.sau`) ? `${name}.sau` : nearestName(name, beside)
      const replacement = nearest && declaration.path.value.replace(/[^/]*$/, nearest)
      reporter.report('SAU2011', {
        gaps: { file: declaration.path.value },
        labels: [labelled(at)],
        help: replacement
          ? `did you mean \`${replacement}\`?`
          : 'paths are relative to the file that names them',
        fix: replacement
          ? { title: `write ${replacement}`, ...at, replacement: `"${replacement}"` }
          : undefined,
      })
      return
    }
    load(path, source, importers)
  }

  load(entry, text, [])
  return [...files.values()]
}
