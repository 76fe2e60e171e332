// Paths of many files in two buffers that threads share: a hundred thousand of them cost their letters and no
// objects.
import { nameFromBytes, pathBytes } from '../../platform/host/path-bytes.js'

export interface PathTable {
  /** All paths one after the other, as the file system has them. */
  readonly letters: SharedArrayBuffer
  /** End of path i in `letters`. */
  readonly ends: SharedArrayBuffer // Uint32Array
  readonly count: number
}

export function pathTable(paths: readonly string[]): PathTable {
  const ends = new SharedArrayBuffer(4 * paths.length)
  const table = new Uint32Array(ends)
  let length = 0
  for (const [i, path] of paths.entries()) {
    const bytes = pathBytes(path)
    length += typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length
    table[i] = length
  }
  const letters = new SharedArrayBuffer(length)
  const target = Buffer.from(letters)
  for (const [i, path] of paths.entries()) {
    const bytes = pathBytes(path)
    const from = i === 0 ? 0 : (table[i - 1] as number)
    if (typeof bytes === 'string') target.write(bytes, from)
    else target.set(bytes, from)
  }
  return { letters, ends, count: paths.length }
}

/** Path `i` of the table. */
export function pathAt({ letters, ends, count }: PathTable, i: number): string {
  if (i < 0 || i >= count) throw new RangeError(`path ${i} of ${count}`)
  const table = new Uint32Array(ends)
  const from = i === 0 ? 0 : (table[i - 1] as number)
  const bytes = Buffer.from(letters, from, (table[i] as number) - from)
  const path = bytes.toString('utf8')
  return path.includes('\ufffd') ? nameFromBytes(Buffer.from(bytes)) : path
}
