// The identity of an experiment: a hash over everything in its Plan that changes a number.
import { createHash } from 'node:crypto'
import type { Plan } from './plan.js'

/** Fields that are for people: where things come from, titles, paths, and params, whose effects are hashed. */
const outside: ReadonlySet<string> = new Set([
  'at',
  'title',
  'path',
  'labelsPath',
  'listPath',
  'namesPath',
  'givenClasses',
  'params',
])

/**
 * Whether a field of a Plan belongs to its identity. `at` is a place where it is an object; the epochs of `multistep`
 * are called `at` as well, and they count.
 */
export function isOfIdentity(key: string, value: unknown): boolean {
  return !outside.has(key) || (key === 'at' && Array.isArray(value))
}

/** JSON with sorted keys and no blanks; objects without the fields that stand outside the hash. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    let text = ''
    for (const [key, entry] of Object.entries(value).sort(byName)) {
      if (entry === undefined || !isOfIdentity(key, entry)) continue
      text += `${text === '' ? '' : ','}${quoted(key)}:${canonicalJson(entry)}`
    }
    return `{${text}}`
  }
  return JSON.stringify(value)
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Names of fields in quotes: few, and written for every Plan of a sweep. */
const quotedNames = new Map<string, string>()

function quoted(name: string): string {
  const known = quotedNames.get(name)
  if (known !== undefined) return known
  const made = JSON.stringify(name)
  if (quotedNames.size < 1000) quotedNames.set(name, made)
  return made
}

/** Hex SHA-256 of the canonical JSON of a Plan. */
export function planHash(plan: Plan): string {
  return createHash('sha256').update(canonicalJson(plan)).digest('hex')
}
