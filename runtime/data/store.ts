// Image memory that threads share.
import type { DecodedStore } from './dataset.js'

/** An empty store of `count` images of one shape, laid one after the other. */
export function createStore(count: number, height: number, width: number, channels: number): DecodedStore {
  const geometry = new SharedArrayBuffer(count * 3 * 8)
  const table = new Float64Array(geometry)
  const bytes = height * width * channels
  for (let i = 0; i < count; i++) {
    table[3 * i] = i * bytes
    table[3 * i + 1] = height
    table[3 * i + 2] = width
  }
  return { kind: 'decoded', pixels: new SharedArrayBuffer(count * bytes), geometry, channels, count }
}

/** An empty store of images of the given shapes, `[height, width]` each, laid one after the other. */
export function createVariedStore(
  shapes: readonly (readonly [height: number, width: number])[],
  channels: number,
): DecodedStore {
  const geometry = new SharedArrayBuffer(shapes.length * 3 * 8)
  const table = new Float64Array(geometry)
  let offset = 0
  for (const [i, [height, width]] of shapes.entries()) {
    table[3 * i] = offset
    table[3 * i + 1] = height
    table[3 * i + 2] = width
    offset += height * width * channels
  }
  return { kind: 'decoded', pixels: new SharedArrayBuffer(offset), geometry, channels, count: shapes.length }
}

/** Pixels and shape of record `i`, without a copy. */
export function imageOf(
  store: DecodedStore,
  i: number,
): { readonly pixels: Uint8Array; readonly height: number; readonly width: number } {
  if (i < 0 || i >= store.count) throw new RangeError(`record ${i} of ${store.count}`)
  const [offset = 0, height = 0, width = 0] = new Float64Array(store.geometry, 24 * i, 3)
  return { pixels: new Uint8Array(store.pixels, offset, height * width * store.channels), height, width }
}
