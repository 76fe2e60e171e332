// What a run is told while it trains: by signals and by its command file. Everything only sets a flag here;
// the loop looks at it between two steps. Only a request to stop at once does not wait.
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { CommandReader, TakenCommand } from '../journal/commands.js'
import type { Commanded } from '../journal/events.js'

/** What the loop does at a border between two steps. */
export type Order = 'go_on' | 'evaluate' | 'extend' | 'stop' | 'stop_now'

/**
 * Two requests closer than this are one: a terminal and a parent process may both pass on the same Ctrl-C.
 */
const sameRequest = 400

/**
 * Milliseconds between two looks at the command file while no border comes: data is loaded, an epoch is
 * evaluated.
 */
const lookInterval = 250

export interface Control {
  /** Notes a request to stop after the step that is under way; a second one, later, means at once. */
  requestStop(by: string, now?: number): 'stop' | 'stop_now' | 'repeated'
  /** Lets signals and messages in, takes commands, waits while paused, and says what comes next. */
  border(): Promise<Order>
  /** By how many epochs the run was extended since the last call; after an `extend`. */
  takeEpochs(): number
  /** Lets signals and messages in, in the midst of a longer piece of work. */
  breathe(): Promise<void>
  /** Aborted once a request to stop was noted. */
  readonly stopping: AbortSignal
  close(): void
}

export interface ControlOptions {
  /** Gets every command once it is taken, for the journal. */
  readonly record: (event: Omit<Commanded, 'time'>) => void
  /** Ends the process as soon as it is told to stop at once; without it the next border says so. */
  readonly endNow?: (by: string) => void
}

export function createControl(
  commands: CommandReader | undefined,
  { record, endNow }: ControlOptions,
): Control {
  let stop: 'stop' | 'stop_now' | undefined
  let stopAsked = Number.NEGATIVE_INFINITY
  let paused = false
  const stopping = new AbortController()
  let evaluations = 0
  let epochs = 0
  let looked = Number.NEGATIVE_INFINITY

  const noteStop = (kind: 'stop' | 'stop_now', by: string): void => {
    stop = kind
    stopping.abort()
    record({ event: 'commanded', command: kind, by })
    if (kind === 'stop_now') endNow?.(by)
  }

  const requestStop = (by: string, now = performance.now()) => {
    if (now - stopAsked < sameRequest) return 'repeated'
    stopAsked = now
    const kind = stop === undefined ? 'stop' : 'stop_now'
    noteStop(kind, by)
    return kind
  }

  const take = (command: TakenCommand): void => {
    const { by } = command
    switch (command.command) {
      case 'stop':
        noteStop(stop ?? 'stop', by)
        return
      case 'stop_now':
        noteStop('stop_now', by)
        return
      case 'extend':
        epochs += command.epochs
        record({ event: 'commanded', command: 'extend', epochs: command.epochs, by })
        return
      case 'evaluate':
        evaluations++
        break
      case 'pause':
      case 'continue':
        paused = command.command === 'pause'
        break
    }
    record({ event: 'commanded', command: command.command, by })
  }

  const takeCommands = (): void => {
    if (commands === undefined || performance.now() - looked < 50) return
    looked = performance.now()
    for (const command of commands.take()) take(command)
  }
  const looking = commands === undefined ? undefined : setInterval(takeCommands, lookInterval).unref()

  return {
    requestStop,
    stopping: stopping.signal,
    async border() {
      await nextTurn()
      takeCommands()
      while (paused && stop === undefined && evaluations === 0 && epochs === 0) {
        await sleep(50)
        takeCommands()
      }
      if (stop !== undefined) return stop
      if (epochs > 0) return 'extend'
      if (evaluations > 0) {
        evaluations--
        return 'evaluate'
      }
      return 'go_on'
    },
    takeEpochs() {
      takeCommands()
      const taken = epochs
      epochs = 0
      return taken
    },
    async breathe() {
      await nextTurn()
    },
    close() {
      clearInterval(looking)
      commands?.close()
    },
  }
}
