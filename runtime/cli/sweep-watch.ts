// Showing a sweep while its runs go on. What shows it reads the sweep's folder and nothing else: it may come and go.
import { setTimeout as sleep } from 'node:timers/promises'
import { answerText } from '../output/json.js'
import {
  type SweepWatch,
  sweepData,
  sweepLines,
  sweepRecords,
  sweepSummaryLines,
} from '../output/sweep-progress.js'
import { currentOwner } from '../run-folder/ownership.js'
import { tellSweep } from '../sweep/commands.js'
import { poolFolder, poolsOf } from '../sweep/events.js'
import { type SweepReader, type SweepView, sweepReader } from '../sweep/state.js'
import type { Context } from './context.js'
import type { Options } from './options.js'
import { shownFolder } from './watch.js'

/** Milliseconds between two looks. */
const lookInterval = 500

/** Shows the sweep until no pool works on it, and returns the exit code of the last; 0 where it was left. */
export async function watchSweep(
  sweepFolder: string,
  watch: SweepWatch,
  options: Options,
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
  try {
    await show(reader, watch, leaving.signal, options, context)
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
  const closing = { ...watch, commandOf: undefined }
  if (options.json === true) context.out(`${JSON.stringify(sweepData(view, closing))}\n`)
  else for (const line of sweepSummaryLines(view, closing)) context.out(`${line}\n`)
  const ended = view.events.findLast((event) => event.event === 'pool_ended')
  if (ended?.event !== 'pool_ended') {
    context.note('the pool of the sweep is gone without a word; the same command goes on with it\n')
    return 1
  }
  if (options.json !== true) context.note(`${ended.message}\n`)
  return ended.exitCode
}

/** The first signal stops the sweep after checkpoints, a later one at once; a terminal that goes away leaves it going. */
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

async function show(
  reader: SweepReader,
  watch: SweepWatch,
  leaving: AbortSignal,
  options: Options,
  context: Context,
): Promise<void> {
  const lines = sweepLines(watch)
  const records = sweepRecords(watch)
  const write = (view: SweepView): void => {
    const now = Date.now()
    if (options.json === true) {
      for (const record of records.view(view, now)) context.out(`${JSON.stringify(record)}\n`)
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
  watch: SweepWatch,
  options: Options,
  context: Context,
): void {
  const view = sweepReader(sweepFolder).read()
  const closing = { ...watch, commandOf: undefined }
  if (options.json === true) {
    context.out(answerText(sweepData(view, closing)))
    return
  }
  const pools = view.pools.map(
    ({ pool, owner }) => `${pool} (process ${owner.pid} on ${owner.host}, ${owner.life})`,
  )
  context.out(`pools      ${pools.length === 0 ? 'none: nothing is started any more' : pools.join(', ')}\n`)
  for (const line of sweepSummaryLines(view, closing)) context.out(`${line}\n`)
}
