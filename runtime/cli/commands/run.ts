// `saurun run FILE` (or `saurun FILE`): compiles, starts the training process, and shows its journal.
import { join } from 'node:path'
import { eventLine } from '../../observe/text/json.js'
import { exitCodes } from '../../platform/errors.js'
import { findRun, runsRoot } from '../../run/folder/folder.js'
import { readLock } from '../../run/folder/lock.js'
import { readLockedPlan } from '../../run/folder/locked-plan.js'
import { readTexts, textFault } from '../../run/folder/texts.js'
import type { JournalEvent } from '../../run/journal/events.js'
import { journalFile, readJournal } from '../../run/journal/journal.js'
import { forkPoint } from '../../run/process/fork.js'
import { type NewRun, type StartedTraining, startTraining } from '../../run/process/start-training.js'
import { type CompiledFile, compileFile } from '../compile-file.js'
import type { Context } from '../context.js'
import type { CommandBody, Options } from '../declaration.js'
import type { run as runCommand } from '../declared/training.js'
import type { OptionsOf } from '../flag.js'
import type { flags } from '../flags.js'
import { UsageError } from '../parser.js'
import { chosenSettings, runSettings, wordsOf } from '../settings.js'
import { goesOnText, watchRun } from '../watch.js'

/**
 * Warnings of the compiler that whoever reads the results must know too: the best epoch is chosen on a test
 * split.
 */
const reportedWarnings: ReadonlySet<string> = new Set(['SAU6101'])

export const runExperiment: CommandBody<typeof runCommand> = async (words, options, context) => {
  if (options.dryRun === true) {
    const { showPlan } = await import('./plan.js')
    return showPlan(words, options, context)
  }
  const { files, settings } = wordsOf(words, options)
  if (files.length > 1) throw new UsageError(`one file at a time: ${files.join(', ')}`, undefined)
  const started = start(files[0], settings, options, context)
  if (typeof started === 'number') return started
  const { training, earlier } = started
  if (options.detach === true) return await leaveAlone(training, options, context)
  return await watchRun(
    { run: training, earlier, repeats: false, interrupt: 'stop', readonly: false },
    options,
    context,
  )
}

interface Started {
  readonly training: StartedTraining
  /** What the run did before this process. */
  readonly earlier: readonly JournalEvent[]
}

/** Starts the process, for a new run or one to go on with; an exit code where the file does not compile. */
function start(
  file: string | undefined,
  settings: ReadonlyMap<string, string>,
  options: Options<typeof runCommand>,
  context: Context,
): Started | number {
  checkWords(file, settings, options)
  const compiled = file === undefined ? undefined : compileFile(file, settings, options, context)
  if (typeof compiled === 'number') return compiled
  const runs = runsRoot(options.runs)
  const profile = options.profile === true
  if (options.resume === undefined) {
    if (file === undefined || compiled === undefined) throw new TypeError('a new run has a file')
    const run = { ...newRun(file, compiled), runs, settings: runSettings(options), profile }
    return { training: startTraining(run), earlier: [] }
  }
  const resume = findRun(runs, options.resume)
  if (options.fork === true) {
    const fork = forkPoint(resume, ({ message }) => context.note(`warning: ${message}\n`))
    const made = file === undefined || compiled === undefined ? sameRun(resume) : newRun(file, compiled)
    const chosen = { ...readLock(resume).settings, ...chosenSettings(options) }
    return { training: startTraining({ ...made, runs, settings: chosen, profile, fork }), earlier: [] }
  }
  const earlier = readJournal(join(resume, journalFile)).events
  const current =
    compiled === undefined
      ? {}
      : {
          plan: compiled.plan,
          planHash: compiled.planHash,
          texts: compiled.texts,
          locations: compiled.locations,
        }
  const extend = options.extend === undefined ? {} : { extend: options.extend }
  const chosen = chosenSettings(options)
  return { training: startTraining({ resume, ...current, settings: chosen, profile, ...extend }), earlier }
}

function checkWords(
  file: string | undefined,
  settings: ReadonlyMap<string, string>,
  options: Options<typeof runCommand>,
): void {
  if (file === undefined && options.resume === undefined) {
    throw new UsageError('missing the file to run', 'write `saurun FILE`, or `saurun --resume last`')
  }
  if (file === undefined && (settings.size > 0 || options.seed !== undefined)) {
    throw new UsageError(
      'a resumed run keeps its params and its seed',
      'leave out the settings, start a new run from the file, or name the file with --resume and --fork',
    )
  }
  const alone = (['fork', 'extend'] as const).find((name) => options[name] !== undefined)
  if (alone !== undefined && options.resume === undefined) {
    throw new UsageError(`--${alone} needs the run that it is about`, `add --resume RUN`)
  }
  if (options.fork === true && options.extend !== undefined) {
    throw new UsageError('--fork and --extend do not go together', 'give the new run its epochs in the file')
  }
}

type Experiment = Omit<NewRun, 'runs' | 'settings'>

function newRun(file: string, { plan, planHash, locations, texts, result }: CompiledFile): Experiment {
  const warnings = result.diagnostics
    .filter(({ code }) => reportedWarnings.has(code))
    .map(({ title }) => title)
  return { plan, planHash, file, locations, texts, warnings }
}

/** The experiment of a run, from its folder. */
function sameRun(runFolder: string): Experiment {
  const { lock, plan } = readLockedPlan(runFolder)
  const texts = readTexts(runFolder, lock)
  return {
    plan,
    planHash: lock.planHash,
    file: lock.file,
    locations: lock.sources.map(({ locations }) => locations),
    texts: texts.map(({ path, text = '' }) => ({ path, text })),
    warnings: [
      ...lock.warnings,
      ...texts.flatMap((kept) => {
        const fault = textFault(kept)
        return fault === undefined ? [] : [`${fault}; the Plan, which is trained, was not`]
      }),
    ],
  }
}

/** Waits until the process has begun, so that a mistake is told here, and leaves it. */
export async function leaveAlone(
  training: StartedTraining,
  options: OptionsOf<typeof flags.json>,
  context: Context,
): Promise<number> {
  for await (const event of training.events) {
    if (event.event === 'run_ended') {
      context.note(`${event.code === undefined ? '' : `error[${event.code}]: `}${event.message}\n`)
      return event.exitCode
    }
    if (event.event !== 'phase_started' || event.phase !== 'train') continue
    training.detach()
    if (options.json === true) context.out(eventLine({ run: training.runFolder }))
    else context.out(goesOnText(training.runFolder, context))
    return exitCodes.done
  }
  return await training.exit
}
