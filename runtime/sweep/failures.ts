// Which failures of a run are worth another try, and when a sweep had better stop.
import { exitCodes } from '../errors.js'
import type { SweepEvent } from './events.js'
import { isFailure } from './state.js'

export interface Failure {
  readonly exitCode: number
  readonly code: string | undefined
}

/** SAU7302: gone without a word, often killed. */
const died = 'SAU7302'

/**
 * What may be otherwise another time: memory that ran out, and a process that was killed. A diverged run, a wrong file or wrong
 * data will be so again.
 */
export function isWorthAnotherTry({ exitCode, code }: Failure): boolean {
  return exitCode === exitCodes.outOfMemory || code === died
}

/** So many equal failures in a row, without a run that was done between them, and there is no use in going on. */
export const breakerLimit = 3

/** Whether the last runs that ended all failed for the same reason. */
export function isBroken(events: readonly SweepEvent[]): boolean {
  const start = events.findLastIndex(({ event }) => event === 'pool_started')
  const ended = events.slice(start + 1).flatMap((event) => (event.event === 'instance_ended' ? [event] : []))
  const last = ended.slice(-breakerLimit)
  const [first] = last
  if (first === undefined || last.length < breakerLimit) return false
  const kinds = new Set(last.map(({ exitCode, code }) => `${exitCode} ${code}`))
  const instances = new Set(last.map(({ instance }) => instance))
  return (
    kinds.size === 1 && instances.size === breakerLimit && last.every(({ exitCode }) => isFailure(exitCode))
  )
}
