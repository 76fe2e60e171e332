// `saurun run FILE` (or `saurun FILE`): compiles, starts the training process, and shows its journal in the form that
// the place of the output asks for.
import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { RunError } from '../../errors.js'
import type { JournalEvent } from '../../journal/events.js'
import { journalFile, readJournal } from '../../journal/journal.js'
import { eventLine } from '../../output/json.js'
import { plainRenderer } from '../../output/plain.js'
import type { RunView } from '../../output/run-view.js'
import { runSummary } from '../../output/summary.js'
import { terminalFacts } from '../../output/terminal.js'
import { findRun, runsRoot } from '../../run-folder/folder.js'
import { forwardSignals, type StartedTraining, startTraining } from '../../training/process.js'
import type { CommandBody } from '../command-table.js'
import { compileFile } from '../compile-file.js'
import type { Context } from '../context.js'
import type { Options } from '../options.js'
import { UsageError } from '../parser.js'
import { chosenSettings, runSettings, wordsOf } from '../settings.js'

/** Warnings of the compiler that whoever reads the results must know too: the best epoch is chosen on a test split. */
const reportedWarnings: ReadonlySet<string> = new Set(['SAU6101'])

export const runExperiment: CommandBody = async (words, options, context) => {
  if (options.dryRun === true) {
    const { showPlan } = await import('./plan.js')
    return showPlan(words, options, context)
  }
  const { files, settings } = wordsOf(words, options)
  if (files.length > 1) throw new UsageError(`one file at a time: ${files.join(', ')}`, undefined)
  const started = start(files[0], settings, options, context)
  if (typeof started === 'number') return started
  const release = forwardSignals(started.training)
  let isRead = true
  context.onReaderGone(() => {
    if (isRead) started.training.stop('finish', 'the reader of its output')
    isRead = false
  })
  try {
    return await watch(started, options, context)
  } finally {
    release()
  }
}

interface Started {
  readonly training: StartedTraining
  /** What the run did before this process, so that its curves begin where the run did. */
  readonly earlier: readonly JournalEvent[]
}

/** Starts the process, for a new run or one to go on with; an exit code where the file does not compile. */
function start(
  file: string | undefined,
  settings: ReadonlyMap<string, string>,
  options: Options,
  context: Context,
): Started | number {
  if (file === undefined && options.resume === undefined) {
    throw new UsageError('missing the file to run', 'write `saurun FILE`, or `saurun --resume last`')
  }
  if (file === undefined && (settings.size > 0 || options.seed !== undefined)) {
    throw new UsageError(
      'a resumed run keeps its params and its seed',
      'leave out the settings, or start a new run from the file',
    )
  }
  const compiled = file === undefined ? undefined : compileFile(file, settings, options, context)
  if (typeof compiled === 'number') return compiled
  const runs = runsRoot(options.runs)
  const profile = options.profile === true
  if (options.resume === undefined) {
    if (file === undefined || compiled === undefined) throw new TypeError('a new run has a file')
    const { plan, planHash, locations, texts, result } = compiled
    const warnings = result.diagnostics
      .filter(({ code }) => reportedWarnings.has(code))
      .map(({ title }) => title)
    const run = { plan, planHash, file, locations, texts, warnings, runs, settings: runSettings(options) }
    return { training: startTraining({ ...run, profile }), earlier: [] }
  }
  const resume = findRun(runs, options.resume)
  const journal = join(resume, journalFile)
  const earlier = existsSync(journal) ? readJournal(journal).events : []
  const current =
    compiled === undefined
      ? {}
      : { plan: compiled.plan, planHash: compiled.planHash, locations: compiled.locations }
  return {
    training: startTraining({ resume, ...current, settings: chosenSettings(options), profile }),
    earlier,
  }
}

async function watch({ training, earlier }: Started, options: Options, context: Context): Promise<number> {
  if (options.json === true) {
    for await (const event of training.events) context.out(eventLine(event))
    return await training.exit
  }
  const facts = terminalFacts({
    stream: process.stdout,
    environment: context.environment,
    platform: process.platform,
    plain: options.plain === true || options.quiet === true,
    noUnicode: options.unicode === false,
  })
  const view = facts.interactive
    ? await watchOnScreen(training, earlier, facts)
    : await watchInLines(training, earlier, options, context)
  const exitCode = await training.exit
  showSummary(view, training, facts.interactive, context)
  return exitCode
}

async function watchOnScreen(
  training: StartedTraining,
  earlier: readonly JournalEvent[],
  facts: { readonly colour: boolean; readonly unicode: boolean },
): Promise<RunView> {
  const { startTerminalUi } = await import('../../tui/start.js')
  const ui = await startTerminalUi({
    colour: facts.colour,
    unicode: facts.unicode,
    actions: {
      tell: ({ command }) => training.stop(command === 'stop_now' ? 'now' : 'finish', 'the terminal UI'),
      detach: () => {},
    },
  })
  try {
    for (const event of earlier) ui.event(event)
    for await (const event of training.events) ui.event(event)
  } finally {
    await ui.close()
  }
  return ui.view()
}

async function watchInLines(
  training: StartedTraining,
  earlier: readonly JournalEvent[],
  options: Options,
  context: Context,
): Promise<RunView> {
  const renderer = plainRenderer({ verbose: options.verbose === true })
  for (const event of earlier) renderer.event(event)
  renderer.finish()
  const write = (lines: readonly string[]): void => {
    if (options.quiet !== true) for (const line of lines) context.note(`${line}\n`)
  }
  for await (const event of training.events) write(renderer.event(event))
  write(renderer.finish())
  return renderer.view()
}

/** The result of the run: on standard output, as the answer of the command. A failure is told on standard error. */
function showSummary(view: RunView, training: StartedTraining, withAdvice: boolean, context: Context): void {
  const folder = relative(context.workingFolder, training.runFolder)
  const shown = folder.startsWith('..') ? training.runFolder : folder
  const lines = runSummary(view, { folder: shown, resume: `saurun --resume ${shown}`, withAdvice })
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
