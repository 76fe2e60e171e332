// What can stand at the cursor of a command line: flags and their values, commands, and arguments by what the
// table of commands says of them.
import type { Command } from '../command.js'
import { commands, verbOf } from '../command-table.js'
import { type Flag, flagNames, longName } from '../flag.js'
import { behind, type Candidate, type Completion, only, together } from './candidate.js'
import { completed, type Typed } from './kinds.js'
import { type TypedLine, typedLine } from './typed-line.js'

/**
 * @param words those before the cursor, without `saurun`
 * @param current the word at the cursor, as far as it is typed
 */
export async function complete(
  words: readonly string[],
  current: string,
  workingFolder: string,
  environment: NodeJS.ProcessEnv,
): Promise<Completion> {
  const line = typedLine(words)
  const typed = { line, word: current, workingFolder, environment }
  if (line.waiting !== undefined) return await flagValue(line.waiting, typed)
  const [, name = '', word] = /^(--[a-z-]+)=(.*)$/s.exec(current) ?? []
  const flag = flagsOf(line).find((other) => longName(other) === name)
  if (flag?.value !== undefined && word !== undefined) {
    return behind(`${name}=`, await flagValue(flag, { ...typed, word }))
  }
  return current.startsWith('-') ? only(unusedFlags(line)) : await argument(typed)
}

/** Those of the command; those of `run` until one is typed. */
function flagsOf({ command }: TypedLine): readonly Flag[] {
  return (command ?? commands.find(({ declared }) => declared.name === 'run'))?.declared.flags ?? []
}

function unusedFlags(line: TypedLine): readonly Candidate[] {
  const unused = flagsOf(line).filter(
    (flag) => flag.value?.kind === 'list' || !line.flags.has(longName(flag)),
  )
  const named = unused.map((flag) => ({ text: longName(flag), about: flag.help }))
  return [...named, { text: '--help', about: 'show what the command takes' }]
}

async function flagValue(flag: Flag, typed: Typed): Promise<Completion> {
  if (flag.value?.kind === 'choice') return only(choiceWords(flag.value.choices))
  return flag.completes === undefined ? only([]) : await completed(flag.completes, typed)
}

async function argument(typed: Typed): Promise<Completion> {
  const { command, plain, asksForHelp } = typed.line
  if (asksForHelp) return only(plain.length === 0 ? commandWords() : [])
  if (command === undefined) return together([only(commandWords()), await completed('experiments', typed)])
  const settings = takesSettings(command) ? await completed('settings', typed) : only([])
  if (/^[A-Za-z_]\w*=/.test(typed.word)) return settings
  const words = command.declared.arguments
  const last = words.at(-1)
  const described = words[plain.length] ?? (last?.form.includes('...') ? last : undefined)
  const verbs = only(plain.length === 0 ? verbWords(command) : [])
  if (described === undefined || described.completes === 'settings') return together([verbs, settings])
  const { choices = [], completes } = described
  return together([
    verbs,
    only(choiceWords(choices)),
    ...(completes === undefined ? [] : [await completed(completes, typed)]),
    settings,
  ])
}

function verbWords({ verbs }: Command): readonly Candidate[] {
  return verbs.map((verb) => ({ text: verbOf(verb), about: verb.declared.summary }))
}

function choiceWords(choices: readonly string[]): readonly Candidate[] {
  return choices.map((text) => ({ text, about: '' }))
}

function commandWords(): readonly Candidate[] {
  const named = commands.map(({ declared: { name, summary } }) => ({ text: name, about: summary }))
  return [...named, { text: 'help', about: 'show what a command does and takes' }]
}

function takesSettings({ declared: { flags } }: Command): boolean {
  return flags.some((flag) => flagNames(flag).includes('--set'))
}
