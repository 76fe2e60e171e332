// What a run is told while it trains: by signals, by its parent process, by its command file. Everything only sets a
// flag here; the loop looks at it between two steps.
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { CommandReader } from '../journal/commands.js'
import type { Commanded } from '../journal/events.js'

/** What the loop does at a border between two steps. */
export type Order = 'go_on' | 'evaluate' | 'stop' | 'stop_now'

/** Two requests closer than this are one: a terminal and a parent process may both pass on the same Ctrl-C. */
const sameRequest = 400

export interface Control {
  /** Notes a request to stop after the step that is under way; a second one, later, means at once. */
  requestStop(by: string, now?: number): 'stop' | 'stop_now' | 'repeated'
  /** Lets signals and messages in, takes commands, waits while paused, and says what comes next. */
  border(): Promise<Order>
  /** Lets signals and messages in, in the midst of a longer piece of work. */
  breathe(): Promise<void>
  /** Aborted once a request to stop was noted. */
  readonly stopping: AbortSignal
  close(): void
}

/** `record` gets every command once it is taken, for the journal. */
export function createControl(
  commands: CommandReader | undefined,
  record: (event: Omit<Commanded, 'time'>) => void,
): Control {
  let stop: 'stop' | 'stop_now' | undefined
  let stopAsked = Number.NEGATIVE_INFINITY
  let paused = false
  const stopping = new AbortController()
  let evaluations = 0
  let looked = Number.NEGATIVE_INFINITY

  const requestStop = (by: string, now = performance.now()) => {
    if (now - stopAsked < sameRequest) return 'repeated'
    stopAsked = now
    stop = stop === undefined ? 'stop' : 'stop_now'
    stopping.abort()
    record({ event: 'commanded', command: stop, by })
    return stop
  }

  const takeCommands = () => {
    if (commands === undefined || performance.now() - looked < 50) return
    looked = performance.now()
    for (const { command, by } of commands.take()) {
      record({ event: 'commanded', command, by })
      switch (command) {
        case 'stop':
          stop ??= 'stop'
          break
        case 'stop_now':
          stop = 'stop_now'
          break
        case 'evaluate':
          evaluations++
          break
        case 'pause':
        case 'continue':
          paused = command === 'pause'
          break
      }
    }
  }

  return {
    requestStop,
    stopping: stopping.signal,
    async border() {
      await nextTurn()
      takeCommands()
      while (paused && stop === undefined && evaluations === 0) {
        await sleep(50)
        takeCommands()
      }
      if (stop !== undefined) return stop
      if (evaluations > 0) {
        evaluations--
        return 'evaluate'
      }
      return 'go_on'
    },
    async breathe() {
      await nextTurn()
    },
    close() {
      commands?.close()
    },
  }
}
