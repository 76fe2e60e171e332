// What a word of each kind may be: runs, params, datasets, files. The parser is loaded only where a file is
// to be read.
import { readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, resolve } from 'node:path'
import { publishedData } from '../../apps/download/published.js'
import { packageFolder } from '../../platform/compiled-entry.js'
import { runsRoot } from '../../run/folder/folder.js'
import type { Completes } from '../flag.js'
import { behind, type Candidate, type Completion, only, together } from './candidate.js'
import type { DeclaredParam } from './declared.js'
import { paramNames, runNames, sweepNames } from './run-names.js'
import { textOf } from './text-of.js'
import type { TypedLine } from './typed-line.js'

/** A word that is being typed. */
export interface Typed {
  /** What stands before it. */
  readonly line: TypedLine
  /** The word as far as it is typed; without `--flag=`. */
  readonly word: string
  readonly workingFolder: string
  readonly environment: NodeJS.ProcessEnv
}

const sweepFiles = ['yaml', 'yml']

export async function completed(kind: Completes, typed: Typed): Promise<Completion> {
  switch (kind) {
    case 'experiments':
      return { candidates: [], files: ['sau'], before: 0 }
    case 'sweeps':
      return { candidates: [], files: sweepFiles, before: 0 }
    case 'begunSweeps':
      return { candidates: sweepNames(rootOf(typed)), files: sweepFiles, before: 0 }
    case 'wheels':
      return { candidates: [], files: ['whl'], before: 0 }
    case 'files':
      return { candidates: [], files: 'all', before: 0 }
    case 'folders':
      return { candidates: [], files: 'folders', before: 0 }
    case 'runs':
    case 'running':
      return runs(typed, kind === 'running')
    case 'plans':
      return together([only(runs(typed, false).candidates), await completed('experiments', typed)])
    case 'settings':
      return await settings(typed)
    case 'params':
      return only(paramNames(rootOf(typed)))
    case 'datasets':
      return await datasets(typed)
    case 'published':
      return only(publishedNames(typed))
    case 'codes':
      return only(await codes())
  }
}

/** Data sets that `data get` knows and that the line does not name yet. */
function publishedNames({ line }: Typed): readonly Candidate[] {
  const rest = publishedData.filter(({ name }) => !line.plain.includes(name))
  return rest.map(({ name, title }) => ({ text: name, about: title }))
}

/** Names, and folders where the word is no beginning of a name. */
function runs(typed: Typed, runningFirst: boolean): Completion {
  const taken = new Set(typed.line.plain)
  const candidates = runNames(rootOf(typed), runningFirst).filter(({ text }) => !taken.has(text))
  const isName = candidates.some(({ text }) => text.startsWith(typed.word))
  return { candidates, files: isName ? 'none' : 'folders', before: 0 }
}

function rootOf({ line, workingFolder, environment }: Typed): string {
  const typed = line.flags.get('--runs')
  return resolve(workingFolder, runsRoot(typed === undefined ? undefined : expanded(typed), environment))
}

/** `depth=` for each param that has no value yet, or the values of one. */
async function settings(typed: Typed): Promise<Completion> {
  const files = experimentsOn(typed)
  if (files.length === 0) return only([])
  const { declaredNames } = await import('./declared.js')
  const params = files.flatMap((file) => declaredNames(file).params)
  const equals = typed.word.indexOf('=')
  if (equals < 0) {
    const unset = params.filter(({ name }) => !typed.line.settings.has(name))
    return only(unset.map(({ name, about }) => ({ text: `${name}=`, about })))
  }
  const name = typed.word.slice(0, equals)
  const param = params.find((other) => other.name === name)
  return param === undefined ? only([]) : behind(`${name}=`, settingsOf(param))
}

function settingsOf({ values, fallback, isPath }: DeclaredParam): Completion {
  const candidates = values.map((text) => ({ text, about: text === fallback ? 'default' : '' }))
  return { candidates, files: isPath ? 'all' : 'none', before: 0 }
}

/** The experiments that the line names, itself or by a sweep file. */
function experimentsOn({ line, workingFolder }: Typed): readonly string[] {
  const on = line.flags.get('--on')?.replace(/:[^:/\\]*$/, '')
  return [...line.plain, ...(on === undefined ? [] : [on])].flatMap((word) => {
    const path = resolve(workingFolder, expanded(word))
    if (/\.ya?ml$/i.test(path)) return experimentOf(path)
    return /\.sau$/i.test(path) ? [path] : []
  })
}

/** The file that a sweep file names on its line `experiment:`; the rest of it may be half written. */
function experimentOf(sweep: string): readonly string[] {
  const written = /^experiment:[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^#\n]*))/m.exec(textOf(sweep) ?? '')
  const file = (written?.[1] ?? written?.[2] ?? written?.[3] ?? '').trim()
  return file === '' ? [] : [resolve(dirname(sweep), file)]
}

/** `file.sau:` and then its datasets; files until then. */
async function datasets(typed: Typed): Promise<Completion> {
  const { word, workingFolder } = typed
  const file = word.replace(/:[^:/\\]*$/, '')
  if (!file.endsWith('.sau')) return completed('experiments', typed)
  const { declaredNames } = await import('./declared.js')
  const names = declaredNames(resolve(workingFolder, expanded(file))).datasets
  if (names.length === 0) return completed('experiments', typed)
  return only(names.map((name) => ({ text: `${file}:${name}`, about: 'dataset' })))
}

async function codes(): Promise<readonly Candidate[]> {
  const { diagnosticsFolder } = await import('../folders.js')
  const pages = readdirSync(diagnosticsFolder(packageFolder)).sort()
  return pages.flatMap((page) => {
    const code = /^(SAU\d+)\.md$/.exec(page)?.[1]
    return code === undefined ? [] : [{ text: code, about: '' }]
  })
}

/** Shells hand over `~` as it was typed. */
function expanded(word: string): string {
  return word.replace(/^~(?=$|[/\\])/, homedir())
}
