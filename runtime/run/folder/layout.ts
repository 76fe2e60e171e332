// Whether what lies in a run folder is of the kind that its name says: a file where a folder should be, or
// the other way round, is told before anything is trained, and not by whoever stumbles over it.
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { ownerFile } from '../../platform/files/ownership.js'
import { damagedFile, factsOf, kindOf, unreadable } from '../../platform/files/stored-file.js'
import { commandFile } from '../journal/commands.js'
import { journalFile } from '../journal/journal.js'
import { metricsFile } from '../journal/metrics-csv.js'
import { confusionsFile } from './confusions.js'
import {
  checkpointsName,
  correctionFolder,
  drawsFolder,
  lockFile,
  planFile,
  processLog,
  reportFile,
  stepLossesFile,
  tensorBoardFolder,
  verdictFile,
} from './file-names.js'

const files = [
  planFile,
  lockFile,
  journalFile,
  ownerFile,
  commandFile,
  processLog,
  metricsFile,
  stepLossesFile,
  confusionsFile,
  verdictFile,
  reportFile,
] as const

const folders = [checkpointsName, drawsFolder, tensorBoardFolder, correctionFolder] as const

/**
 * Whether what is in the folder of a run is of the kind that its name says, and can be read.
 * @throws RunError SAU7130 naming the first that is not.
 */
export function checkLayout(runFolder: string): void {
  for (const name of files) check(join(runFolder, name), 'file')
  for (const name of folders) check(join(runFolder, name), 'folder')
}

function check(path: string, wanted: 'file' | 'folder'): void {
  const facts = factsOf(path)
  if (facts === undefined) return
  if (wanted === 'file' ? !facts.isFile() : !facts.isDirectory()) {
    throw damagedFile(
      path,
      `it is ${kindOf(facts)}, and a ${wanted} of the run belongs there`,
      'move it out of the run folder; if there is a copy of what was there, bring that back',
    )
  }
  try {
    accessSync(path, wanted === 'file' ? constants.R_OK : constants.R_OK | constants.X_OK)
  } catch (error) {
    throw unreadable(path, error)
  }
}
