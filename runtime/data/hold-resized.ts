// Resizes all images of a `resize` into memory, several at a time; none is held at its own size for longer
// than that takes.
import type { DecodedStore, ImageStore, ResizedStore } from './dataset.js'
import { decodingLanes } from './decode-images.js'
import { createStore } from './store.js'
import { openImages } from './stored-images.js'

/**
 * The images of `store`, which refers to others of `stores`. @throws RunError as `ImageReader.read`; the
 * first in order
 */
export async function holdResized(
  store: ResizedStore,
  stores: readonly ImageStore[],
  threads: number = decodingLanes(),
): Promise<DecodedStore> {
  const { size, channels, count } = store
  const made = createStore(count, size, size, channels)
  const target = new Uint8Array(made.pixels)
  const position = stores.indexOf(store)
  const images = openImages(stores)
  const failures = new Map<number, unknown>()
  let next = 0
  const work = async (): Promise<void> => {
    while (next < count && failures.size === 0) {
      const i = next++
      try {
        const read = images.read(position, i)
        const { pixels } = read instanceof Promise ? await read : read
        target.set(pixels, i * size * size * channels)
      } catch (error) {
        failures.set(i, error)
      }
    }
  }
  try {
    await Promise.all(Array.from({ length: threads }, work))
  } finally {
    images.close()
  }
  const [first] = [...failures].sort(([a], [b]) => a - b)
  if (first !== undefined) throw first[1]
  return made
}
