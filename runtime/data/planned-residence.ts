// Which images a run will hold decoded, told before it loads any: from what the host remembers of the
// sources.

import type { Host } from '../../compiler/host.js'
import type { Plan } from '../../compiler/plan/plan.js'
import { requestOf } from '../../compiler/plan/sources.js'
import { defaultDataMemory } from './memory-budget.js'
import { decideResidence, type Residence } from './residence.js'

/** As `loadData` will decide it; `memory` as there. */
export function plannedResidence(
  plan: Plan,
  locations: readonly (readonly string[])[],
  host: Pick<Host, 'probe'>,
  memory: number = defaultDataMemory(),
): Residence {
  const sizeOf = (position: number): number | 'more' => {
    const source = plan.sources[position]
    const request = source === undefined ? undefined : requestOf(source, locations[position] ?? [])
    const facts = request === undefined ? undefined : host.probe(request)
    return facts?.ok === true && facts.decodedBytes !== undefined ? facts.decodedBytes : 'more'
  }
  return decideResidence(plan, sizeOf, memory)
}
