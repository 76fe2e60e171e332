// confusions.jsonl of a run folder: the confusion matrices of its evaluations, one line each, with the cells
// that have images. A line of the journal says where its matrix lies; it is written once the matrix is on the
// disk, so that a kill between the two leaves at most a matrix that no line names.
import { createHash } from 'node:crypto'
import { closeSync, fdatasyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { factsOf } from '../../platform/files/stored-file.js'
import { hasCode } from '../../platform/system-errors.js'
import { asConfusionMatrix, type ConfusionMatrix, denseTextReader } from '../journal/confusion-matrix.js'
import type { ConfusionPlace, Evaluated, JournalEvent } from '../journal/events.js'
import { journalFile } from '../journal/journal.js'

export const confusionsFile = 'confusions.jsonl'

/** A line of the file: whose matrix it is, and the matrix. */
export type ConfusionLine = Pick<Evaluated, 'epoch' | 'evaluation' | 'dataset'> & ConfusionMatrix

export interface ConfusionsWriter {
  /**
   * Takes an event that the journal has. Where a process goes on from a checkpoint, the matrices of what is
   * trained again are cut off.
   */
  hear(event: JournalEvent): void
  /** Puts a matrix onto the disk and says where it lies. */
  append(line: ConfusionLine): ConfusionPlace
  close(): void
}

/**
 * Opens the file, which is made with the first matrix. `hear` has to be told all that the journal holds
 * before the first.
 */
export function openConfusions(runFolder: string): ConfusionsWriter {
  const path = join(runFolder, confusionsFile)
  /** Where the matrices of each epoch end. */
  const ends = new Map<number, number>()
  const end = (): number => Math.max(0, ...ends.values())
  let file: number | undefined
  const opened = (): number => {
    file ??= openSync(path, 'a+')
    return file
  }
  return {
    hear(event) {
      if (event.event === 'evaluated' && event.confusion?.file === confusionsFile) {
        const { offset, bytes } = event.confusion
        ends.set(event.epoch, Math.max(ends.get(event.epoch) ?? 0, offset + bytes + 1))
      } else if (event.event === 'run_started') {
        const from = event.resumed?.epoch ?? 0
        for (const epoch of ends.keys()) if (epoch >= from) ends.delete(epoch)
      }
    },
    append({ epoch, evaluation, dataset, classes, cells }) {
      const text = JSON.stringify({ epoch, evaluation, dataset, classes, cells })
      const line = Buffer.from(`${text}\n`)
      const offset = end()
      const into = opened()
      // What lies behind is trained again, or was cut by a kill or a full disk.
      ftruncateSync(into, offset)
      for (let written = 0; written < line.byteLength; ) written += writeSync(into, line, written)
      fdatasyncSync(into)
      const bytes = line.byteLength - 1
      return { file: confusionsFile, offset, bytes, sha256: sha256(line.subarray(0, bytes)) }
    },
    close() {
      if (file !== undefined) closeSync(file)
    },
  }
}

/** The matrix of an evaluation of one run; undefined where it has none, or none that is whole. */
export type ConfusionReader = (evaluation: Pick<Evaluated, 'confusion'>) => ConfusionMatrix | undefined

/** Reads matrices when they are asked for; the last one is kept. */
export function confusionReader(runFolder: string): ConfusionReader {
  let last: { readonly place: ConfusionPlace; readonly matrix: ConfusionMatrix | undefined } | undefined
  return ({ confusion: place }) => {
    if (place === undefined) return undefined
    if (last?.place !== place) last = { place, matrix: readConfusion(runFolder, place) }
    return last.matrix
  }
}

/** Bytes that are read at once of a matrix in a journal. */
const pieceBytes = 1 << 18

function readConfusion(runFolder: string, place: ConfusionPlace): ConfusionMatrix | undefined {
  const known = [confusionsFile, journalFile].find((name) => name === place.file)
  if (known === undefined) return undefined
  const path = join(runFolder, known)
  // Something else in its place has no matrix.
  if (factsOf(path)?.isFile() !== true) return undefined
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
  try {
    return known === journalFile ? denseAt(file, place) : sparseAt(file, place)
  } finally {
    closeSync(file)
  }
}

function sparseAt(
  file: number,
  { offset, bytes, sha256: expected }: ConfusionPlace,
): ConfusionMatrix | undefined {
  const line = Buffer.alloc(bytes)
  if (readSync(file, line, 0, bytes, offset) < bytes || sha256(line) !== expected) return undefined
  try {
    return asConfusionMatrix(JSON.parse(line.toString('utf8')))
  } catch {
    return undefined
  }
}

function denseAt(file: number, { offset, bytes }: ConfusionPlace): ConfusionMatrix | undefined {
  const reader = denseTextReader()
  const piece = Buffer.alloc(pieceBytes)
  for (let done = 0; done < bytes; ) {
    const length = readSync(file, piece, 0, Math.min(pieceBytes, bytes - done), offset + done)
    if (length === 0) return undefined
    reader.push(piece.subarray(0, length))
    done += length
  }
  return reader.matrix()
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
