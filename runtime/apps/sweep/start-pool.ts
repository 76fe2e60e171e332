// Starting the pool of a sweep as a process of its own, in a session of its own: it needs nobody who watches.
import { fork } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { compiledEntry } from '../../platform/compiled-entry.js'
import { currentOwner } from '../../platform/files/ownership.js'
import { readStored } from '../../platform/files/stored-file.js'
import { processLog } from '../../run/folder/file-names.js'
import { refusingWrites } from '../../run/process/prepare-run.js'
import { localPool, poolFolder } from './events.js'

/** Whether a pool works on this machine's part of the sweep. */
export function hasLocalPool(sweepFolder: string): boolean {
  return currentOwner(poolFolder(sweepFolder, localPool)) !== undefined
}

/**
 * Starts it and waits until it owns its folder, or has ended.
 * @returns undefined, or what it printed where it ended at once with a failure
 */
export async function startPool(sweepFolder: string, parallel?: number): Promise<string | undefined> {
  const folder = poolFolder(sweepFolder, localPool)
  const log = refusingWrites(sweepFolder, () => {
    mkdirSync(folder, { recursive: true })
    return openSync(join(folder, processLog), 'a')
  })
  const child = fork(
    compiledEntry('runtime/apps/sweep/pool-process.js'),
    [sweepFolder, localPool, ...(parallel === undefined ? [] : [String(parallel)])],
    { detached: true, execArgv: ['--enable-source-maps'], stdio: ['ignore', log, log, 'ipc'] },
  )
  closeSync(log)
  let ended = false
  child.once('exit', () => {
    ended = true
  })
  while (!ended && !hasLocalPool(sweepFolder)) await sleep(20)
  if (child.connected) child.disconnect()
  child.unref()
  if (!ended || child.exitCode === 0 || child.exitCode === 7 || child.exitCode === 75) return undefined
  return readStored(join(folder, processLog))?.toString('utf8').trim().split('\n').at(-1)
}
