// When training draws an image: in which epochs a stream yields it, and in which pass of the stream. A draw
// is a function of these, so a preview shows the very images that the network will see.
import type { Plan } from '../../../compiler/plan/plan.js'
import { foldKey, type Key, keyOf } from '../../../compiler/random/random.js'
import { batchRecords, StreamOrders } from '../../data/views/order.js'
import type { ViewUse } from './view-use.js'

export interface Occurrence {
  readonly epoch: number
  /** Of the draws of the view, for this record at this time. */
  readonly key: Key
}

/**
 * The first `count` times, from epoch 0 on, that each of `records` passes the view; `size` records has its
 * dataset.
 */
export function occurrences(
  plan: Plan,
  use: ViewUse,
  size: number,
  records: readonly number[],
  count: number,
): ReadonlyMap<number, readonly Occurrence[]> {
  const view = plan.views[use.view]?.name ?? ''
  const stream = use.stream === undefined ? undefined : plan.streams[use.stream]
  const found = new Map<number, Occurrence[]>(records.map((record) => [record, []]))
  const add = (record: number, epoch: number, pass: number, key: Key): void => {
    const times = found.get(record)
    if (times !== undefined && times.length < count)
      times.push({ epoch, key: foldKey(foldKey(key, pass), record) })
  }
  if (use.stream === undefined || stream === undefined) {
    const over = plan.datasets[use.dataset]?.name ?? ''
    for (let epoch = 0; epoch < count; epoch++) {
      const key = keyOf(plan.seed, 'memory', over, view, epoch)
      for (const record of records) add(record, epoch, 0, key)
    }
    return found
  }
  const orders = new StreamOrders(plan.streams.map(({ seed }) => ({ seed, count: size })))
  // An image that an epoch leaves out comes in a later one; not all that were asked for may come.
  for (let epoch = 0; epoch < Math.max(2 * count, 8); epoch++) {
    const key = keyOf(plan.seed, 'view', stream.name, view, epoch)
    for (let step = 0; step < plan.train.stepsPerEpoch; step++) {
      const batch = batchRecords(plan, orders, use.stream, size, epoch, step)
      for (const [i, record] of batch.records.entries()) add(record, epoch, batch.passes[i] ?? 0, key)
    }
    if ([...found.values()].every((times) => times.length >= count)) break
  }
  return found
}
