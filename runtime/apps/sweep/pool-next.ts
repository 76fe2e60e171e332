// Which runs a pool may take up, in which order, and where.
import { ownerOf } from '../../platform/files/ownership.js'
import type { Capacity } from './capacity.js'
import type { Course, OpenState } from './pool-table.js'
import type { InstanceView, SweepView } from './state.js'

/**
 * Milliseconds without a sign of life after which a pool among many waits to see whether a run dies; signs
 * come every 5 seconds.
 */
const doubtfulSilence = 20_000

/** What can be begun, in order: runs that were going on first, so that what has been paid for is used. */
export function nextOnes(
  { instances }: SweepView,
  courses: ReadonlyMap<number, Course>,
  leavesOthers: boolean,
): readonly (readonly [InstanceView, OpenState])[] {
  const order = ['running', 'stopped', 'died', 'waiting'] as const
  const groups = order.map((seen) =>
    instances
      .filter(({ state, instance }) => state === seen && isFree(courses.get(instance.number)))
      .map((one) => [one, seen] as const),
  )
  // A pool among many leaves to others what runs: looking on there would keep it from work of its own.
  return groups.slice(leavesOthers ? 1 : 0).flat()
}

function isFree(course: Course | undefined): boolean {
  return course === undefined || course.at === 'free'
}

/**
 * Whether a run is still to come to something for this pool: one that it was not given though it was free is
 * in other hands.
 */
export function isAwaited(
  { state, instance, runFolder }: InstanceView,
  courses: ReadonlyMap<number, Course>,
  leavesOthers: boolean,
): boolean {
  if (!isFree(courses.get(instance.number))) return false
  if (state === 'running') return !leavesOthers || isDoubtful(runFolder)
  return state === 'stopped' || state === 'died' || state === 'waiting'
}

/**
 * Whether a run of another pool has not been heard of for some heartbeats: it may be dead, and then its run
 * is free.
 */
function isDoubtful(runFolder: string): boolean {
  return (ownerOf(runFolder)?.silence ?? 0) > doubtfulSilence
}

/** The lowest place that nobody has. */
export function freePlace(places: ReadonlyMap<number, number>, { parallel }: Capacity): number | undefined {
  const taken = new Set(places.values())
  for (let place = 0; place < parallel; place++) if (!taken.has(place)) return place
  return undefined
}
