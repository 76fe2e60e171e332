// Writes an exported model to a place where nothing is yet.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { exitCodes, RunError } from '../../platform/errors.js'
import type { ExportedModel } from './export.js'

/**
 * Writes the file or folder `path`, whole or not at all, and gives its bytes.
 * @throws RunError SAU7912 where something is there already, SAU7913 where it cannot be written.
 */
export function writeModel(path: string, { files }: ExportedModel): number {
  requireFree(path)
  const temporary = `${path}.${process.pid}.tmp`
  try {
    const isFolder = !('' in files)
    if (isFolder) mkdirSync(temporary)
    for (const [name, content] of Object.entries(files)) {
      const file = join(temporary, name)
      if (isFolder) mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
    }
    renameSync(temporary, path)
  } catch (error) {
    remove(temporary)
    const reason = error instanceof Error ? error.message : String(error)
    throw new RunError(
      'SAU7913',
      `${path} cannot be written: ${reason.replaceAll(temporary, path)}`,
      'name a file in a folder that is there and can be written, with -o',
      exitCodes.failed,
    )
  }
  return Object.values(files).reduce((sum, { byteLength }) => sum + byteLength, 0)
}

function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true })
  } catch {
    // Where nothing could be written there may be nothing to remove; why it could not be is what the user is
    // told.
  }
}

/** @throws RunError SAU7912 where something is at `path` already. */
export function requireFree(path: string): void {
  if (!existsSync(path)) return
  throw new RunError(
    'SAU7912',
    `${path} is there already`,
    'name another file with -o, or remove it first',
    exitCodes.usage,
  )
}
