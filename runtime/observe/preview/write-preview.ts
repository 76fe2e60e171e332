// Writing a preview where the user wants it, over an older preview but over nothing else.
import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { exitCodes, RunError } from '../../platform/errors.js'
import { writeDurably } from '../../platform/files/durable.js'
import { sheetMark } from './contact-sheet.js'
import { previewGenerator } from './preview-page.js'

/** The mark of a preview stands within so many bytes of its beginning. */
const headBytes = 256

/** @throws RunError SAU7653 where another file is there, SAU7654 where the file system takes none. */
export function writePreview(path: string, content: string | Uint8Array): void {
  try {
    if (existsSync(path) && !isPreview(path)) {
      throw new RunError(
        'SAU7653',
        `${path} is there already and is no preview`,
        'name another file with -o, or remove it first',
        exitCodes.usage,
      )
    }
    writeDurably(path, content)
  } catch (error) {
    if (error instanceof RunError) throw error
    throw new RunError(
      'SAU7654',
      `${path} cannot be written: ${error instanceof Error ? error.message : error}`,
      'name another file with -o',
      exitCodes.failed,
    )
  }
}

function isPreview(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(headBytes)
    const length = readSync(file, head, 0, headBytes, 0)
    const text = head.subarray(0, length).toString('latin1')
    return (
      text.includes(`name="generator" content="${previewGenerator}"`) ||
      text.includes(`Software\0${sheetMark}`)
    )
  } finally {
    closeSync(file)
  }
}
