// Reading a journal while it is written.
import { fstatSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { JournalEvent } from './events.js'
import { parseEvent } from './journal.js'
import { createLineSplitter } from './lines.js'

export interface FollowOptions {
  /** Byte of the file to begin at, the start of a line; default 0. */
  readonly from?: number
  /** Ends the sequence, after everything that is in the file by then was handed out. */
  readonly signal?: AbortSignal
  /** Milliseconds between looks at the file; default 200. */
  readonly interval?: number
}

/** Bytes that are read at once; a long run's journal has tens of millions. */
const readSize = 262_144

/**
 * The events of a journal, first those that are there, then each as it is appended, until `signal` aborts.
 * Waits for the file where it does not exist yet. Lines torn by a crash are passed over.
 */
export async function* followJournal(
  path: string,
  options: FollowOptions = {},
): AsyncGenerator<JournalEvent> {
  const { signal, interval = 200 } = options
  let position = options.from ?? 0
  const splitter = createLineSplitter(basename(path), position)
  let file: FileHandle | undefined
  const buffer = Buffer.alloc(readSize)
  try {
    for (;;) {
      // Looked at before reading: what was written before the abort is still read.
      const last = signal?.aborted === true
      file ??= await openIfThere(path)
      for (;;) {
        const chunk = file === undefined ? undefined : await readFrom(file, position, buffer)
        if (chunk === undefined) break
        position += chunk.byteLength
        for (const { bytes } of splitter.push(chunk)) {
          const event = parseEvent(bytes)
          if (event !== undefined) yield event
        }
      }
      if (last) return
      await sleep(interval, undefined, signal === undefined ? {} : { signal }).catch(() => {})
    }
  } finally {
    await file?.close()
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** What stands behind `position`, as far as it fits into `buffer`; undefined where nothing does. */
async function readFrom(file: FileHandle, position: number, buffer: Buffer): Promise<Uint8Array | undefined> {
  // Most looks find nothing. Asking for the size costs a fraction of a read that goes through a thread of its
  // own.
  if (fstatSync(file.fd).size <= position) return undefined
  const { bytesRead } = await file.read(buffer, 0, buffer.byteLength, position)
  return bytesRead === 0 ? undefined : buffer.subarray(0, bytesRead)
}
