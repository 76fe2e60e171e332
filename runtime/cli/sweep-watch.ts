// Showing a sweep while its runs go on. What shows it reads the sweep's folder and nothing else: it may come
// and go.
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Sweep } from '../../compiler/sweep/index.js'
import { tellSweep } from '../apps/sweep/commands.js'
import { poolFolder, poolsOf } from '../apps/sweep/events.js'
import { defaultGoal, type SettingResult, sweepGoal } from '../apps/sweep/results.js'
import { settingCommand } from '../apps/sweep/setting-command.js'
import { type SweepReader, type SweepView, sweepReader } from '../apps/sweep/state.js'
import { diskHost } from '../data/host/shared-host.js'
import { answerText, eventLine } from '../observe/text/json.js'
import {
  type SweepWatch,
  sweepData,
  sweepLines,
  sweepRecords,
  sweepSummaryLines,
} from '../observe/text/sweep-progress.js'
import { type TerminalFacts, terminalFacts } from '../observe/text/terminal.js'
import { currentOwner } from '../platform/files/ownership.js'
import { confusionReader } from '../run/folder/confusions.js'
import { sendCommand } from '../run/journal/commands.js'
import { followJournal } from '../run/journal/follow.js'
import { journalFile } from '../run/journal/journal.js'
import type { Context } from './context.js'
import { shownFolder, type WatchFlags } from './watch.js'

/** Milliseconds between two looks. */
const lookInterval = 500

/** What showing a sweep needs to know of it. */
export interface ShownSweep extends SweepWatch {
  readonly expected?: number
  /** Whether trials can be added. */
  readonly takesTrials: boolean
  /** The command that trains a setting by itself. */
  readonly commandOf: (setting: Pick<SettingResult, 'params'>) => string
}

/** @param expected instances in all, with those that a search has still to choose */
export function shownSweep(sweep: Sweep, workingFolder: string, expected?: number): ShownSweep {
  return {
    goal: sweepGoal(sweep) ?? defaultGoal,
    ...(expected === undefined ? {} : { expected }),
    takesTrials: sweep.draw?.kind === 'search',
    commandOf: ({ params }) => settingCommand(diskHost(), sweep, workingFolder, params),
  }
}

/** Shows the sweep until no pool works on it, and returns the exit code of the last; 0 where it was left. */
export async function watchSweep(
  sweepFolder: string,
  shown: ShownSweep,
  options: WatchFlags,
  context: Context,
): Promise<number> {
  const reader = sweepReader(sweepFolder)
  const leaving = new AbortController()
  let code = 0
  const leave = (exitCode: number): void => {
    code = exitCode
    leaving.abort()
  }
  const release = takeSignals(sweepFolder, leave)
  context.onReaderGone(() => leave(0))
  const facts = terminalFacts({
    stream: process.stdout,
    environment: context.environment,
    platform: process.platform,
    plain: options.plain === true || options.quiet === true || options.json === true,
    noUnicode: options.unicode === false,
  })
  try {
    if (facts.interactive) await showOnScreen(reader, shown, leaving, facts)
    else await showInLines(reader, shown, leaving.signal, options, context)
  } finally {
    release()
  }
  if (leaving.signal.aborted && isWorkedOn(sweepFolder)) {
    context.note(
      `the sweep goes on: ${shownFolder(sweepFolder, context)}\n  the same command watches it again, \`saurun sweep stop\` stops it\n`,
    )
    return code
  }
  const view = reader.read()
  if (options.json === true) context.out(eventLine(sweepData(view, shown)))
  else for (const line of sweepSummaryLines(view, shown)) context.out(`${line}\n`)
  const ended = view.events.findLast((event) => event.event === 'pool_ended')
  if (ended?.event !== 'pool_ended') {
    context.note('the pool of the sweep is gone without a word; the same command goes on with it\n')
    return 1
  }
  if (options.json !== true) context.note(`${ended.message}\n`)
  return ended.exitCode
}

