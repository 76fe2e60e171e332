// Showing a run while it goes on, in the form that the place of the output asks for, and passing on what its
// watcher wants. The run itself needs nobody who watches: when the terminal goes away, or whoever read the
// output, it goes on.
import { basename, relative } from 'node:path'
import { eventLine } from '../observe/text/json.js'
import { plainRenderer } from '../observe/text/plain.js'
import { runSummary } from '../observe/text/summary.js'
import { type TerminalFacts, terminalFacts } from '../observe/text/terminal.js'
import { RunError } from '../platform/errors.js'
import { confusionReader } from '../run/folder/confusions.js'
import type { JournalEvent } from '../run/journal/events.js'
import type { WatchedRun } from '../run/process/attach.js'
import type { RunView } from '../run/view/run-view.js'
import type { Context } from './context.js'
import type { OptionsOf } from './flag.js'
import type { flags } from './flags.js'

/** Flags that say how what goes on is shown. */
export type WatchFlags = OptionsOf<(typeof flags)['plain' | 'quiet' | 'verbose' | 'json' | 'noUnicode']>

export interface Watch {
  readonly run: WatchedRun
  /** What the run did before, so that its curves begin where the run did. */
  readonly earlier: readonly JournalEvent[]
  /** Whether lines and JSON begin with what was before. */
  readonly repeats: boolean
  /** What Ctrl-C and SIGTERM mean where no screen says otherwise: the run's stop, or the end of watching. */
  readonly interrupt: 'stop' | 'leave'
  /** Nothing can be asked of the run. */
  readonly readonly: boolean
  /** The run has ended before; whoever leaves need not be told that it goes on. */
  readonly isOver?: boolean
  /** The command that goes on with it, where `saurun --resume` is not all. */
  readonly goesOn?: string
}

/** Exit code of a process that its terminal left behind. */
const hungUp = 129

/** Shows the run to its end and returns its exit code; 0 where it was left to itself. */
export async function watchRun(watch: Watch, options: WatchFlags, context: Context): Promise<number> {
  const { run } = watch
  const leaving = new Leaving(run)
  const release = takeSignals(watch, leaving)
  context.onReaderGone(() => leaving.leave(0))
  try {
    const facts = terminalFacts({
      stream: process.stdout,
      environment: context.environment,
      platform: process.platform,
      plain: options.plain === true || options.quiet === true || options.json === true,
      noUnicode: options.unicode === false,
    })
    const view = await show(watch, leaving, facts, options, context)
    if (leaving.code !== undefined && watch.isOver !== true) {
      context.note(goesOnText(run.runFolder, context))
      return leaving.code
    }
    const exitCode = await run.exit
    if (options.json !== true) showSummary(view, run.runFolder, context, watch.goesOn)
    return exitCode
  } finally {
    release()
  }
}

/** Whether watching was ended before the run, and with which exit code. */
class Leaving {
  code: number | undefined
  constructor(private readonly run: WatchedRun) {}

  leave(code: number): void {
    this.code ??= code
    this.run.detach()
  }
}

/**
 * The first SIGINT, SIGTERM or SIGUSR2 asks the run to stop after a checkpoint, later ones at once; a
 * terminal that goes away (SIGHUP) ends watching only.
 */
function takeSignals({ run, interrupt, readonly }: Watch, leaving: Leaving): () => void {
  let asked = 0
  const pass = (signal: NodeJS.Signals): void => {
    if (interrupt === 'leave' || readonly) leaving.leave(0)
    else run.tell({ command: asked++ === 0 ? 'stop' : 'stop_now' }, signal)
  }
  const hangUp = (): void => leaving.leave(hungUp)
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM']
  if (process.platform !== 'win32') signals.push('SIGUSR2')
  for (const signal of signals) process.on(signal, pass)
  process.on('SIGHUP', hangUp)
  return () => {
    for (const signal of signals) process.off(signal, pass)
    process.off('SIGHUP', hangUp)
  }
}

async function show(
  watch: Watch,
  leaving: Leaving,
  facts: TerminalFacts,
  options: WatchFlags,
  context: Context,
): Promise<RunView> {
  if (options.json !== true) {
    return facts.interactive
      ? await showOnScreen(watch, leaving, facts)
      : await showInLines(watch, options, context)
  }
  const { view } = plainRenderer({ verbose: false })
  if (watch.repeats) for (const event of watch.earlier) context.out(eventLine(event))
  for await (const event of watch.run.events) context.out(eventLine(event))
  return view()
}

async function showOnScreen(watch: Watch, leaving: Leaving, facts: TerminalFacts): Promise<RunView> {
  const { run, earlier, readonly } = watch
  const { startTerminalUi } = await import('../observe/tui/start.js')
  const leave = (): void => leaving.leave(0)
  const ui = await startTerminalUi({
    colour: facts.colour,
    unicode: facts.unicode,
    actions: readonly
      ? undefined
      : { tell: (command) => run.tell(command, 'the terminal UI'), detach: leave },
    confusionOf: confusionReader(run.runFolder),
    onLeave: leave,
  })
  try {
    for (const event of earlier) ui.event(event)
    for await (const event of run.events) ui.event(event)
  } finally {
    await ui.close()
  }
  return ui.view()
}

async function showInLines(watch: Watch, options: WatchFlags, context: Context): Promise<RunView> {
  const renderer = plainRenderer({ verbose: options.verbose === true })
  const write = (lines: readonly string[]): void => {
    if (options.quiet !== true) for (const line of lines) context.note(`${line}\n`)
  }
  for (const event of watch.earlier) {
    const lines = renderer.event(event)
    if (watch.repeats) write(lines)
  }
  const held = renderer.finish()
  if (watch.repeats) write(held)
  for await (const event of watch.run.events) write(renderer.event(event))
  write(renderer.finish())
  return renderer.view()
}

/** A run folder as the user would write it. */
export function shownFolder(runFolder: string, context: Context): string {
  const folder = relative(context.workingFolder, runFolder)
  return folder.startsWith('..') ? runFolder : folder
}

/** What is said to whoever leaves a run that goes on. */
export function goesOnText(runFolder: string, context: Context): string {
  const name = basename(runFolder)
  const folder = shownFolder(runFolder, context)
  const { command } = context
  return `the run goes on: ${folder}\n  ${command} attach ${name}   watches it again\n  ${command} stop ${name}     stops it after a checkpoint\n`
}

/**
 * The result of the run: on standard output, as the answer of the command. A failure is told on standard
 * error.
 */
export function showSummary(
  view: RunView,
  runFolder: string,
  context: Context,
  resume = `${context.command} --resume ${shownFolder(runFolder, context)}`,
): void {
  const shown = shownFolder(runFolder, context)
  const lines = runSummary(view, { folder: shown, resume })
  const isFailure = view.ended?.outcome === 'failed' || view.ended?.outcome === 'diverged'
  const write = isFailure ? context.note : context.out
  for (const line of lines) write(`${line}\n`)
  if (view.ended === undefined) {
    throw new RunError(
      'SAU7302',
      'the training process ended without a word',
      `look into ${shown}/process.log`,
      1,
    )
  }
}
