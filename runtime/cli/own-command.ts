// How this program is called where its user stands, so that a hint can be typed as it is printed.
import { existsSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join, relative } from 'node:path'
import { compiledEntry, packageFolder } from '../platform/compiled-entry.js'
import { shellWord } from '../platform/texts/shell.js'

/** What decides the name. */
export interface CallerFacts {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly workingFolder: string
  /** The file of the `saurun` command, and the package it lies in. */
  readonly entry: string
  readonly packageFolder: string
  /** The real path of a file, or undefined where there is none. */
  readonly realPath: (path: string) => string | undefined
}

/**
 * `saurun` where the shell finds this very program by that name; `npx saurun` in a folder, or below one, that
 * has it installed or is its clone, and where npx fetched it; otherwise node and the program's file.
 */
export function ownCommand(facts: CallerFacts = callerFacts()): string {
  const isThis = (path: string): boolean => facts.realPath(path) === facts.entry
  const folders = (facts.environment.PATH ?? '').split(delimiter).filter((folder) => !isOfNpm(folder))
  if (folders.some((folder) => isThis(join(folder, 'saurun')))) return 'saurun'
  const fetched = facts.environment.npm_command === 'exec'
  const installed = foldersAbove(facts.workingFolder).some(
    (folder) => folder === facts.packageFolder || isThis(join(folder, 'node_modules/.bin/saurun')),
  )
  if (fetched || installed) return 'npx saurun'
  const path = relative(facts.workingFolder, facts.entry)
  return `node ${shellWord(path.startsWith('..') ? facts.entry : path)}`
}

/**
 * `text`, with `command` where it says `saurun` for something to be typed: at the start of a code span, or of
 * a line before a word of the command line.
 */
export function withCommand(text: string, command: string): string {
  return text.replaceAll(
    /(^ *|\n *|^Usage: |`(?:[A-Z]+=\S+ )?)saurun (?=[A-Za-z<[-])/g,
    (_, before: string) => `${before}${command} `,
  )
}

/** Folders that npm puts before the PATH of what it runs: a shell of the user's does not have them. */
function isOfNpm(folder: string): boolean {
  return /node_modules[\\/]\.bin[\\/]?$|[\\/]node-gyp-bin[\\/]?$/.test(folder)
}

function foldersAbove(folder: string): readonly string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...foldersAbove(parent)]
}

function callerFacts(): CallerFacts {
  return {
    environment: process.env,
    workingFolder: process.cwd(),
    entry: realpathSync(compiledEntry('runtime/cli/main.js')),
    packageFolder,
    realPath: (path) => (existsSync(path) ? realpathSync(path) : undefined),
  }
}
