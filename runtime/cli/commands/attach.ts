// `saurun attach [RUN]`: watches a run that goes on, as the command that started it would.
// `saurun logs [RUN]`: its journal as plain lines.
import { join } from 'node:path'
import { printable } from '../../../grammar/printable.js'
import { eventLine } from '../../observe/text/json.js'
import { plainRenderer } from '../../observe/text/plain.js'
import { terminalFacts } from '../../observe/text/terminal.js'
import { exitCodes } from '../../platform/errors.js'
import { currentOwner } from '../../platform/files/ownership.js'
import { readStored } from '../../platform/files/stored-file.js'
import { processLog } from '../../run/folder/file-names.js'
import type { JournalEvent } from '../../run/journal/events.js'
import { journalFile, readJournal } from '../../run/journal/journal.js'
import { attachRun, type WatchedRun } from '../../run/process/attach.js'
import type { Context } from '../context.js'
import type { CommandBody, Options } from '../declaration.js'
import type { attach, logs } from '../declared/runs.js'
import { watchRun } from '../watch.js'
import { chosenRun } from './chosen-run.js'

export const attachToRun: CommandBody<typeof attach> = async ([word], options, context) => {
  const runFolder = chosenRun(word, options)
  // Looked for before the journal is read: the end of a process that was there a moment ago stands in it.
  const wasAlive = currentOwner(runFolder) !== undefined
  const { events, end } = journalOf(runFolder)
  if (!wasAlive && events.at(-1)?.event === 'run_ended') {
    return await showEnded(runFolder, events, options, context)
  }
  let run: WatchedRun
  try {
    run = attachRun(runFolder, end)
  } catch (error) {
    const now = journalOf(runFolder).events
    const last = now.at(-1)
    if (!wasAlive || last?.event !== 'run_ended') throw error
    await showEnded(runFolder, now, options, context)
    return last.exitCode
  }
  const readonly = options.readonly === true
  return await watchRun(
    { run, earlier: events, repeats: true, interrupt: 'leave', readonly },
    options,
    context,
  )
}

/** A run that is over: on a terminal as it was in the end, until somebody leaves; elsewhere its lines. */
async function showEnded(
  runFolder: string,
  events: readonly JournalEvent[],
  options: Options<typeof attach>,
  context: Context,
): Promise<number> {
  let leave: (exitCode: number) => void = () => {}
  const left = new Promise<number>((resolve) => {
    leave = resolve
  })
  // Nothing comes any more, but a screen stays until it is left.
  const nothing: AsyncIterable<JournalEvent> = {
    [Symbol.asyncIterator]: () => ({
      async next() {
        if (isOnScreen(options, context)) await left
        return { done: true, value: undefined }
      },
    }),
  }
  const run: WatchedRun = {
    runFolder,
    events: nothing,
    tell() {},
    detach: () => leave(exitCodes.done),
    exit: Promise.resolve(exitCodes.done),
    gone: Promise.resolve(),
  }
  return await watchRun(
    { run, earlier: events, repeats: true, interrupt: 'leave', readonly: true, isOver: true },
    options,
    context,
  )
}

function isOnScreen(options: Options<typeof attach>, context: Context): boolean {
  return terminalFacts({
    stream: process.stdout,
    environment: context.environment,
    platform: process.platform,
    plain: options.plain === true || options.quiet === true || options.json === true,
    noUnicode: options.unicode === false,
  }).interactive
}

export const showLogs: CommandBody<typeof logs> = async ([word], options, context) => {
  const runFolder = chosenRun(word, options)
  if (options.process === true) {
    const log = join(runFolder, processLog)
    const printed = readStored(log)
    if (printed !== undefined) context.out(printed.toString('utf8'))
    return exitCodes.done
  }
  const { events, end } = journalOf(runFolder)
  const renderer = plainRenderer({ verbose: true })
  const write = (lines: readonly string[]): void => {
    for (const line of lines) context.out(`${line}\n`)
  }
  const show = (event: JournalEvent): void => {
    if (options.json === true) context.out(eventLine(event))
    else write([...renderer.event(event), ...endLine(event)])
  }
  for (const event of events) show(event)
  if (options.follow === true && currentOwner(runFolder) !== undefined) {
    for await (const event of attachRun(runFolder, end).events) show(event)
  }
  write(renderer.finish())
  return exitCodes.done
}

function endLine(event: JournalEvent): readonly string[] {
  if (event.event !== 'run_ended') return []
  return [
    `ended      ${event.code === undefined ? '' : `${event.code}: `}${printable(event.message)} (exit code ${event.exitCode})`,
  ]
}

function journalOf(runFolder: string): { readonly events: readonly JournalEvent[]; readonly end: number } {
  return readJournal(join(runFolder, journalFile))
}
