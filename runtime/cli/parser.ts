// The command line as commander reads it, built from what commands declare. Errors carry a sentence and,
// where one is near, the name that was meant.
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { nearestName } from '../../grammar/nearest-name.js'
import { plainNumber, readNumber } from '../../grammar/number-text.js'
import { bytesOf } from '../data/memory-budget.js'
import { formatBytes } from '../platform/quantities.js'
import type { Command as KnownCommand } from './command.js'
import type { Declaration, Options } from './declaration.js'
import { type Flag, flagNames, longName } from './flag.js'

export interface ParsedCommand<Declared extends Declaration> {
  readonly words: readonly string[]
  readonly options: Options<Declared>
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
 * @param family other commands behind the same first word, whose flags are no typing errors
 * @throws UsageError for what it does not know or understand.
 */
export function parseCommand<Declared extends Declaration>(
  declared: Declared,
  words: readonly string[],
  family: readonly Declaration[] = [],
): ParsedCommand<Declared> {
  const command = buildCommand(declared)
  try {
    command.parse(withOptionalValues(declared, words), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    throw strayFlag(error, declared, family) ?? usageError(error, declared, words)
  }
  return { words: command.args, options: withoutDefaults(command.opts<Options<Declared>>(), command) }
}

/**
 * Ties a flag whose value is optional to the next word where that looks like one: commander would take any.
 */
function withOptionalValues({ flags }: Declaration, words: readonly string[]): string[] {
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

/** The help page of a command, with the commands behind it and its examples. */
export function helpPage({ declared, verbs }: KnownCommand, columns: number): string {
  const command = buildCommand(declared).helpCommand(false)
  for (const verb of verbs) command.addCommand(buildCommand(verb.declared))
  command.configureHelp({
    helpWidth: Math.min(100, columns),
    subcommandTerm: (verb) =>
      `${verb.name().replace(/^saurun /, '')} ${verb.usage().replace(/\[options\] ?/, '')}`,
  })
  return `${command.helpInformation()}\nExamples:\n${exampleLines(declared)}`
}

function exampleLines({ examples }: Declaration): string {
  const width = Math.max(...examples.map((example) => example.command.length))
  return examples.map((example) => `  ${example.command.padEnd(width)}  # ${example.does}\n`).join('')
}

function buildCommand(declared: Declaration): Command {
  const command = new Command(`saurun ${declared.name}`)
    .description(declared.summary)
    .helpOption('-h, --help', 'show this page')
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({ writeOut: () => {}, writeErr: () => {} })
  for (const argument of declared.arguments) command.argument(argument.form, argument.help)
  for (const flag of declared.flags) command.addOption(optionFor(flag))
  return command
}

function optionFor(flag: Flag): Option {
  const option = new Option(flag.flags, flag.help)
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
function withoutDefaults<Parsed extends object>(options: Parsed, command: Command): Parsed {
  const typed = { ...options }
  for (const name of Object.keys(options)) {
    if (command.getOptionValueSource(name) !== 'cli') Reflect.deleteProperty(typed, name)
  }
  return typed
}

function usageError(error: CommanderError, declared: Declaration, words: readonly string[]): UsageError {
  const message = error.message.replace(/^error: /, '').replace(/\.$/, '')
  return new UsageError(message, helpFor(error, declared, words))
}

/** A flag of `sweep report` that is given to `sweep status`. */
function strayFlag(
  error: CommanderError,
  declared: Declaration,
  family: readonly Declaration[],
): UsageError | undefined {
  const name = unknownFlag(error)
  for (const other of family) {
    const flag = other.flags.find((each) => name !== undefined && flagNames(each).includes(name))
    if (flag !== undefined) {
      return new UsageError(
        `\`${declared.name}\` has no ${longName(flag)}`,
        `it belongs to \`${other.name}\``,
      )
    }
  }
  return undefined
}

function unknownFlag({ code, message }: CommanderError): string | undefined {
  if (code !== 'commander.unknownOption') return undefined
  return /'(-[^']*)'/.exec(message)?.[1]?.replace(/=.*$/, '')
}

function helpFor(error: CommanderError, declared: Declaration, words: readonly string[]): string {
  const see = `\`saurun ${declared.name} --help\` shows what it takes`
  if (error.code !== 'commander.unknownOption') return see
  const known = declared.flags.flatMap(flagNames).concat('--help', '--version')
  const unknown = unknownFlag(error) ?? words.find((word) => word.startsWith('-')) ?? ''
  const nearest = nearestName(unknown, known)
  const typed = words.find((word) => word.startsWith(`${unknown}=`))
  const setting = /^--([A-Za-z_][A-Za-z0-9_]*=.*)$/.exec(typed ?? '')?.[1]
  const foreign = foreignFlags[unknown]
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
