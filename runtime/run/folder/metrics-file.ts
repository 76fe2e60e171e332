// metrics.csv of a run folder as it grows: a row is written where it belongs, and all of it anew only where
// columns are added or a process goes on from a checkpoint. It follows from the journal: whatever a crash
// leaves of it is made anew.
import { closeSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from '../../platform/files/durable.js'
import type { JournalEvent } from '../journal/events.js'
import { createMetricsTable, metricsFile } from '../journal/metrics-csv.js'

export interface MetricsWriter {
  /** Takes an event from before, of which the file need not tell yet. */
  recall(event: JournalEvent): void
  /** Takes an event that the journal has, into the file. */
  hear(event: JournalEvent): void
  close(): void
}

export function openMetrics(runFolder: string): MetricsWriter {
  const path = join(runFolder, metricsFile)
  const table = createMetricsTable()
  /** The file, its bytes before the row that may still change, that row's epoch, and its bytes. */
  let file: number | undefined
  let [before, epoch, length] = [0, -1, 0]
  const close = (): void => {
    if (file !== undefined) closeSync(file)
    file = undefined
  }
  const writeWhole = (): void => {
    const text = table.text()
    if (text === undefined) return
    close()
    writeDurably(path, text)
    file = openSync(path, 'r+')
    epoch = table.last()
    length = epoch < 0 ? 0 : Buffer.byteLength(table.row(epoch))
    before = Buffer.byteLength(text) - length
  }
  const writeRow = (into: number, row: number): void => {
    if (row !== epoch) before += length
    const bytes = Buffer.from(table.row(row))
    for (let written = 0; written < bytes.byteLength; )
      written += writeSync(into, bytes, written, bytes.byteLength - written, before + written)
    if (row === epoch && bytes.byteLength < length) ftruncateSync(into, before + bytes.byteLength)
    epoch = row
    length = bytes.byteLength
  }
  return {
    recall: (event) => void table.add(event),
    hear(event) {
      const change = table.add(event)
      if (change === undefined) return
      if (change === 'whole' || file === undefined || change.row < epoch) writeWhole()
      else writeRow(file, change.row)
    },
    close() {
      if (file !== undefined) fsyncSync(file)
      close()
    },
  }
}
