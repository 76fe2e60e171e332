// The parent's side of training: makes the run folder, starts the training process, reads its journal, passes on
// requests to stop, and says so when the process ends without a word.
import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Plan } from '../../compiler/plan/plan.js'
import { compiledEntry } from '../compiled-entry.js'
import { exitCodes, RunError } from '../errors.js'
import type { JournalEvent, RunEnded } from '../journal/events.js'
import { followJournal } from '../journal/follow.js'
import { journalFile, readJournal } from '../journal/journal.js'
import { writeDurably } from '../run-folder/durable.js'
import { asWriteRefusal, createRunFolder, experimentSlug } from '../run-folder/folder.js'
import { copyTexts, type RunSettings, readLock, readRunJson, writeLock } from '../run-folder/lock.js'
import { currentOwner } from '../run-folder/ownership.js'
import type { RefusalMessage, StopMessage } from './child.js'
import { planDifferences } from './plan-difference.js'
import { appendEnding, memoryKills, type ProcessEnd, processLog, silentEnding } from './silent-ending.js'

/** A process that was told to end at once may take this long, ms, before it is killed. */
const patience = 3_000

/** An experiment that was compiled and is to be trained anew. */
export interface NewRun {
  readonly plan: Plan
  readonly planHash: string
  /** The experiment's file as the user named it. */
  readonly file: string
  /** Absolute paths of each of `Plan.sources`, in the order in which the source names them; none for drawn data. */
  readonly locations: readonly (readonly string[])[]
  /** The texts that were compiled, the experiment first. */
  readonly texts: readonly { readonly path: string; readonly text: string }[]
  /** Warnings of the compiler that belong into reports. */
  readonly warnings?: readonly string[]
  /** Folder that holds all runs (`runsRoot`). */
  readonly runs: string
  readonly settings: RunSettings
  /** Profile some steps before training. */
  readonly profile?: boolean
}

/** A run that is there and is to go on. */
export interface ResumedRun {
  /** Its folder (`findRun`). */
  readonly resume: string
  /** What the experiment's file compiles to now, where it was named again: it must be the run's own Plan. */
  readonly plan?: Plan
  readonly planHash?: string
  /** Where the data lies now, when it was moved; its content is checked against the Plan. */
  readonly locations?: readonly (readonly string[])[]
  /** Replace the settings that the run was started with, one by one. */
  readonly settings?: Partial<RunSettings>
  readonly profile?: boolean
}

export interface StartedTraining {
  readonly runFolder: string
  /**
   * Events of this process's part in the run, to its `run_ended`. Can be read once. Reading throws RunError SAU7102
   * where another process took the run first: then this one has no part in it.
   */
  readonly events: AsyncIterable<JournalEvent>
  /** `finish`: the step, then a checkpoint, then exit 75. `now`: at once. `by` is for the journal. */
  stop(how: 'finish' | 'now', by: string): void
  /** Resolves once the process is gone and its end stands in the journal. */
  readonly exit: Promise<number>
}

/**
 * Starts training in a process of its own, in a new run folder or in that of a run to go on with.
 * @throws RunError SAU7101 (no run), SAU7102 (in use), SAU7104 (another Plan), SAU7105 (already done), SAU7106 (no folder).
 */
export function startTraining(run: NewRun | ResumedRun): StartedTraining {
  const runFolder = 'resume' in run ? reopen(run) : prepare(run)
  const journalPath = join(runFolder, journalFile)
  const from = existsSync(journalPath) ? statSync(journalPath).size : 0
  const log = refusingWrites(runFolder, () => openSync(join(runFolder, processLog), 'a'))
  const logFrom = statSync(join(runFolder, processLog)).size
  const killsBefore = memoryKills()
  // In a group of its own: a Ctrl-C on the terminal reaches the parent alone, which passes it on once.
  const child = fork(
    compiledEntry('runtime/training/child.js'),
    [runFolder, ...(run.profile === true ? ['profile'] : [])],
    {
      detached: true,
      execArgv: ['--enable-source-maps'],
      stdio: ['ignore', log, log, 'ipc'],
    },
  )
  closeSync(log)
  let refused: RefusalMessage['refused'] | undefined
  child.on('message', (message: RefusalMessage) => {
    refused = message.refused
  })
  const ended = new AbortController()
  const exit = endOf(child).then(async (end) => {
    try {
      if (refused !== undefined) return refused.exitCode
      const said = lastEnding(journalPath, from)
      if (said !== undefined) return said.exitCode
      const printed = readFileSync(join(runFolder, processLog)).subarray(logFrom).toString('utf8')
      const ending = silentEnding(runFolder, { ...end, printed, killed: memoryKills() > killsBefore })
      appendEnding(journalPath, { ...ending, message: await endingMessage(runFolder, ending) })
      return ending.exitCode
    } finally {
      ended.abort()
    }
  })
  return {
    runFolder,
    exit,
    events: eventsOf(journalPath, from, { pid: child.pid, ended: ended.signal, refusal: () => refused }),
    stop(how, by) {
      if (child.exitCode !== null || child.signalCode !== null) return
      const message: StopMessage = { stop: how, by }
      if (child.connected) child.send(message)
      if (how === 'now') setTimeout(() => child.kill('SIGKILL'), patience).unref()
    },
  }
}

