// A part of the cases of compare-with-pillow.mjs, kept so that they are checked where there is no Python.
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { Canvas } from '../../../runtime/data/pixels/canvas.js'
import { applyOperations, type PixelOperation } from '../../../runtime/data/views/operations.js'
import { formulaImage } from './formula-images.mjs'
import { linesOf } from './lines-of.js'

export interface PillowCase {
  readonly input: readonly [kind: string, height: number, width: number, channels: number]
  readonly operations: readonly PixelOperation[]
  readonly output: readonly [height: number, width: number, channels: number]
  /** The result, or the beginning of its digest where it is large; hexadecimal. */
  readonly pixels?: string
  readonly sha256?: string
}

export const pillowCases: readonly PillowCase[] = linesOf(new URL('pillow-images.jsonl', import.meta.url))

export function nameOfCase({ input: [kind, height, width, channels], operations }: PillowCase): string {
  const names = operations.map((operation) => Object.values(operation).join(' '))
  return `${names.join(', ')} of ${kind} ${height}x${width}x${channels}`
}

/** Does the case here and expects exactly what Pillow gave. */
export function expectWhatPillowGave(each: PillowCase): void {
  const { pixels, height, width, channels } = formulaImage(...each.input)
  const canvas = new Canvas()
  canvas.load(pixels, 0, height, width, channels)
  applyOperations(canvas, each.operations)
  expect([canvas.height, canvas.width, canvas.channels]).toEqual(each.output)
  const result = canvas.pixels.subarray(0, canvas.length)
  if (each.pixels !== undefined) expect(Buffer.from(result).toString('hex')).toBe(each.pixels)
  else expect(createHash('sha256').update(result).digest('hex').slice(0, 32)).toBe(each.sha256)
}
