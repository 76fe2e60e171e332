// From words to an exit code: finds the command, reads its flags, loads it, and turns users' mistakes into
// sentences.
import { existsSync } from 'node:fs'
import { nearestName } from '../../grammar/nearest-name.js'
import { printable } from '../../grammar/printable.js'
import { exitCodes, RunError } from '../platform/errors.js'
import { arrange, type ChosenCommand, commandIn, firstPlainWord } from './arrange.js'
import type { Command } from './command.js'
import { allCommands, commandNames, commands, verbOf } from './command-table.js'
import { type Context, processContext } from './context.js'
import { runErrorText } from './crash.js'
import { withCommand } from './own-command.js'

/** Runs the command line and returns its exit code. Throws only what is a bug. */
export async function runCommandLine(
  words: readonly string[],
  context: Context = processContext(),
): Promise<number> {
  if (words[0] === '__complete') {
    const { completionAnswer } = await import('./completion/answer.js')
    context.out(await completionAnswer(words.slice(1), context.workingFolder, context.environment))
    return exitCodes.done
  }
  const arranged = arrange(words, existsSync)
  switch (arranged.kind) {
    case 'nothing':
      context.note(await overview(context))
      return exitCodes.usage
    case 'help': {
      const command = allCommands.find(({ declared }) => declared.name === arranged.command)
      const text = command === undefined ? await overview(context) : await page(command, context)
      context.out(withCommand(text, context.command))
      return exitCodes.done
    }
    case 'version': {
      const { programVersion } = await import('../platform/compiled-entry.js')
      context.out(`saurun ${programVersion()}\n`)
      return exitCodes.done
    }
    case 'unknown': {
      const help =
        arranged.nearest === undefined
          ? `commands are ${commandNames.join(', ')}`
          : `did you mean \`saurun ${arranged.nearest}\`?`
      return usage(context, `there is no command and no file \`${arranged.word}\``, help)
    }
    case 'command':
      return await runCommand(arranged.words, context)
  }
}

async function runCommand(words: readonly string[], context: Context): Promise<number> {
  const chosen = commandIn(words)
  if (chosen === undefined) throw new Error(`no command ${words[0]}`)
  const { UsageError } = await import('./parser.js')
  try {
    const unknown = unknownVerb(chosen)
    if (unknown !== undefined) throw new UsageError(unknown.message, unknown.help)
    const family = chosen.family.map(({ declared }) => declared)
    return await chosen.command.carryOut(chosen.words, family, context)
  } catch (error) {
    if (error instanceof UsageError) return usage(context, error.message, error.help)
    if (error instanceof RunError) {
      context.note(runErrorText(error))
      return error.exitCode
    }
    throw error
  }
}

/** What is said of a word behind a command that takes none but the names of those behind it. */
function unknownVerb({
  command,
  words,
}: ChosenCommand): { readonly message: string; readonly help: string } | undefined {
  const at = firstPlainWord(words)
  if (command.verbs.length === 0 || command.declared.arguments.length > 0 || at === undefined)
    return undefined
  const names = command.verbs.map(verbOf)
  const word = words[at] ?? ''
  const nearest = nearestName(word, names)
  return {
    message: `there is no action \`${word}\``,
    help: nearest === undefined ? `there are ${names.join(', ')}` : `did you mean \`${nearest}\`?`,
  }
}

function usage(context: Context, message: string, help: string | undefined): number {
  const { notePalette: paint } = context
  context.note(`${paint.bold(paint.red('error'))}: ${printable(message)}\n`)
  if (help !== undefined) context.note(`  ${paint.blue('help')}: ${printable(help)}\n`)
  return exitCodes.usage
}

async function page(command: Command, context: Context): Promise<string> {
  const { helpPage } = await import('./parser.js')
  return helpPage(command, context.outColumns ?? 80)
}

async function overview(context: Context): Promise<string> {
  const { programVersion } = await import('../platform/compiled-entry.js')
  const { outPalette: paint } = context
  const width = Math.max(...commandNames.map(({ length }) => length))
  const lines = commands.map(
    ({ declared: { name, summary } }) => `  ${paint.bold(name.padEnd(width))}  ${summary}`,
  )
  return `saurun ${programVersion()}: experiments on long-tailed image data, from one typed file

Usage:
  saurun FILE [name=value ...] [flags]
  saurun COMMAND [arguments] [flags]

Commands:
${lines.join('\n')}

Examples:
  saurun examples/quickstart.sau                train on drawn shapes, nothing to download
  saurun check exp.sau                          all errors of a file
  saurun plan exp.sau depth=8                   what a run would do
  saurun --resume last                          go on with a stopped run

\`saurun COMMAND --help\` says more about a command. Exit codes are in docs/exit-codes.md.
`
}
