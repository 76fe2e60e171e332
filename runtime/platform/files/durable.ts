// Writing files so that a crash leaves either the old or the new one, whole.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { temporaryPath } from './temporaries.js'

/**
 * Writes under a temporary name, forces the bytes onto the disk, renames, and forces the folder too. The
 * folder has to be there: a run that was taken away while it trained must not come back in pieces.
 */
export function writeDurably(path: string, content: string | Uint8Array): void {
  const temporary = temporaryPath(path)
  try {
    writeFlushed(temporary, content)
    renameSync(temporary, path)
  } catch (error) {
    // On a full disk the bytes that did fit are the room that the last words of a run need.
    rmSync(temporary, { force: true })
    throw error
  }
  flushFolder(dirname(path))
}

/**
 * Writes a file in place and forces its bytes onto the disk; for files of a folder that is renamed
 * afterwards.
 */
export function writeFlushed(path: string, content: string | Uint8Array): void {
  const file = openSync(path, 'wx')
  try {
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/**
 * Forces the entries of a folder onto the disk. Windows cannot open folders; there the rename itself is
 * durable.
 */
export function flushFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
