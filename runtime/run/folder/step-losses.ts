// losses.f64 of a run folder: the losses of every step, exactly, so that two runs can be compared step by
// step. The journal holds means over a few steps only, and which steps those are depends on the clock.
import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { readStored } from '../../platform/files/stored-file.js'
import { stepLossesFile } from './file-names.js'

/**
 * The file is a row a step, from step 0 of the run, of little-endian float64: the objective, then each loss
 * in the order of `RunStarted.losses`. NaN where nothing was recorded: before the step that a fork begins
 * with.
 */
export interface StepLossesWriter {
  /** Steps before `from` whose losses the file should have and has not; they are NaN now. */
  readonly lost: number
  /** The next step's row. */
  add(values: readonly number[]): void
  /** Puts the steps since the last call into the file. */
  flush(): void
  close(): void
}

/**
 * Opens the file at step `from`; what was there of that step and later ones is dropped: it is trained again.
 * A file that was cut, even inside a row, is filled up.
 * @param begun the step that the run's record begins with: not 0 of a fork
 */
export function openStepLosses(
  runFolder: string,
  columns: number,
  from: number,
  begun = 0,
): StepLossesWriter {
  const path = join(runFolder, stepLossesFile)
  const file = openSync(path, existsSync(path) ? 'r+' : 'w+')
  const rowBytes = 8 * columns
  const known = Math.min(from, Math.floor(fstatSync(file).size / rowBytes))
  ftruncateSync(file, known * rowBytes)
  const gap = new Float64Array((from - known) * columns).fill(Number.NaN)
  if (gap.length > 0) writeSync(file, littleEndian(gap), 0, gap.byteLength, known * rowBytes)
  let first = from
  let rows: number[] = []
  return {
    lost: Math.max(0, from - Math.max(known, begun)),
    add(values) {
      if (values.length !== columns) throw new TypeError(`${values.length} losses instead of ${columns}`)
      rows.push(...values)
    },
    flush() {
      if (rows.length === 0) return
      const bytes = littleEndian(Float64Array.from(rows))
      writeSync(file, bytes, 0, bytes.byteLength, first * rowBytes)
      first += rows.length / columns
      rows = []
    },
    close() {
      closeSync(file)
    },
  }
}

/**
 * All whole rows, one after the other; undefined where the run has no such file. @throws RunError SAU7130
 * where it cannot be read.
 */
export function readStepLosses(runFolder: string, columns: number): Float64Array | undefined {
  const bytes = readStored(join(runFolder, stepLossesFile))
  if (bytes === undefined) return undefined
  const values = new Float64Array(Math.floor(bytes.byteLength / (8 * columns)) * columns)
  for (let i = 0; i < values.length; i++) values[i] = bytes.readDoubleLE(8 * i)
  return values
}

function littleEndian(values: Float64Array): Buffer {
  const bytes = Buffer.alloc(8 * values.length)
  for (const [i, value] of values.entries()) bytes.writeDoubleLE(value, 8 * i)
  return bytes
}
