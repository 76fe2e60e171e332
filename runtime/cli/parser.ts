// The command line as commander reads it, built from the table of commands. Errors carry a sentence and, where one is
// near, the name that was meant.
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { nearestName } from '../../grammar/nearest-name.js'
import { plainNumber, readNumber } from '../../grammar/number-text.js'
import { bytesOf } from '../data/memory-budget.js'
import { formatBytes } from '../output/quantities.js'
import type { CommandDescription } from './command-table.js'
import { type Flag, flagNames, type Options } from './options.js'

export interface ParsedCommand {
  readonly words: readonly string[]
  readonly options: Options
}

export class UsageError extends Error {
  override readonly name = 'UsageError'
  constructor(
    message: string,
    readonly help: string | undefined,
  ) {
    super(message)
  }
}

/**
 * Reads the words after a command's name.
 * @throws UsageError for what it does not know or understand.
 */
export function parseCommand(description: CommandDescription, words: readonly string[]): ParsedCommand {
  const command = buildCommand(description)
  try {
    command.parse(withOptionalValues(description, words), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    throw new UsageError(sentence(error.message), helpFor(error, description, words))
  }
  return { words: command.args, options: withoutDefaults(command.opts<Options>(), command) }
}

/** Ties a flag whose value is optional to the next word where that looks like one: commander would take any. */
function withOptionalValues({ flags }: CommandDescription, words: readonly string[]): string[] {
  const forms = new Map(
    flags.flatMap(({ flags: typed, value }) =>
      value?.kind === 'optional' ? [[/--[a-z-]+/.exec(typed)?.[0] ?? typed, value.form] as const] : [],
    ),
  )
  const tied: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    if (word === '--') return [...tied, ...words.slice(i)]
    const form = forms.get(word)
    const next = words[i + 1]
    if (form === undefined) tied.push(word)
    else if (next !== undefined && form.test(next)) tied.push(`${word}=${words[++i]}`)
    else tied.push(`${word}=`)
  }
  return tied
}

/** The help page of a command, with its examples. */
export function helpPage(description: CommandDescription, columns: number): string {
  const command = buildCommand(description)
  command.configureHelp({ helpWidth: Math.min(100, columns) })
  return `${command.helpInformation()}\nExamples:\n${exampleLines(description)}`
}

function exampleLines(description: CommandDescription): string {
  const width = Math.max(...description.examples.map((example) => example.command.length))
  return description.examples
    .map((example) => `  ${example.command.padEnd(width)}  # ${example.does}\n`)
    .join('')
}

function buildCommand(description: CommandDescription): Command {
  const command = new Command(`saurun ${description.name}`)
    .description(description.summary)
    .helpOption('-h, --help', 'show this page')
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({ writeOut: () => {}, writeErr: () => {} })
  for (const argument of description.arguments) command.argument(argument.form, argument.help)
  for (const flag of description.flags) command.addOption(optionFor(flag))
  return command
}

function optionFor(flag: Flag): Option {
  const option = new Option(flag.flags, flag.help)
  // Commander names the field after the long flag; `--engine` of parity has a field of its own.
  option.attributeName = () => flag.name
  const { value } = flag
  if (value === undefined || value.kind === 'text') return option
  switch (value.kind) {
    case 'list':
      return option.argParser((text: string, before: readonly string[] | undefined) => {
        if (!text.includes('=')) throw new InvalidArgumentError('Write it as name=value.')
        return [...(before ?? []), text]
      })
    case 'words':
      return option.argParser((text: string, before: readonly string[] | undefined) => [
        ...(before ?? []),
        text,
      ])
    case 'optional':
      return option.argParser((text: string) => {
        if (text === '' || value.form.test(text)) return text
        throw new InvalidArgumentError('It is minutes, hours:minutes:seconds, or days-hours.')
      })
    case 'choice':
      return option.argParser((text: string) => {
        if (value.choices.includes(text)) return text
        const nearest = nearestName(text, value.choices)
        const list = `It is one of ${value.choices.join(', ')}`
        throw new InvalidArgumentError(
          nearest === undefined ? `${list}.` : `${list}; did you mean \`${nearest}\`?`,
        )
      })
    case 'count':
      return option.argParser((text: string) => {
        const { least, most } = value
        const number = readNumber(text)
        if (number !== undefined && Number.isInteger(number) && number >= least && number <= most)
          return number
        const range = (number ?? 0) > most ? `${least} to ${most}` : `${least} on`
        const plain = number === undefined ? plainNumber(text) : undefined
        throw new InvalidArgumentError(
          `It is a whole number from ${range}${plain === undefined ? '' : `: write ${plain}`}.`,
        )
      })
    case 'bytes':
      return option.argParser((text: string) => {
        const bytes = bytesOf(text)
        if (bytes !== undefined && bytes <= value.most) return bytes
        const most = bytes === undefined ? '' : `, at most ${formatBytes(value.most)}`
        throw new InvalidArgumentError(`It is a size such as 4GiB or 500MiB${most}; 0 holds nothing.`)
      })
  }
}

