// The way into a running run: lines appended to its command file, taken at the next border between two steps.
import { appendFileSync, closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { mostEpochs } from '../../../compiler/functions/bounds.js'
import { between, conforms } from '../../platform/forms/json-form.js'
import type { Commanded } from './events.js'
import { splitLines } from './journal.js'

/** File name of the commands inside a run folder. */
export const commandFile = 'commands.jsonl'

/**
 * What a run can be told: to stop after a checkpoint or at once, to wait and to go on, to evaluate between
 * two steps, and to train some epochs more than its file says.
 */
export type Command =
  | { readonly command: Exclude<Commanded['command'], 'extend'> }
  | { readonly command: 'extend'; readonly epochs: number }

/** A command as a run takes it; `by` says who asked. */
export type TakenCommand = Command & { readonly by: string }

const commands: Readonly<Record<Command['command'], true>> = {
  stop: true,
  stop_now: true,
  pause: true,
  continue: true,
  evaluate: true,
  extend: true,
}

/** Tells the run in `runFolder` what to do; `by` says who asks, for the journal. */
export function sendCommand(runFolder: string, command: Command, by: string): void {
  appendFileSync(join(runFolder, commandFile), `${JSON.stringify({ time: Date.now(), ...command, by })}\n`)
}

export interface CommandReader {
  /** Commands that were appended since the last call. */
  take(): readonly TakenCommand[]
  close(): void
}

/** Bytes of the commands that a run was given so far: what comes from there on is for its next process. */
export function commandsEnd(runFolder: string): number {
  return statSync(join(runFolder, commandFile), { throwIfNoEntry: false })?.size ?? 0
}

/** Reads the command file of a run from a byte on (`commandsEnd`). */
export function openCommands(runFolder: string, from: number): CommandReader {
  const file = openSync(join(runFolder, commandFile), 'a+')
  let position = from
  return {
    take() {
      const { size } = fstatSync(file)
      if (size <= position) return []
      const bytes = Buffer.alloc(size - position)
      const read = readSync(file, bytes, 0, bytes.byteLength, position)
      const { lines, rest } = splitLines(bytes.subarray(0, read))
      position += read - rest.byteLength
      return lines.flatMap((line) => parseCommand(line) ?? [])
    },
    close() {
      closeSync(file)
    },
  }
}

function parseCommand(line: Uint8Array): TakenCommand | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(line).toString('utf8'))
    if (typeof value !== 'object' || value === null) return undefined
    const { command, epochs, by: from } = value as { command?: unknown; epochs?: unknown; by?: unknown }
    if (!isCommand(command)) return undefined
    const by = typeof from === 'string' ? from : 'unknown'
    if (command !== 'extend') return { command, by }
    return conforms(count, epochs) ? { command, epochs, by } : undefined
  } catch {
    return undefined
  }
}

function isCommand(value: unknown): value is Command['command'] {
  return typeof value === 'string' && Object.hasOwn(commands, value)
}

const count = between(1, mostEpochs)
