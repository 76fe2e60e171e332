// Where an experiment applies a view: the stream whose images pass it, or the memory that does.

import type { Plan } from '../../../compiler/plan/plan.js'
import { nearestName } from '../../../grammar/nearest-name.js'
import { exitCodes, RunError } from '../../platform/errors.js'

export interface ViewUse {
  /** Position in `Plan.views`. */
  readonly view: number
  /** Position in `Plan.datasets`. */
  readonly dataset: number
  /** Whose draws are shown: the first stream that passes the view. Absent where only a memory does. */
  readonly stream?: number
  /** `a`, `b`; `prototypes`. */
  readonly usedBy: readonly string[]
}

/**
 * The named views, or all that the experiment applies, in the order of the file.
 * @throws RunError SAU7651 where a name is no view's, SAU7652 where nothing passes one.
 */
export function viewUses(plan: Plan, names: readonly string[]): readonly ViewUse[] {
  const known = plan.views.map(({ name }) => name)
  for (const name of names) if (!known.includes(name)) throw noView(name, known)
  return plan.views.flatMap(({ name }, view) => {
    if (names.length > 0 && !names.includes(name)) return []
    const use = applicationOf(plan, view)
    if (use === undefined && names.length > 0) {
      throw new RunError(
        'SAU7652',
        `no image passes the view \`${name}\`: no stream and no memory uses it`,
        'use it in a branch, as `a.NAME` of a stream, or preview another view',
        exitCodes.usage,
      )
    }
    return use ?? []
  })
}

function applicationOf(plan: Plan, view: number): ViewUse | undefined {
  const streams = new Set(
    plan.step.flatMap((node) => (node.op === 'batch' && node.view === view ? [node.stream] : [])),
  )
  const memories = plan.memories.filter(({ views }) => views.includes(view))
  const usedBy = [
    ...[...streams].map((stream) => plan.streams[stream]?.name ?? ''),
    ...memories.map(({ name }) => name),
  ]
  const [stream] = streams
  const dataset = stream === undefined ? memories[0]?.over : plan.streams[stream]?.dataset
  if (dataset === undefined) return undefined
  return { view, dataset, usedBy, ...(stream === undefined ? {} : { stream }) }
}

function noView(name: string, known: readonly string[]): RunError {
  const nearest = nearestName(name, known)
  const list = known.length === 0 ? 'the file declares none' : `the file has ${known.join(', ')}`
  return new RunError(
    'SAU7651',
    `there is no view \`${name}\``,
    nearest === undefined ? list : `did you mean \`${nearest}\`? ${list}`,
    exitCodes.usage,
  )
}
