// What happens when something throws that no user caused: one sentence, a file with the details, and where to
// report.
import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { printable } from '../../grammar/printable.js'
import { programVersion } from '../platform/compiled-entry.js'
import { exitCodes, RunError } from '../platform/errors.js'
import { asSystemLimit } from '../platform/system-limits.js'
import { withoutCredentials } from '../platform/texts/addresses.js'
import { terminalText } from '../platform/texts/terminal.js'
import type { LostOutput } from './context.js'
import { stateFolder } from './folders.js'

/**
 * Shows the error and returns the exit code. A RunError that came this far is still a user's error, and what
 * the system refuses none of saurun.
 */
export function reportBug(error: unknown): number {
  const told = error instanceof RunError ? error : asSystemLimit(error)
  if (told !== undefined) {
    write(runErrorText(told))
    return told.exitCode
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const summary = error instanceof Error ? `${error.name}: ${error.message.split('\n', 1)[0]}` : String(error)
  const file = writeCrashFile(stack)
  write(
    `saurun: this is a bug in saurun, not in your file (${summary})\n` +
      (file === undefined ? '' : `  details are in ${file}\n`) +
      '  please report it to the project, with that file and what you typed\n',
  )
  if (process.env.SAURUN_DEBUG !== undefined && process.env.SAURUN_DEBUG !== '') {
    write(`${stack}\n`)
  }
  return exitCodes.failed
}

/** SAU7132: what a command had to say was written to a full disk, or to a device that takes nothing. */
export function reportLostOutput({ stream, error }: LostOutput): void {
  if (stream === 'standard error') return
  const help = 'make room, or have the output written elsewhere'
  const lost = new RunError(
    'SAU7132',
    `${stream} cannot be written: ${error.message}`,
    help,
    exitCodes.failed,
  )
  process.stderr.write(runErrorText(lost))
}

/** A typed error as users see it. */
export function runErrorText(error: RunError): string {
  const help = error.help === undefined ? '' : `  help: ${printable(error.help)}\n`
  return `error[${error.code}]: ${printable(error.message)}\n${help}`
}

function write(text: string): void {
  process.stderr.write(terminalText(withoutCredentials(text)))
}

/** Nothing that fails here may hide what went wrong. */
function knownVersion(): string {
  try {
    return programVersion()
  } catch {
    return 'of an unknown version'
  }
}

/** Writes to the state folder, else to the folder for temporary files; undefined where neither lets it. */
function writeCrashFile(stack: string): string | undefined {
  const name = `crash-${new Date().toISOString().replace(/[:.]/g, '-')}-${process.pid}.txt`
  const text = [
    `saurun ${knownVersion()}, node ${process.version}, ${process.platform} ${process.arch}`,
    `arguments: ${JSON.stringify(process.argv.slice(2).map(withoutCredentials))}`,
    '',
    withoutCredentials(stack),
    '',
  ].join('\n')
  for (const folder of [stateFolder(), tmpdir()]) {
    try {
      mkdirSync(folder, { recursive: true })
      const file = join(folder, name)
      writeFileSync(file, text)
      return file
    } catch {
      // The next folder may do; without any, the sentence on the screen has to.
    }
  }
  return undefined
}
