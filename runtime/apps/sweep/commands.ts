// What a sweep is told, in its folder: lines appended by whoever watches it, taken by every pool that works
// on it.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { mostInstances } from '../../../compiler/sweep/sweep.js'
import { factsOf, readStored } from '../../platform/files/stored-file.js'
import { between, conforms, whole } from '../../platform/forms/json-form.js'
import { asWriteRefusal } from '../../run/folder/folder.js'
import { splitLines } from '../../run/journal/journal.js'
import type { SweepCommand } from './events.js'

const file = 'commands.jsonl'

/** As many as a sweep may have. */
const trialsForm = between(1, mostInstances)

export function tellSweep(sweepFolder: string, command: SweepCommand, by: string): void {
  try {
    appendFileSync(join(sweepFolder, file), `${JSON.stringify({ time: Date.now(), ...command, by })}\n`)
  } catch (error) {
    throw asWriteRefusal(error, sweepFolder)
  }
}

export interface SweepCommands {
  /** Those that came since the last call. */
  take(): readonly { readonly command: SweepCommand; readonly by: string }[]
  /** Trials that were added to the sweep, ever. */
  addedTrials(): number
}

/** Commands from now on: what earlier pools were told does not stop this one. Added trials stay added. */
export function openSweepCommands(sweepFolder: string): SweepCommands {
  const path = join(sweepFolder, file)
  let position = factsOf(path)?.size ?? 0
  const all = () => commandsIn(path, 0)
  return {
    take() {
      const { commands, end } = commandsIn(path, position)
      position = end
      return commands
    },
    addedTrials: () =>
      all().commands.reduce(
        (sum, { command }) => sum + (command.command === 'add_trials' ? command.trials : 0),
        0,
      ),
  }
}

function commandsIn(path: string, from: number) {
  const size = factsOf(path)?.size ?? 0
  if (size <= from) return { commands: [], end: from }
  const { lines, rest } = splitLines(readStored(path)?.subarray(from) ?? new Uint8Array(0))
  return { commands: lines.flatMap((line) => parse(line) ?? []), end: size - rest.byteLength }
}

function parse(line: Uint8Array): { readonly command: SweepCommand; readonly by: string } | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(line).toString('utf8'))
    if (typeof value !== 'object' || value === null) return undefined
    const { command, setting, trials, by: from } = value as Record<string, unknown>
    const by = typeof from === 'string' ? from : 'unknown'
    switch (command) {
      case 'stop':
      case 'stop_now':
        return { command: { command }, by }
      case 'prune':
        return conforms(whole, setting) ? { command: { command, setting }, by } : undefined
      case 'add_trials':
        return conforms(trialsForm, trials) ? { command: { command, trials }, by } : undefined
      default:
        return undefined
    }
  } catch {
    return undefined
  }
}
