// What a sweep would do, as data: its instances with what they take, what is done already, and the sums.
import type { CompiledInstance, Expansion, Sweep } from '../../../compiler/sweep/index.js'
import type { RunEstimate } from './estimates.js'
import type { FinishedRun } from './finished-runs.js'
import type { Speed } from './speeds.js'

export interface ListedInstance {
  /** From 1, in the order of the file. */
  readonly number: number
  readonly params: Readonly<Record<string, string | number | boolean>>
  readonly seed: number | undefined
  readonly planHash: string
  /** `equal`: another instance has the same Plan and runs for both. */
  readonly state: 'to run' | 'done' | 'equal'
  /** Number of the instance that runs for this one. */
  readonly equalTo: number | undefined
  /** Folder of the run that is done. */
  readonly run: string | undefined
  readonly steps: number
  readonly seconds: number
  readonly memoryBytes: number
  readonly diskBytes: number
}

export interface SweepListing {
  readonly sweep: string
  readonly experiment: string
  readonly varied: readonly string[]
  readonly instances: readonly ListedInstance[]
  /** Settings that the conditions left out. */
  readonly excluded: number
  /** Instances that a search will choose. */
  readonly open: number
  readonly total: {
    readonly toRun: number
    readonly done: number
    readonly equal: number
    /**
     * One run after the other, and so many at a time as `limits.parallel` says. What a search will choose is
     * counted like the rest.
     */
    readonly seconds: number
    readonly parallel: number
    readonly wallSeconds: number
    /** Of the largest run, and of as many of it as run at a time. */
    readonly runMemoryBytes: number
    readonly memoryBytes: number
    readonly diskBytes: number
    /** Where the times come from. */
    readonly from: Speed['from']
  }
}

export function listSweep(
  sweep: Sweep,
  expansion: Expansion,
  compiled: readonly CompiledInstance<RunEstimate>[],
  speeds: readonly Speed[],
  finished: ReadonlyMap<string, FinishedRun>,
): SweepListing {
  const instances = compiled.map(({ instance, planHash, equalTo, facts }, position): ListedInstance => {
    const speed = speeds[facts.shape]
    const isFirst = equalTo === position
    const run = finished.get(planHash)?.folder
    return {
      number: position + 1,
      params: instance.setting.params,
      seed: instance.seed,
      planHash,
      state: isFirst ? (run === undefined ? 'to run' : 'done') : 'equal',
      equalTo: isFirst ? undefined : equalTo + 1,
      run,
      steps: facts.steps,
      seconds: (speed?.besides ?? 0) + facts.steps * (speed?.stepSeconds ?? 0),
      memoryBytes: facts.memoryBytes,
      diskBytes: facts.diskBytes,
    }
  })
  const open = expansion.open * Math.max(1, sweep.seeds.length)
  const toRun = instances.filter(({ state }) => state === 'to run')
  const parallel = sweep.limits.parallel ?? 1
  // What is still to be chosen is taken to be like what is known.
  const known = instances.filter(({ state }) => state !== 'equal')
  const share = known.length === 0 ? 0 : open / known.length
  const sum = (of: (instance: ListedInstance) => number): number =>
    total(toRun, of) + share * total(known, of)
  const seconds = sum((instance) => instance.seconds)
  const runMemoryBytes = toRun.reduce((most, instance) => Math.max(most, instance.memoryBytes), 0)
  const atATime = Math.min(parallel, toRun.length + open)
  return {
    sweep: sweep.file,
    experiment: sweep.experiment,
    varied: sweep.varied,
    instances,
    excluded: expansion.excluded,
    open,
    total: {
      toRun: toRun.length,
      done: instances.filter(({ state }) => state === 'done').length,
      equal: instances.filter(({ state }) => state === 'equal').length,
      seconds,
      parallel,
      wallSeconds: seconds / Math.max(1, atATime),
      runMemoryBytes,
      memoryBytes: runMemoryBytes * atATime,
      diskBytes: sum((instance) => instance.diskBytes),
      from: speeds.some(({ from }) => from === 'arithmetic')
        ? 'arithmetic'
        : (speeds[0]?.from ?? 'arithmetic'),
    },
  }
}

function total(instances: readonly ListedInstance[], of: (instance: ListedInstance) => number): number {
  return instances.reduce((sum, instance) => sum + of(instance), 0)
}
