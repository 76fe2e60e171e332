// Where two Plans differ, in fields that belong to their identity.
import type { Plan } from '../../compiler/plan/plan.js'

/** Fields that are for people and stay outside the hash (plan.ts). */
const outsideIdentity = new Set(['at', 'title', 'path', 'labelsPath', 'params'])

/** At most this many differences are named. */
const limit = 5

/** `train.epochs: 200 -> 30`, for the first few fields that differ. */
export function planDifferences(before: Plan, after: Plan): readonly string[] {
  const found: string[] = []
  compare('', before, after, found)
  return found.length <= limit ? found : [...found.slice(0, limit), `and ${found.length - limit} more`]
}

function compare(path: string, before: unknown, after: unknown, found: string[]): void {
  if (Object.is(before, after)) return
  if (isObject(before) && isObject(after) && Array.isArray(before) === Array.isArray(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)])
    for (const key of keys) {
      if (outsideIdentity.has(key)) continue
      const place = Array.isArray(before) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
      compare(place, before[key], after[key], found)
    }
    return
  }
  found.push(`${path}: ${brief(before)} -> ${brief(after)}`)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function brief(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  return text.length <= 40 ? text : `${text.slice(0, 37)}...`
}
