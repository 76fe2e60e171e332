// One file of TensorBoard events: written by one process, beside those of the processes before it.
import { appendFileSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { type EventContent, encodeEvent } from './messages.js'
import { recordOf } from './record.js'

export interface EventFile {
  /**
   * Appends one event in one write, so a process that dies tears at most the last; `time` in milliseconds
   * since 1970.
   */
  write(time: number, step: number, content: EventContent): void
  /** Forces what was written onto the disk. */
  flush(): void
  close(): void
}

const namePattern = /^events\.out\.tfevents\.(\d+)\./

/** Names of the event files of a folder, oldest first; none where there is no such folder. */
export function eventFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => namePattern.test(name))
      .sort()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/**
 * Begins a new file in `folder`, which is made where it is missing. TensorBoard reads files in the order of
 * their names, which begin with the second of their beginning, and never goes back to an earlier one.
 * @throws what the file system says.
 */
export function beginEventFile(folder: string, time: number): EventFile {
  if (!existsSync(folder)) mkdirSync(folder)
  const newest = Number(namePattern.exec(eventFiles(folder).at(-1) ?? '')?.[1] ?? 0)
  const second = Math.max(Math.floor(time / 1000), newest + 1)
  const name = `events.out.tfevents.${String(second).padStart(10, '0')}.${hostname()}.${process.pid}.0`
  const file = openSync(join(folder, name), 'ax')
  const write = (at: number, step: number, content: EventContent): void =>
    appendFileSync(file, recordOf(encodeEvent(at, step, content)))
  write(time, 0, { kind: 'version' })
  return { write, flush: () => fsyncSync(file), close: () => closeSync(file) }
}
