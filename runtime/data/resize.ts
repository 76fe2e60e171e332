// The dataset operation `resize`: every image that the dataset uses, once, at one size. Here it is only said
// which ones; they are resized when they are loaded, or when they are drawn.
import type { Columns, Dataset, ImageStore, ResizedStore } from './dataset.js'

/**
 * The records of `input` with their images at size x size; the store of the new images is appended to
 * `stores`.
 */
export function resizeRecords(input: Dataset, size: number, stores: ImageStore[]): Columns {
  const places = new Map<string, number>()
  const from: number[] = []
  const record = Uint32Array.from({ length: input.count }, (_, i) => {
    const store = input.store[i] as number
    const name = `${store} ${input.record[i]}`
    const known = places.get(name)
    if (known !== undefined) return known
    from.push(store, input.record[i] as number)
    places.set(name, places.size)
    return places.size - 1
  })
  const channels = stores[input.store[0] ?? 0]?.channels ?? 3
  for (const store of new Set(input.store))
    if (stores[store]?.channels !== channels) throw new TypeError(`store ${store} cannot be resized along`)
  const table = new SharedArrayBuffer(4 * from.length)
  new Uint32Array(table).set(from)
  const resized: ResizedStore = { kind: 'resized', places: table, size, channels, count: places.size }
  const { labels, origins, shown } = input
  return {
    labels,
    origins,
    shown,
    store: new Uint16Array(input.count).fill(stores.push(resized) - 1),
    record,
  }
}
