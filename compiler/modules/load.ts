// Loads the entry file and everything it imports.
import { parse } from '../../grammar/index.js'
import type { ImportDeclaration, SourceFile } from '../../grammar/syntax.js'
import { type Location, labelled, type Reporter } from '../diagnostics/reporter.js'
import { reportSyntaxProblem } from '../diagnostics/syntax-problems.js'
import type { Host, UnreadText } from '../host.js'
import { missingPathHelp } from '../paths/missing-path.js'

export interface LoadedFile {
  /** Absolute path. */
  readonly path: string
  readonly text: string
  readonly tree: SourceFile
  readonly tokens: ReturnType<typeof parse>['tokens']
}

/** The language version that this compiler reads. */
export const languageVersion = 1

/**
 * Files of one program at most, and letters in all of them: beyond that something is generated, or imports
 * itself anew.
 */
const mostFiles = 1000
const mostLetters = 16 * 2 ** 20

/** Imports that lead nowhere and for which something near is looked for. */
const mostSearched = 100

/** A file on the way from the entry, with the imports of it that are still to be followed. */
interface OpenFile {
  readonly path: string
  readonly imports: ImportDeclaration[]
}

/**
 * The entry file, then imported ones in the order in which they are first imported. Undefined where the entry
 * is not there, and why where it is not read.
 */
export function loadFiles(
  host: Host,
  entry: string,
  reporter: Reporter,
): readonly LoadedFile[] | UnreadText | undefined {
  const files = new Map<string, LoadedFile>()
  let searched = 0
  let letters = 0
  let isFull = false
  /** Imports nest as deep as they like: the way is a list, not the stack of calls. */
  const way: OpenFile[] = []
  const onWay = new Set<string>()
  const shown = (absolute: string) => host.relative(host.resolve(entry, '..'), absolute)

  const load = (path: string, text: string) => {
    const { tree, tokens, problems } = parse(text)
    letters += text.length
    files.set(path, { path, text, tree, tokens })
    for (const problem of problems) reportSyntaxProblem(reporter, path, text, problem)
    if (tree.version && tree.version.value !== languageVersion) {
      reporter.report('SAU1008', {
        gaps: { version: tree.version.value },
        labels: [labelled({ file: path, span: tree.version.span })],
      })
    }
    const imports = tree.declarations.filter((node) => node.kind === 'import')
    way.push({ path, imports: imports.reverse() })
    onWay.add(path)
  }

  const follow = (file: string, declaration: ImportDeclaration) => {
    if (declaration.path.kind === 'missing') return
    const at = { file, span: declaration.path.span }
    const path = host.resolve(host.resolve(file, '..'), declaration.path.value)
    if (onWay.has(path)) {
      reportCircle(path, at)
      return
    }
    if (files.has(path)) return
    if (files.size >= mostFiles) {
      reporter.report('SAU1023', {
        gaps: { count: `more than ${mostFiles} files` },
        labels: [labelled(at)],
      })
      isFull = true
      return
    }
    const source = host.readText(path)
    if (source === undefined) reportMissing(declaration.path.value, path, file, at)
    else if (typeof source !== 'string') reportUnread(reporter, declaration.path.value, source, [at])
    else if (letters + source.length > mostLetters) {
      const count = `files of more than ${mostLetters / 2 ** 20} million letters`
      reporter.report('SAU1023', { gaps: { count }, labels: [labelled(at)] })
      isFull = true
    } else load(path, source)
  }

  const reportCircle = (path: string, at: Location) => {
    const members = way.map((open) => open.path)
    const circle = [...members.slice(members.indexOf(path)), path]
    const named = circle.map((member) => `\`${shown(member)}\``)
    const cycle = named.length > 8 ? [...named.slice(0, 4), '...', ...named.slice(-3)] : named
    reporter.report('SAU2010', {
      gaps: { file: shown(path), cycle: cycle.join(' -> ') },
      labels: [labelled(at)],
    })
  }

  const reportMissing = (written: string, path: string, file: string, at: Location) => {
    // Of thousands of imports that lead nowhere, the first hundred are looked into.
    const help =
      searched++ < mostSearched
        ? missingPathHelp(host, {
            text: written,
            from: host.resolve(file, '..'),
            fromInWords: 'the folder of this file',
            mayMean: (name) => name.endsWith('.sau') && host.resolve(path, `../${name}`) !== file,
          })
        : undefined
    const replacement = help?.replacement
    reporter.report('SAU2011', {
      gaps: { file: written },
      labels: [labelled(at)],
      help: help?.sentence ?? 'paths are relative to the file that names them',
      fix: replacement
        ? { title: `write ${replacement}`, ...at, replacement: `"${replacement}"` }
        : undefined,
    })
  }

  const text = host.readText(entry)
  if (typeof text !== 'string') return text
  load(entry, text)
  for (let open = way.at(-1); open && !isFull; open = way.at(-1)) {
    const next = open.imports.pop()
    if (next) follow(open.path, next)
    else {
      way.pop()
      onWay.delete(open.path)
    }
  }
  return [...files.values()]
}

/** Says of a file that is there why it is not read. */
export function reportUnread(
  reporter: Reporter,
  file: string,
  { fault }: UnreadText,
  places: readonly Location[],
): void {
  reporter.report('SAU1022', {
    gaps: { file, fault },
    labels: places.map((place) => labelled(place)),
    help: /UTF-\d/.test(fault) ? 'save it as UTF-8' : undefined,
  })
}
