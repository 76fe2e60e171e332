// Sweeps by what people call them.
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { nearestName } from '../../../grammar/nearest-name.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { isSweepFolder, sweepFolderOf } from './folder.js'

/**
 * Folder of a sweep: `word` is it, or its name under the folder of all runs, or the file that it was started
 * from.
 * @param runs absolute
 * @throws RunError SAU8070
 */
export function findSweep(runs: string, word: string): string {
  const candidates = [
    resolve(word),
    join(runs, word),
    ...(/\.ya?ml$/i.test(word) ? [sweepFolderOf(runs, word, undefined)] : []),
  ]
  const found = candidates.find(isSweepFolder)
  if (found !== undefined) return found
  const known = existsSync(runs) ? readdirSync(runs).filter((name) => isSweepFolder(join(runs, name))) : []
  const nearest = nearestName(word, known)
  const list = known.length === 0 ? `there is none in ${runs}` : `there are ${known.join(', ')}`
  throw new RunError(
    'SAU8070',
    `there is no sweep \`${word}\``,
    nearest === undefined ? list : `did you mean \`${nearest}\`?`,
    exitCodes.usage,
  )
}
