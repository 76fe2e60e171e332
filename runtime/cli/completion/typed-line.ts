// What the words before the cursor already say: the command, its arguments, its flags, and whether a flag
// waits for its value.
import { firstPlainWord } from '../arrange.js'
import type { Command } from '../command.js'
import { allCommands, commands, verbOf } from '../command-table.js'
import { type Flag, flagNames, longName } from '../flag.js'
import { isSetting } from '../setting-word.js'

export interface TypedLine {
  /** `run` where a file stands for it; undefined where neither was typed yet. */
  readonly command: Command | undefined
  /** Whether the word `help` asks for a command's page. */
  readonly asksForHelp: boolean
  /** Arguments of the command, without flags, their values and settings. */
  readonly plain: readonly string[]
  /** Names of params that are set. */
  readonly settings: ReadonlySet<string>
  /** Values of the flags that were typed, by long name; empty for those that take none. */
  readonly flags: ReadonlyMap<string, string>
  /** The flag whose value comes next. */
  readonly waiting: Flag | undefined
}

export function typedLine(words: readonly string[]): TypedLine {
  const first = firstPlainWord(words)
  const word = first === undefined ? undefined : words[first]
  const named = commands.find(({ declared }) => declared.name === word)
  const isHelp = word === 'help'
  const run = commands.find(({ declared }) => declared.name === 'run')
  const behind = firstPlainWord(words.slice((first ?? 0) + 1))
  const second = first === undefined || behind === undefined ? undefined : first + 1 + behind
  const verb = named?.verbs.find((each) => second !== undefined && verbOf(each) === words[second])
  const command = verb ?? named ?? (first === undefined || isHelp ? undefined : run)
  const known = command?.declared.flags ?? allCommands.flatMap(({ declared }) => declared.flags)

  const plain: string[] = []
  const settings = new Set<string>()
  const flags = new Map<string, string>()
  let waiting: Flag | undefined
  for (const [position, typed] of words.entries()) {
    if (waiting !== undefined) {
      flags.set(longName(waiting), typed)
      if (waiting.value?.kind === 'list') settings.add(typed.replace(/=.*$/s, ''))
      waiting = undefined
    } else if (typed.startsWith('-')) {
      const equals = typed.indexOf('=')
      const name = equals < 0 ? typed : typed.slice(0, equals)
      const flag = known.find((other) => flagNames(other).includes(name))
      if (flag === undefined) continue
      flags.set(longName(flag), equals < 0 ? '' : typed.slice(equals + 1))
      if (flag.value !== undefined && equals < 0) waiting = flag
    } else if (isSetting(typed)) {
      settings.add(typed.replace(/=.*$/s, ''))
    } else if (
      position === first ? named === undefined && !isHelp : verb === undefined || position !== second
    ) {
      plain.push(typed)
    }
  }
  return { command, asksForHelp: isHelp, plain, settings, flags, waiting }
}