/** Its sentence; the compiler's graph stage is loaded only where an estimate is to stand in it. */
async function endingMessage(runFolder: string, ending: RunEnded): Promise<string> {
  if (ending.code !== 'SAU7301') return ending.message
  const { messageWithEstimate } = await import('./memory-estimate.js')
  return messageWithEstimate(ending, readRunJson(runFolder, 'plan.json') as Plan)
}

/** Passes SIGINT, SIGTERM, SIGHUP and SIGUSR2 of this process on: the first asks to finish, later ones to end now. */
export function forwardSignals(training: StartedTraining): () => void {
  let asked = 0
  const forward = (signal: NodeJS.Signals) => training.stop(asked++ === 0 ? 'finish' : 'now', signal)
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
  if (process.platform !== 'win32') signals.push('SIGUSR2')
  for (const signal of signals) process.on(signal, forward)
  return () => {
    for (const signal of signals) process.off(signal, forward)
  }
}

function prepare({ plan, planHash, file, locations, texts, warnings, runs, settings }: NewRun): string {
  const runFolder = createRunFolder(runs, experimentSlug(file))
  refusingWrites(runFolder, () => {
    const copies = copyTexts(runFolder, texts)
    writeLock(runFolder, {
      lock: 1,
      planHash,
      title: plan.title,
      file,
      texts: copies,
      params: Object.fromEntries(plan.params.map(({ name, value }) => [name, value])),
      sources: plan.sources.map((source, position) => ({
        locations: locations[position] ?? [],
        content: source.format === 'shapes' ? undefined : source.content,
      })),
      warnings: warnings ?? [],
      settings,
      processes: [],
    })
    // Last: a folder with a Plan is a run.
    writeDurably(join(runFolder, 'plan.json'), `${JSON.stringify(plan, undefined, 1)}\n`)
  })
  return runFolder
}

/** @throws RunError SAU7106 where the file system does not take what `write` writes into the run's folder. */
function refusingWrites<T>(runFolder: string, write: () => T): T {
  try {
    return write()
  } catch (error) {
    throw asWriteRefusal(error, runFolder)
  }
}

function reopen({ resume: runFolder, plan, planHash, locations, settings }: ResumedRun): string {
  const lock = readLock(runFolder)
  const own = readRunJson(runFolder, 'plan.json') as Plan
  if (planHash !== undefined && plan !== undefined && planHash !== lock.planHash) {
    const differences = planDifferences(own, plan)
    throw new RunError(
      'SAU7104',
      `${runFolder} was made from another plan${differences.length === 0 ? '' : `: ${differences.join('; ')}`}`,
      'resume it without the file and its settings, or start a new run',
      exitCodes.usage,
    )
  }
  const owner = currentOwner(runFolder)
  if (owner !== undefined) {
    throw new RunError(
      'SAU7102',
      `${runFolder} is in use by process ${owner.pid} on ${owner.host}`,
      'wait until it ends, or stop it; two processes cannot train one run',
      exitCodes.failed,
    )
  }
  const journal = join(runFolder, journalFile)
  const last = existsSync(journal) ? lastEnding(journal, 0) : undefined
  if (last?.outcome === 'done') {
    throw new RunError(
      'SAU7105',
      `${runFolder} is done: there is nothing to go on with`,
      'start a new run',
      exitCodes.usage,
    )
  }
  if (settings !== undefined || locations !== undefined) {
    const sources = lock.sources.map((source, at) => ({
      ...source,
      locations: locations?.[at] ?? source.locations,
    }))
    const renewed = { ...lock, sources, settings: { ...lock.settings, ...settings } }
    refusingWrites(runFolder, () => writeLock(runFolder, renewed))
  }
  return runFolder
}

/** `run_ended` of the last process that worked in the run, from byte `from` of the journal on. */
function lastEnding(journal: string, from: number): RunEnded | undefined {
  if (!existsSync(journal)) return undefined
  const last = readJournal(journal, from).events.at(-1)
  return last?.event === 'run_ended' ? last : undefined
}

interface TrainingProcess {
  readonly pid: number | undefined
  /** Aborted once the process is gone. */
  readonly ended: AbortSignal
  readonly refusal: () => RefusalMessage['refused'] | undefined
}

async function* eventsOf(
  journal: string,
  from: number,
  { pid, ended, refusal }: TrainingProcess,
): AsyncGenerator<JournalEvent> {
  // Until a process says that it starts, what it writes may be that of another one that took the run a moment before.
  let unclaimed: JournalEvent[] = []
  let isOwn = false
  for await (const event of followJournal(journal, { from, signal: ended })) {
    if (!isOwn && event.event === 'run_started') {
      isOwn = event.pid === pid
      if (isOwn) yield* unclaimed
      unclaimed = []
    }
    if (isOwn) yield event
    else unclaimed.push(event)
    if (isOwn && event.event === 'run_ended') return
  }
  const refused = refusal()
  if (refused !== undefined) {
    throw new RunError(refused.code, refused.message, refused.help, refused.exitCode)
  }
  yield* unclaimed
}

function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, notStarted: error.message })
    })
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
}
