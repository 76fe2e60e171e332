// The identity of an experiment: a hash over everything in its Plan that changes a number.
import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical-json.js'
import { identityOf } from './identity.js'
import type { Plan } from './plan.js'

/** Hex SHA-256 of the canonical JSON of a Plan, without what is for people. */
export function planHash(plan: Plan): string {
  return createHash('sha256')
    .update(canonicalJson(identityOf(plan)))
    .digest('hex')
}
