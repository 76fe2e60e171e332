// The dataset operation `resize`: every image that the dataset uses, once, at one size.
import { resizeBilinear } from '../views/pixels/resize.js'
import type { Dataset, ImageStore } from './dataset.js'
import type { Columns } from './operations.js'
import { createStore, imageOf } from './store.js'

/** The records of `input` with their images at size x size; the new images are appended to `stores`. */
export function resizeRecords(input: Dataset, size: number, stores: ImageStore[]): Columns {
  const places = new Map<
    string,
    { readonly store: number; readonly record: number; readonly place: number }
  >()
  const names = Array.from({ length: input.count }, (_, i) => {
    const store = input.store[i] as number
    const record = input.record[i] as number
    const name = `${store} ${record}`
    if (!places.has(name)) places.set(name, { store, record, place: places.size })
    return name
  })
  const channels = stores[input.store[0] ?? 0]?.channels ?? 3
  const resized = createStore(places.size, size, size, channels)
  const pixels = new Uint8Array(resized.pixels)
  for (const { store, record, place } of places.values()) {
    const from = stores[store]
    if (from === undefined || from.channels !== channels)
      throw new TypeError(`store ${store} cannot be resized along`)
    const image = imageOf(from, record)
    pixels.set(
      resizeBilinear(image.pixels, image.height, image.width, channels, size, size),
      place * size * size * channels,
    )
  }
  const { labels, origins, shown } = input
  return {
    labels,
    origins,
    shown,
    store: new Uint16Array(input.count).fill(stores.push(resized) - 1),
    record: Uint32Array.from(names, (name) => places.get(name)?.place ?? 0),
  }
}
