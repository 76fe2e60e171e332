// `saurun replay RUN`: trains a run again from its lock and says where the two part, or that they do not.
import { join } from 'node:path'
import { checkEngine } from '../../apps/engine-check/check-engine.js'
import { placedData } from '../../apps/replay/data-places.js'
import { replayOf, replaySettings } from '../../apps/replay/prepare-replay.js'
import { type RunRecord, readRecord } from '../../apps/replay/record.js'
import { compareReplay, outcomeOf } from '../../apps/replay/verdict.js'
import { type Finding, verifyReplay } from '../../apps/replay/verify.js'
import { answerText, eventLine } from '../../observe/text/json.js'
import { findingsText, verdictText } from '../../observe/text/replay-text.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { currentOwner } from '../../platform/files/ownership.js'
import { findRun, runsRoot } from '../../run/folder/folder.js'
import { type RunSettings, readLock } from '../../run/folder/lock.js'
import type { JournalEvent } from '../../run/journal/events.js'
import { journalFile, lastEnding, readJournal } from '../../run/journal/journal.js'
import { type StartedTraining, startTraining } from '../../run/process/start-training.js'
import { diskHost } from '../compile-file.js'
import type { Context } from '../context.js'
import type { CommandBody, Options } from '../declaration.js'
import type { replay } from '../declared/training.js'
import { commandThatGets } from '../engines/engine-states.js'
import { UsageError } from '../parser.js'
import { chosenSettings } from '../settings.js'
import { shownFolder, watchRun } from '../watch.js'
import { leaveAlone } from './run.js'

export const replayRun: CommandBody<typeof replay> = async ([word], options, context) => {
  const runs = runsRoot(options.runs)
  if (options.resume !== undefined) {
    if (word !== undefined || options.verifyOnly === true) {
      throw new UsageError('--resume goes on with a replay that is there', 'name nothing else')
    }
    return await goOn(findRun(runs, options.resume), options, context)
  }
  if (word === undefined) {
    throw new UsageError('missing the run to repeat', 'write `saurun replay last`, or name a run')
  }
  const original = readRecord(findRun(runs, word))
  const settings = replaySettings(original, chosenSettings(options))
  const places = original.lock.sources.map(({ locations }) => locations)
  const locations = placedData(original.plan, places, options.data ?? [], context.workingFolder)
  const findings = await verified(original, settings, locations)
  const run = replayOf(original, {
    runs,
    settings,
    locations,
    findings,
    stopAtDifference: options.stopAtDifference === true,
  })
  tellFindings(original, findings, options, context)
  if (options.verifyOnly === true) return findings.length === 0 ? exitCodes.done : exitCodes.failed
  return await train(startTraining(run), [], original.folder, options, context)
}

/** @throws RunError SAU7601 where the engine does not load, and those of `verifyReplay`. */
async function verified(
  original: RunRecord,
  settings: RunSettings,
  locations: readonly (readonly string[])[],
): Promise<readonly Finding[]> {
  const name = settings.engine === 'auto' ? 'onnx' : settings.engine
  const engine = await checkEngine({ engine: name, threads: settings.threads })
  if (engine.state !== 'loads') {
    const get = commandThatGets(name)
    throw new RunError(
      'SAU7601',
      `${original.run} was trained by the engine ${name}, which does not load here: ${engine.reason}`,
      get === undefined
        ? 'name another engine with --engine'
        : `\`${get}\` gets it; or name another with --engine`,
      exitCodes.failed,
    )
  }
  return verifyReplay(original, { host: diskHost(), locations, settings, engine })
}

/**
 * On standard error while there is something to come, as the answer where this was all that was asked for.
 */
function tellFindings(
  { run }: RunRecord,
  findings: readonly Finding[],
  options: Options<typeof replay>,
  context: Context,
): void {
  const exact = findings.length === 0
  if (options.json === true) {
    const answer = { run, exact, findings }
    if (options.verifyOnly === true) context.out(answerText(answer))
    else context.out(eventLine({ event: 'replay_verified', ...answer }))
  } else if (options.verifyOnly === true) context.out(findingsText(run, findings, context.outPalette))
  else if (!exact) context.note(findingsText(run, findings, context.notePalette))
}

/** Goes on with a replay that was interrupted; one that is done is only compared once more. */
async function goOn(folder: string, options: Options<typeof replay>, context: Context): Promise<number> {
  const { origin, lock } = replayIn(folder)
  const journal = join(folder, journalFile)
  const ending = lastEnding(journal)
  const isOver =
    ending?.outcome === 'done' ||
    ending?.outcome === 'diverged' ||
    (ending !== undefined && origin.until !== undefined && ending.step + 1 >= origin.until)
  if (isOver && currentOwner(folder) === undefined)
    return tellVerdict(folder, origin.folder, options, context)
  const earlier = readJournal(journal).events
  const settings = { ...lock.settings, ...chosenSettings(options) }
  return await train(startTraining({ resume: folder, settings }), earlier, origin.folder, options, context)
}

/** @throws RunError SAU7126 where the run repeats none. */
function replayIn(folder: string) {
  const lock = readLock(folder)
  if (lock.replayOf !== undefined) return { origin: lock.replayOf, lock }
  throw new RunError(
    'SAU7126',
    `${folder} is no replay: it repeats no run`,
    'go on with it by `saurun --resume RUN`, or repeat it by `saurun replay RUN`',
    exitCodes.usage,
  )
}

async function train(
  training: StartedTraining,
  earlier: readonly JournalEvent[],
  original: string,
  options: Options<typeof replay>,
  context: Context,
): Promise<number> {
  const { runFolder } = training
  if (options.detach === true) return await leaveAlone(training, options, context)
  const goesOn = `${context.command} replay --resume ${shownFolder(runFolder, context)}`
  const exitCode = await watchRun(
    { run: training, earlier, repeats: false, interrupt: 'stop', readonly: false, goesOn },
    options,
    context,
  )
  if (currentOwner(runFolder) !== undefined) {
    context.note(`  ${goesOn}   compares it, once it is done\n`)
    return exitCode
  }
  const ended = [exitCodes.done, exitCodes.stoppedWithCheckpoint, exitCodes.diverged] as const
  if (!ended.some((code) => code === exitCode)) return exitCode
  return tellVerdict(runFolder, original, options, context)
}

function tellVerdict(
  folder: string,
  original: string,
  options: Options<typeof replay>,
  context: Context,
): number {
  const verdict = compareReplay(original, folder)
  if (options.json === true) {
    context.out(eventLine({ event: 'replay_compared', ...verdict }))
  } else context.out(verdictText(verdict, context.outPalette))
  switch (outcomeOf(verdict)) {
    case 'identical':
      return exitCodes.done
    case 'differs':
      return exitCodes.failed
    case 'identical so far':
      return exitCodes.stoppedWithCheckpoint
  }
}
