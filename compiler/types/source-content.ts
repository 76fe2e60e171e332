// What a source holds, as the Plan names it.

import type { Host } from '../host.js'
import type { SourcePlan } from '../plan/sources.js'
import { certain } from './certain.js'
import type { SourceDraft } from './dataset-node.js'

/** A source with its digest; drawn images have none. */
export function withContent(host: Host, { plan, request }: SourceDraft): SourcePlan {
  if (plan.format === 'shapes') return plan
  return { ...plan, content: host.digest(certain(request)) }
}
