// Which failures of a run are worth another try, and when a sweep had better stop.
import { exitCodes } from '../../platform/errors.js'
import { isFailure } from './state.js'

export interface Failure {
  readonly exitCode: number
  readonly code: string | undefined
}

/** How a run of a pool ended, in the order of their ends. */
export interface EndedRun extends Failure {
  readonly instance: number
  readonly setting: number
}

/** SAU7302: gone without a word, often killed. */
export const died = 'SAU7302'

/** A run that the sweep's own limit stopped. */
export const tookTooLong = 'SAU8063'

/**
 * What may be otherwise another time: memory that ran out, and a process that was killed. A diverged run, a
 * wrong file or wrong data will be so again.
 */
export function isWorthAnotherTry({ exitCode, code }: Failure): boolean {
  return exitCode === exitCodes.outOfMemory || code === died
}

/**
 * So many runs of so many settings that failed alike, without another end between them, and there is no use
 * in going on.
 */
export const breakerLimit = 3

/**
 * Whether the machine seems broken: the last runs that ended failed alike, and they are of different
 * settings, or of all that the sweep has. One setting that fails with all its seeds speaks against itself. A
 * run that diverged or took too long was trained: it speaks for the machine.
 * @param ended of one pool, the last one last
 * @param settings how many the sweep knows
 */
export function isBroken(ended: readonly EndedRun[], settings: number): boolean {
  const last = ended.at(-1)
  if (last === undefined || !isFailure(last.exitCode) || wasTrained(last)) return false
  const row = ended.slice(ended.findLastIndex((one) => !isAlike(one, last)) + 1)
  const count = (kind: 'instance' | 'setting'): number => new Set(row.map((one) => one[kind])).size
  return count('instance') >= breakerLimit && count('setting') >= Math.min(breakerLimit, settings)
}

function wasTrained({ exitCode, code }: Failure): boolean {
  return exitCode === exitCodes.diverged || code === tookTooLong
}

function isAlike(a: Failure, b: Failure): boolean {
  return a.exitCode === b.exitCode && a.code === b.code
}
