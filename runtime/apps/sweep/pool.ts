// A pool: runs the instances of a sweep, so many at a time, until none is left. The sweep's folder is the
// truth; a pool keeps nothing that it could not read there again. Several pools may work on one sweep, on one
// machine or on many: whoever makes an instance's run folder, or owns it, has the instance. What is done
// about a run, and when, says the table in pool-table.ts; pool-actions.ts does it.
import { setTimeout as sleep } from 'node:timers/promises'
import type { PoolEnded } from './events.js'
import { isOpen, openPool, type Pool, type PoolOptions } from './open-pool.js'
import { hear, stopAll, stopOne } from './pool-actions.js'
import { poolEnd } from './pool-end.js'
import { freePlace, isAwaited, nextOnes } from './pool-next.js'
import { type Choice, chooseNext } from './search.js'

/** Milliseconds between two looks at the folder while nothing happens here. */
const lookInterval = 500

export async function runPool(options: PoolOptions): Promise<PoolEnded> {
  const pool = openPool(options)
  options.stopping.addEventListener('abort', () => stopAll(pool, 'stop', 'the pool of the sweep'))
  for (;;) {
    pool.view = pool.reader.read()
    obey(pool)
    prune(pool)
    stopLate(pool)
    const more = pool.commands.addedTrials()
    let choice: Choice = 'complete'
    if (isOpen(pool)) {
      choice = chooseSettings(pool, more)
      takeUp(pool)
    }
    if (pool.places.size === 0 && !waits(pool)) {
      const phase = options.stopping.aborted ? 'stopping' : pool.state.phase
      const facts = { phase, choice, more, reader: pool.evaluations }
      return poolEnd(pool.reader.read(), options.frozen.sweep, facts)
    }
    const woken = new Promise<void>((resolve) => (pool.wake = resolve))
    await Promise.race([sleep(lookInterval), woken])
  }
}

/** Does what the sweep was told since the last look. */
function obey(pool: Pool): void {
  for (const { command, by } of pool.commands.take()) {
    pool.options.journal.write({ event: 'commanded', command: command.command, by })
    if (command.command === 'stop' || command.command === 'stop_now') stopAll(pool, command.command, by)
    if (command.command === 'prune') pruneSetting(pool, command.setting, epochsOf(pool, command.setting), by)
  }
}

/** Stops the settings that are not worth going on with. */
function prune(pool: Pool): void {
  for (const { setting, epoch, by } of pool.pruner.judge(pool.view)) pruneSetting(pool, setting, epoch, by)
}

function pruneSetting(pool: Pool, setting: number, epoch: number, by: string): void {
  pool.options.journal.write({ event: 'setting_pruned', setting, epoch, by })
  for (const [run, watch] of pool.watches) if (watch.setting === setting) stopOne(pool, run, 'prune', by)
}

/** The most epochs that a run of a setting has done of those that the pool looks after. */
function epochsOf({ view, watches }: Pool, setting: number): number {
  const epochs = view.instances
    .filter(({ instance }) => instance.setting === setting && watches.has(instance.number))
    .map(({ status }) => status?.view.epochsDone ?? 0)
  return Math.max(0, ...epochs)
}

/** Stops the runs that have taken as long as a run may. */
function stopLate(pool: Pool): void {
  const { time } = pool.options.frozen.sweep.limits
  if (time === undefined) return
  for (const [run, { started }] of pool.watches) {
    if (Date.now() - started >= 1000 * time) stopOne(pool, run, 'time', 'the time limit of the sweep')
  }
}

/** Has the search choose settings, one after the other, until as many are open as can run. */
function chooseSettings(pool: Pool, more: number): Choice {
  const { frozen, capacity } = pool.options
  for (;;) {
    const request = { more, ahead: capacity.parallel, reader: pool.evaluations }
    const choice = chooseNext(frozen, pool.view, request)
    if (choice !== 'chosen') return choice
    pool.view = pool.reader.read()
  }
}

/** Considers what can be begun while there are places. */
function takeUp(pool: Pool): void {
  const { view, state, rules, places, options } = pool
  for (const [one, seen] of nextOnes(view, state.courses, rules.leavesOthers)) {
    const place = freePlace(places, options.capacity)
    if (place === undefined || !isOpen(pool)) break
    places.set(one.instance.number, place)
    hear(pool, one.instance.number, { event: 'considered', seen, failures: one.failures })
  }
}

/**
 * Whether runs are still to come: by the same view that settings were chosen and runs were considered by, for
 * what has changed since is seen next time.
 */
function waits(pool: Pool): boolean {
  const { view, state, rules } = pool
  return isOpen(pool) && view.instances.some((one) => isAwaited(one, state.courses, rules.leavesOthers))
}