/** The sweep's screen, and that of a run as long as one is opened. */
async function showOnScreen(
  reader: SweepReader,
  { goal, expected, takesTrials }: ShownSweep,
  leaving: AbortController,
  { colour, unicode }: TerminalFacts,
): Promise<void> {
  const [{ startSweepUi }, { startTerminalUi }] = await Promise.all([
    import('../observe/tui/sweep/start.js'),
    import('../observe/tui/start.js'),
  ])
  const { folder } = reader.read()
  const by = 'the terminal UI'
  let opened: string | undefined
  for (;;) {
    let open: string | undefined
    const change = new AbortController()
    const ui = await startSweepUi({
      colour,
      unicode,
      reader,
      goal,
      expected,
      takesTrials,
      selectedRun: opened,
      actions: {
        tell: (command) => tellSweep(folder, command, by),
        tellRun: (run, command) => sendCommand(run, command, by),
        detach: () => leaving.abort(),
      },
      onLeave: () => leaving.abort(),
      onOpen(run) {
        open = run
        change.abort()
      },
    })
    const over = AbortSignal.any([leaving.signal, change.signal])
    while (!over.aborted && isWorkedOn(folder)) {
      await sleep(lookInterval, undefined, { signal: over }).catch(() => {})
    }
    await ui.close()
    if (open === undefined) return
    opened = open
    await showRun(open, startTerminalUi, { colour, unicode }, leaving.signal)
  }
}

/** One run's screen, until it is left. */
async function showRun(
  runFolder: string,
  startTerminalUi: typeof import('../observe/tui/start.js').startTerminalUi,
  look: { readonly colour: boolean; readonly unicode: boolean },
  leaving: AbortSignal,
): Promise<void> {
  const left = new AbortController()
  const leave = (): void => left.abort()
  const ui = await startTerminalUi({
    ...look,
    // A run that is over can only be looked at.
    actions:
      currentOwner(runFolder) === undefined
        ? undefined
        : { tell: (command) => sendCommand(runFolder, command, 'the terminal UI'), detach: leave },
    confusionOf: confusionReader(runFolder),
    onLeave: leave,
    run: basename(runFolder),
  })
  const signal = AbortSignal.any([left.signal, leaving])
  for await (const event of followJournal(join(runFolder, journalFile), { signal })) ui.event(event)
  await ui.close()
}

/**
 * The first signal stops the sweep after checkpoints, a later one at once; a terminal that goes away leaves
 * it going.
 */
function takeSignals(sweepFolder: string, leave: (exitCode: number) => void): () => void {
  let asked = 0
  const stop = (signal: NodeJS.Signals): void =>
    tellSweep(sweepFolder, { command: asked++ === 0 ? 'stop' : 'stop_now' }, signal)
  const hangUp = (): void => leave(129)
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM']
  if (process.platform !== 'win32') signals.push('SIGUSR2')
  for (const signal of signals) process.on(signal, stop)
  process.on('SIGHUP', hangUp)
  return () => {
    for (const signal of signals) process.off(signal, stop)
    process.off('SIGHUP', hangUp)
  }
}

export function isWorkedOn(sweepFolder: string): boolean {
  return poolsOf(sweepFolder).some((pool) => currentOwner(poolFolder(sweepFolder, pool)) !== undefined)
}

async function showInLines(
  reader: SweepReader,
  watch: SweepWatch,
  leaving: AbortSignal,
  options: WatchFlags,
  context: Context,
): Promise<void> {
  const lines = sweepLines(watch)
  const records = sweepRecords(watch)
  const write = (view: SweepView): void => {
    const now = Date.now()
    if (options.json === true) {
      for (const record of records.view(view, now)) context.out(eventLine(record))
    } else if (options.quiet !== true) {
      for (const line of lines.view(view, now)) context.note(`${line}\n`)
    }
  }
  for (;;) {
    const goesOn = isWorkedOn(reader.read().folder)
    write(reader.read())
    if (!goesOn || leaving.aborted) return
    await sleep(lookInterval, undefined, { signal: leaving }).catch(() => {})
  }
}

/** `saurun sweep status`. */
export function sweepStatusText(
  sweepFolder: string,
  shown: ShownSweep,
  options: WatchFlags,
  context: Context,
): void {
  const view = sweepReader(sweepFolder).read()
  if (options.json === true) {
    context.out(answerText(sweepData(view, shown)))
    return
  }
  const pools = view.pools.map(
    ({ pool, owner }) => `${pool} (process ${owner.pid} on ${owner.host}, ${owner.life})`,
  )
  context.out(`pools      ${pools.length === 0 ? 'none: nothing is started any more' : pools.join(', ')}\n`)
  for (const line of sweepSummaryLines(view, shown)) context.out(`${line}\n`)
}
