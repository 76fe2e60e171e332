// Where two Plans differ, in fields that belong to their identity.
import { identityOf } from '../../../compiler/plan/identity.js'
import type { Plan } from '../../../compiler/plan/plan.js'

/** One field; `before` or `after` is undefined where a Plan does not have it. */
export interface PlanDifference {
  /** Such as `train.epochs` or `datasets[1].make.factor`. */
  readonly path: string
  readonly before: unknown
  readonly after: unknown
}

/** At most this many differences are named. */
const limit = 5

/** `train.epochs: 200 -> 30`, for the first few fields that differ. */
export function planDifferences(before: Plan, after: Plan): readonly string[] {
  const found = differencesOf(before, after).map(differenceText)
  return found.length <= limit ? found : [...found.slice(0, limit), `and ${found.length - limit} more`]
}

/** All fields that differ. A list of numbers with several that differ is one difference. */
export function differencesOf(before: Plan, after: Plan): readonly PlanDifference[] {
  const found: PlanDifference[] = []
  compare('', identityOf(before), identityOf(after), found)
  return found
}

function compare(path: string, before: unknown, after: unknown, found: PlanDifference[]): void {
  if (Object.is(before, after)) return
  if (isObject(before) && isObject(after) && Array.isArray(before) === Array.isArray(after)) {
    if (isPlainList(before) && isPlainList(after) && differing(before, after).length > 1) {
      found.push({ path, before, after })
      return
    }
    const keys = new Set([...Object.keys(before), ...Object.keys(after)])
    for (const key of keys) {
      const place = Array.isArray(before) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
      compare(place, before[key], after[key], found)
    }
    return
  }
  found.push({ path, before, after })
}

/**
 * Whether a difference is a seed that follows `train.seed`: both Plans have another one, and both values are
 * derived from it (lowering/seeds.ts) or equal to it. Derived seeds are 31 bits of a hash, those that people
 * write are small: one derived seed in 30,000 is below the bound.
 */
export function followsTrainingSeed({ path, before, after }: PlanDifference, a: Plan, b: Plan): boolean {
  if (path === 'seed') return true
  if (!/(^|\.)seed$/.test(path) || a.seed === b.seed) return false
  if (before === a.seed && after === b.seed) return true
  return isDerivedSeed(before) && isDerivedSeed(after)
}

function isDerivedSeed(value: unknown): boolean {
  return typeof value === 'number' && value >= 2 ** 16
}

/** `train.epochs: 200 -> 30`. */
export function differenceText({ path, before, after }: PlanDifference): string {
  if (isPlainList(before) && isPlainList(after) && before.length === after.length) {
    const places = differing(before, after)
    const [first = 0] = places
    const count = `${places.length} of ${before.length} values differ`
    return `${path}: ${count}, the first at [${first}]: ${brief(before[first])} -> ${brief(after[first])}`
  }
  return `${path}: ${brief(before)} -> ${brief(after)}`
}

function isPlainList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.every((entry) => !isObject(entry))
}

/** Positions at which two lists differ. */
function differing(before: readonly unknown[], after: readonly unknown[]): readonly number[] {
  const longer = before.length >= after.length ? before : after
  return [...longer.keys()].filter((position) => !Object.is(before[position], after[position]))
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function brief(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  return text.length <= 40 ? text : `${text.slice(0, 37)}...`
}
