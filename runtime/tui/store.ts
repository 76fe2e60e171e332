// The run's view as something React can subscribe to. Events may come in bursts; listeners are told at most once in
// `interval` milliseconds, and always of the last one.
import type { JournalEvent } from '../journal/events.js'
import { emptyRunView, type RunView, reduceRunView } from '../output/run-view.js'

export interface RunStore {
  readonly snapshot: () => RunView
  readonly subscribe: (listener: () => void) => () => void
  readonly add: (event: JournalEvent) => void
  /** The user's wish, shown before the run has answered it. */
  readonly asked: (stopping: RunView['stopping']) => void
}

export function createRunStore(interval: number): RunStore {
  let view = emptyRunView
  // What listeners have been told of; React asks for it at every render and must get the same until it is told again.
  let published = view
  let timer: NodeJS.Timeout | undefined
  const listeners = new Set<() => void>()
  const publish = (): void => {
    timer = undefined
    published = view
    for (const listener of listeners) listener()
  }
  const replace = (next: RunView): void => {
    view = next
    if (interval === 0) publish()
    else timer ??= setTimeout(publish, interval).unref()
  }
  return {
    snapshot: () => published,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    add: (event) => replace(reduceRunView(view, event)),
    asked(stopping) {
      view = { ...view, stopping }
      clearTimeout(timer)
      publish()
    },
  }
}
