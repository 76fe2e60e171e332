// What has happened to instances between two looks at a sweep.
import type { InstanceView, SweepView } from './state.js'

export type InstanceChange =
  | 'started'
  | 'resumed'
  | 'done'
  | 'failed'
  /** It failed, and is tried again. */
  | 'retried'
  | 'pruned'
  | 'stopped'
  | 'died'

export interface Change {
  readonly change: InstanceChange
  readonly view: InstanceView
  readonly reason: string | undefined
}

/** In the order of instances. Before the first look nothing has happened but what is running now. */
export function changesBetween(before: SweepView | undefined, after: SweepView): readonly Change[] {
  if (before === undefined) {
    const running = after.instances.filter(({ state }) => state === 'running')
    return running.map((view) => begun(view, undefined))
  }
  const known = new Map(before.instances.map((view) => [view.instance.number, view]))
  return after.instances.flatMap((view) => changesOf(known.get(view.instance.number), view, after))
}

function changesOf(was: InstanceView | undefined, view: InstanceView, after: SweepView): readonly Change[] {
  const { state, reason, failures, status } = view
  const hasFailedAgain = failures > (was?.failures ?? 0) && state !== 'failed'
  const retried: readonly Change[] = hasFailedAgain
    ? [{ change: 'retried', view, reason: lastFailure(after, view) }]
    : []
  if (was?.state === state) return retried
  switch (state) {
    case 'running':
      return [...retried, begun(view, was)]
    case 'done':
    case 'failed':
    case 'pruned':
    case 'stopped':
    case 'died': {
      // What began and ended between two looks has begun as well.
      const started = was?.status === undefined && status !== undefined ? [begun(view, was)] : []
      return [...started, ...retried, { change: state, view, reason }]
    }
    case 'waiting':
    case 'equal':
      return retried
  }
}

function begun(view: InstanceView, was: InstanceView | undefined): Change {
  const resumes = was?.status !== undefined || view.status?.view.started?.resumed !== undefined
  return { change: resumes ? 'resumed' : 'started', view, reason: undefined }
}

function lastFailure({ events }: SweepView, { instance }: InstanceView): string | undefined {
  const ended = events.findLast(
    (event) => event.event === 'instance_ended' && event.instance === instance.number,
  )
  if (ended?.event !== 'instance_ended') return undefined
  return `${ended.code === undefined ? '' : `${ended.code}: `}${ended.message}`
}