/** `--no-unicode` gives its field a default of true; only what was typed counts. */
function withoutDefaults(options: Options, command: Command): Options {
  const typed = Object.entries(options).filter(([name]) => command.getOptionValueSource(name) === 'cli')
  return Object.fromEntries(typed)
}

function sentence(message: string): string {
  return message.replace(/^error: /, '').replace(/\.$/, '')
}

function helpFor(error: CommanderError, description: CommandDescription, words: readonly string[]): string {
  const see = `\`saurun ${description.name} --help\` shows what it takes`
  if (error.code !== 'commander.unknownOption') return see
  const known = description.flags.flatMap(flagNames).concat('--help', '--version')
  const unknown = /'(-[^']*)'/.exec(error.message)?.[1] ?? words.find((word) => word.startsWith('-')) ?? ''
  const nearest = nearestName(unknown.replace(/=.*$/, ''), known)
  const typed = words.find((word) => word.startsWith(`${unknown.replace(/=.*$/, '')}=`))
  const setting = /^--([A-Za-z_][A-Za-z0-9_]*=.*)$/.exec(typed ?? '')?.[1]
  const foreign = foreignFlags[unknown.replace(/=.*$/, '')]
  if (foreign !== undefined) return `${foreign}; ${see}`
  if (nearest === undefined && setting !== undefined) {
    return `params are set without dashes: \`${setting}\`; ${see}`
  }
  if (nearest !== undefined) return `did you mean \`${nearest}\`? ${see}`
  const name = /^--([A-Za-z][\w-]*)$/.exec(unknown)?.[1]?.replaceAll('-', '_')
  const value = words[words.indexOf(unknown) + 1]
  return name === undefined || value === undefined || value.startsWith('-')
    ? see
    : `a param of the file is set without dashes: \`${name}=${value}\`; ${see}`
}

/** Flags of Hydra, Lightning and training scripts, and what they are here. */
const foreignFlags: Readonly<Record<string, string>> = {
  '-m': 'several values are tried by a sweep file: `saurun sweep FILE`',
  '--multirun': 'several values are tried by a sweep file: `saurun sweep FILE`',
  '--cfg': '`saurun plan FILE` shows what a run would do',
  '--config': 'the file itself is named: `saurun FILE`',
  '--config-name': 'the file itself is named: `saurun FILE`',
  '--config-path': 'the file itself is named: `saurun FILE`',
  '-cn': 'the file itself is named: `saurun FILE`',
  '-cp': 'the file itself is named: `saurun FILE`',
  '--gpu': '`--engine tensorflow` computes on a GPU where there is one; `CUDA_VISIBLE_DEVICES` chooses it',
  '--gpus': '`--engine tensorflow` computes on a GPU where there is one; `CUDA_VISIBLE_DEVICES` chooses it',
  '--device': '`--engine` says where a run computes; `saurun doctor` shows what there is',
  '--cuda': '`--engine` says where a run computes; `saurun doctor` shows what there is',
  '--num-workers': 'write `--workers N`',
  '--num_workers': 'write `--workers N`',
  '--output-dir': 'write `--runs DIR`',
  '--output_dir': 'write `--runs DIR`',
  '--debug': '`saurun plan FILE` shows what a run would do, `saurun preview FILE` what its views do',
}
