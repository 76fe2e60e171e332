// Reading a journal while it is written.
import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { JournalEvent } from './events.js'
import { parseEvent, splitLines } from './journal.js'

export interface FollowOptions {
  /** Byte of the file to begin at, the start of a line; default 0. */
  readonly from?: number
  /** Ends the sequence, after everything that is in the file by then was handed out. */
  readonly signal?: AbortSignal
  /** Milliseconds between looks at the file; default 200. */
  readonly interval?: number
}

/**
 * The events of a journal, first those that are there, then each as it is appended, until `signal` aborts. Waits for
 * the file where it does not exist yet. Lines torn by a crash are passed over.
 */
export async function* followJournal(
  path: string,
  options: FollowOptions = {},
): AsyncGenerator<JournalEvent> {
  const { signal, interval = 200 } = options
  let position = options.from ?? 0
  let rest: Uint8Array = new Uint8Array(0)
  let file: FileHandle | undefined
  try {
    for (;;) {
      // Looked at before reading: what was written before the abort is still read.
      const last = signal?.aborted === true
      file ??= await openIfThere(path)
      for (;;) {
        const chunk = file === undefined ? undefined : await readFrom(file, position)
        if (chunk === undefined) break
        position += chunk.byteLength
        const split = splitLines(Buffer.concat([rest, chunk]))
        rest = split.rest
        for (const line of split.lines) {
          const event = parseEvent(line)
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

async function readFrom(file: FileHandle, position: number): Promise<Uint8Array | undefined> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(65536), 0, 65536, position)
  return bytesRead === 0 ? undefined : buffer.subarray(0, bytesRead)
}
