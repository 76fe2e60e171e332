// How far a sweep is: how many instances are where, which share of the work is done, and how long the rest
// takes.
import type { InstanceState, InstanceView, SweepView } from './state.js'

export interface SweepProgress {
  readonly counts: Readonly<Record<InstanceState, number>>
  /** Instances that run by themselves: all but those that are equal to another. */
  readonly total: number
  /** Done, failed or pruned. */
  readonly over: number
  /** Share of the epochs that need no training any more, in 0..1. */
  readonly share: number
  /** Runs at a time of the pools that are alive; 0 where none is. */
  readonly parallel: number
  /** Undefined where no pool is alive, or nothing has been measured. */
  readonly remainingSeconds: number | undefined
}

/**
 * @param expected instances in all, where a search has not chosen all of its settings yet
 */
export function sweepProgress(view: SweepView, expected = 0): SweepProgress {
  const counts: Record<InstanceState, number> = {
    waiting: 0,
    running: 0,
    done: 0,
    stopped: 0,
    died: 0,
    failed: 0,
    pruned: 0,
    equal: 0,
  }
  for (const { state } of view.instances) counts[state]++
  const own = view.instances.filter(({ state }) => state !== 'equal')
  const total = Math.max(own.length, expected - counts.equal)
  const unknown = total - own.length
  const epochs = own.reduce((sum, { instance }) => sum + instance.epochs, 0)
  const meanEpochs = own.length === 0 ? 0 : epochs / own.length
  const left = own.reduce((sum, one) => sum + epochsLeft(one), 0) + unknown * meanEpochs
  const all = epochs + unknown * meanEpochs
  const parallel = parallelOf(view)
  return {
    counts,
    total,
    over: counts.done + counts.failed + counts.pruned,
    share: all === 0 ? 0 : 1 - left / all,
    parallel,
    remainingSeconds: left === 0 ? 0 : remaining(own, left, parallel),
  }
}

function epochsLeft({ state, status, instance }: InstanceView): number {
  switch (state) {
    case 'done':
    case 'failed':
    case 'pruned':
    case 'equal':
      return 0
    case 'waiting':
    case 'running':
    case 'stopped':
    case 'died':
      return instance.epochs * (1 - (status?.progress ?? 0))
  }
}

/**
 * Epochs that are left by the time that an epoch took so far, spread over the runs at a time; but no less
 * than the longest run takes.
 */
function remaining(own: readonly InstanceView[], left: number, parallel: number): number | undefined {
  const paces = own.flatMap(({ status }) => {
    const recent = status?.view.pace.recent ?? []
    return recent.length === 0 ? [] : [recent.reduce((sum, value) => sum + value, 0) / recent.length]
  })
  if (paces.length === 0 || parallel === 0) return undefined
  const epochSeconds = paces.reduce((sum, value) => sum + value, 0) / paces.length
  const longest = own
    .filter(({ state }) => state === 'running')
    .reduce((most, one) => Math.max(most, one.status?.remainingSeconds ?? 0), 0)
  return Math.max(longest, (epochSeconds * left) / parallel)
}

/** Each pool's last start says how many runs it keeps going. */
function parallelOf({ pools, events }: Pick<SweepView, 'pools' | 'events'>): number {
  return pools
    .filter(({ owner }) => owner.life === 'alive')
    .reduce((sum, { pool, owner }) => {
      const started = events.findLast(
        (event) => event.event === 'pool_started' && (event.pool === pool || event.pid === owner.pid),
      )
      return sum + (started?.event === 'pool_started' ? started.parallel : 1)
    }, 0)
}
