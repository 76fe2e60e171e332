// Puts a command line into the order that the parser reads: the command first. `saurun --plain exp.sau`,
// `saurun exp.sau --plain` and `saurun --plain run exp.sau` all mean the same.
import { nearestName } from '../../grammar/nearest-name.js'
import type { Command } from './command.js'
import { allCommands, commandNames, commands, verbOf } from './command-table.js'
import { flagNames } from './flag.js'
import { isSetting } from './setting-word.js'

export type Arranged =
  | { readonly kind: 'command'; readonly words: readonly string[] }
  /** Of the whole program where no command is named. */
  | { readonly kind: 'help'; readonly command: string | undefined }
  | { readonly kind: 'version' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unknown'; readonly word: string; readonly nearest: string | undefined }

/** Flags (`--set`, `-o`) whose next word is their value. */
const flagsWithValue: ReadonlySet<string> = new Set(
  allCommands.flatMap(({ declared }) =>
    declared.flags.flatMap((flag) =>
      flag.value === undefined || flag.value.kind === 'optional' ? [] : flagNames(flag),
    ),
  ),
)

/** A word that cannot be meant as a command: it has a folder or an ending. */
function looksLikeFile(word: string): boolean {
  return /[./\\]/.test(word)
}

/** @param exists whether a word names something on disk */
export function arrange(words: readonly string[], exists: (word: string) => boolean): Arranged {
  const first = firstPlainWord(words)
  const asked = { help: hasFlag(words, '-h', '--help'), version: hasFlag(words, '--version', '-V') }
  if (first === undefined) {
    if (asked.help) return { kind: 'help', command: undefined }
    if (asked.version) return { kind: 'version' }
    return words.length === 0 ? { kind: 'nothing' } : { kind: 'command', words: ['run', ...words] }
  }
  const word = words[first] ?? ''
  if (word === 'help') {
    const topics = words.slice(first + 1).filter((other) => !other.startsWith('-'))
    const [topic] = topics
    if (topic !== undefined && !commandNames.includes(topic)) return unknown(topic)
    return {
      kind: 'help',
      command: topic === undefined ? undefined : commandIn(topics)?.command.declared.name,
    }
  }
  if (commandNames.includes(word)) {
    const named = [word, ...words.slice(0, first), ...words.slice(first + 1)]
    if (asked.help) return { kind: 'help', command: commandIn(named)?.command.declared.name }
    return { kind: 'command', words: named }
  }
  if (looksLikeFile(word) || exists(word)) {
    if (asked.help) return { kind: 'help', command: 'run' }
    return { kind: 'command', words: ['run', ...words] }
  }
  return unknown(word)
}

export interface ChosenCommand {
  readonly command: Command
  /** Other commands behind the same first word, and that of the word alone. */
  readonly family: readonly Command[]
  /** What stands behind its name. */
  readonly words: readonly string[]
}

/**
 * The command that arranged words call: that of their first word, or one behind it, wherever its name stands
 * among flags.
 */
export function commandIn([name, ...words]: readonly string[]): ChosenCommand | undefined {
  const command = commands.find(({ declared }) => declared.name === name)
  if (command === undefined) return undefined
  const at = firstPlainWord(words)
  const verb = command.verbs.find((each) => at !== undefined && verbOf(each) === words[at])
  if (verb === undefined || at === undefined) return { command, family: command.verbs, words }
  const family = [command, ...command.verbs].filter((other) => other !== verb)
  return { command: verb, family, words: [...words.slice(0, at), ...words.slice(at + 1)] }
}

function unknown(word: string): Arranged {
  return { kind: 'unknown', word, nearest: nearestName(word, commandNames) }
}

function hasFlag(words: readonly string[], ...names: readonly string[]): boolean {
  const end = words.indexOf('--')
  return (end < 0 ? words : words.slice(0, end)).some((word) => names.includes(word))
}

/** Position of the first word that is neither a flag, nor a flag's value, nor a setting. */
export function firstPlainWord(words: readonly string[]): number | undefined {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    if (word === '--') return i + 1 < words.length ? i + 1 : undefined
    if (flagsWithValue.has(word)) i++
    else if (!word.startsWith('-') && !isSetting(word)) return i
  }
  return undefined
}
