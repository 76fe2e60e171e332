// A new folder for files that are needed for a moment.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exitCodes, RunError } from '../errors.js'

/**
 * Makes `<temporary files>/saurun-<purpose>-XXXXXX`; who asked for it removes it.
 * @throws RunError SAU8122 where there is no folder for temporary files, or it takes nothing
 */
export function temporaryFolder(purpose: string): string {
  const parent = tmpdir()
  try {
    return mkdtempSync(join(parent, `saurun-${purpose}-`))
  } catch (error) {
    throw new RunError(
      'SAU8122',
      `${parent} takes no temporary files: ${error instanceof Error ? error.message : String(error)}`,
      'make that folder and room in it, or name another one with TMPDIR',
      exitCodes.failed,
      { cause: error },
    )
  }
}
