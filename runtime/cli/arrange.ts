// Puts a command line into the order that the parser reads: the command first. `saurun --plain exp.sau`,
// `saurun exp.sau --plain` and `saurun --plain run exp.sau` all mean the same.
import { nearestName } from '../../grammar/nearest-name.js'
import { commandNames, commands } from './command-table.js'
import { flagNames } from './options.js'

export type Arranged =
  | { readonly kind: 'command'; readonly words: readonly string[] }
  | { readonly kind: 'help'; readonly command: string | undefined }
  | { readonly kind: 'version' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unknown'; readonly word: string; readonly nearest: string | undefined }

/** Flags (`--set`, `-o`) whose next word is their value. */
const flagsWithValue: ReadonlySet<string> = new Set(
  commands.flatMap((command) =>
    command.flags.flatMap((flag) =>
      flag.value === undefined || flag.value.kind === 'optional' ? [] : flagNames(flag),
    ),
  ),
)

export function isSetting(word: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*=/.test(word) || isForeignSetting(word)
}

/** A setting as Hydra writes it: `optimizer.lr=0.1`, `model/head=linear`, `+x=1`, `++x=1`, `~x`, `x@y=z`. */
export function isForeignSetting(word: string): boolean {
  return /^\+{0,2}[A-Za-z_][\w.@-]*(\/[\w.@-]+)*=/.test(word) || /^~[A-Za-z_][\w.]*(=.*)?$/.test(word)
}

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
    const topic = words.slice(first + 1).find((other) => !other.startsWith('-'))
    if (topic !== undefined && !commandNames.includes(topic)) return unknown(topic)
    return { kind: 'help', command: topic }
  }
  if (commandNames.includes(word)) {
    if (asked.help) return { kind: 'help', command: word }
    return { kind: 'command', words: [word, ...words.slice(0, first), ...words.slice(first + 1)] }
  }
  if (looksLikeFile(word) || exists(word)) {
    if (asked.help) return { kind: 'help', command: 'run' }
    return { kind: 'command', words: ['run', ...words] }
  }
  return unknown(word)
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
