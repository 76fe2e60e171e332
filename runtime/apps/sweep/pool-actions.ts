// What a pool hears of its runs, and what it does then: as the table in pool-table.ts says.
import { RunError } from '../../platform/errors.js'
import { currentOwner } from '../../platform/files/ownership.js'
import { isRunFolder } from '../../run/folder/folder.js'
import { attachRun, type WatchedRun } from '../../run/process/attach.js'
import type { Pool, Watch } from './open-pool.js'
import { begin, isTakenBySomebody, journalEnd, listen } from './pool-runs.js'
import { type Course, type PoolAction, type RunEvent, stepPool } from './pool-table.js'
import type { InstanceView, SweepView } from './state.js'

export function hear(pool: Pool, run: number, event: RunEvent): void {
  const settings = new Set(pool.view.instances.map(({ instance }) => instance.setting))
  const { setting } = instanceOf(pool.view, run).instance
  apply(pool, stepPool(pool.state, { ...event, run, setting, settings: settings.size }, pool.rules))
}

/** Stops all that the pool runs, and starts nothing more. */
export function stopAll(pool: Pool, command: 'stop' | 'stop_now', by: string): void {
  pool.stop = { command, by }
  apply(pool, stepPool(pool.state, { event: 'stop' }, pool.rules))
}

/** Stops one run, where it still trains and was not told already. */
export function stopOne(pool: Pool, run: number, reason: 'prune' | 'time', by: string): void {
  if (!isTraining(pool.state.courses.get(run))) return
  hear(pool, run, { event: 'told', reason })
  pool.watches.get(run)?.run.tell({ command: 'stop' }, by)
}

function apply(pool: Pool, step: ReturnType<typeof stepPool>): void {
  pool.state = step.state
  for (const action of step.actions) perform(pool, action)
  pool.wake()
}

function perform(pool: Pool, action: PoolAction): void {
  const { run } = action
  const { journal } = pool.options
  const one = instanceOf(pool.view, run)
  switch (action.action) {
    case 'ask owner':
      hear(pool, run, { event: 'owner', isAlive: currentOwner(one.runFolder) !== undefined })
      break
    case 'read journal':
      hear(pool, run, { event: 'journal', journal: journalEnd(one.runFolder) })
      break
    case 'begin':
    case 'resume':
      start(pool, one, action.action)
      break
    case 'adopt':
      adopt(pool, one, action.from)
      break
    case 'note start': {
      const { how, attempt } = action
      journal.write({ event: 'instance_started', instance: run, how, attempt })
      break
    }
    case 'note end': {
      const { exitCode, code, message, retried } = action
      journal.write({ event: 'instance_ended', instance: run, exitCode, code, message, retried })
      break
    }
    case 'tell':
      // Whoever stops one run tells it.
      if (action.reason === 'stop') {
        pool.watches.get(run)?.run.tell({ command: pool.stop.command }, pool.stop.by)
      }
      break
    case 'free place':
      pool.places.delete(run)
      pool.watches.delete(run)
  }
}

function start(pool: Pool, one: InstanceView, what: 'begin' | 'resume'): void {
  const { number } = one.instance
  let run: WatchedRun
  try {
    run = begin(pool.options, one, what, pool.places.get(number) ?? 0)
  } catch (error) {
    if (!(error instanceof RunError)) throw error
    // A folder that is there and no run stands in the way for good.
    const isTaken = isTakenBySomebody(error) && (what === 'resume' || isRunFolder(one.runFolder))
    hear(pool, number, { event: 'refused', isTaken, ending: error })
    return
  }
  follow(pool, one, run)
  hear(pool, number, { event: 'started' })
}

function adopt(pool: Pool, one: InstanceView, from: number): void {
  let run: WatchedRun
  try {
    run = attachRun(one.runFolder, from)
  } catch (error) {
    if (!(error instanceof RunError)) throw error
    hear(pool, one.instance.number, { event: 'refused', isTaken: isTakenBySomebody(error), ending: error })
    return
  }
  follow(pool, one, run)
}

/** Hears what a run says until its process is gone. */
function follow(pool: Pool, { instance: { number, setting } }: InstanceView, run: WatchedRun): void {
  const watch: Watch = { run, setting, started: Date.now() }
  pool.watches.set(number, watch)
  void listen(run, (event) => {
    if (pool.watches.get(number) === watch) hear(pool, number, event)
  })
}

function isTraining(course: Course | undefined): boolean {
  return course?.at === 'watched' && course.told === undefined && course.ending === undefined
}

function instanceOf({ instances }: SweepView, run: number): InstanceView {
  const one = instances.find(({ instance: { number } }) => number === run)
  if (one === undefined) throw new Error(`the sweep has no instance ${run}`)
  return one
}
