// Writing a page where the user wants it, over an older page but over nothing else.
import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { exitCodes, RunError } from '../../platform/errors.js'
import { writeDurably } from '../../platform/files/durable.js'
import { generator } from './page.js'

/** The mark of a page stands within so many bytes of its beginning. */
const headBytes = 256

/** @throws RunError SAU7915 where another file is there, SAU7916 where the file system takes none. */
export function writePage(path: string, text: string): void {
  try {
    if (existsSync(path) && !isPage(path)) throw occupied(path)
    writeDurably(path, text)
  } catch (error) {
    if (error instanceof RunError) throw error
    throw new RunError(
      'SAU7916',
      `${path} cannot be written: ${error instanceof Error ? error.message : error}`,
      'name another file with -o',
      exitCodes.failed,
    )
  }
}

function isPage(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(headBytes)
    const length = readSync(file, head, 0, headBytes, 0)
    return head.subarray(0, length).toString('utf8').includes(`name="generator" content="${generator}"`)
  } finally {
    closeSync(file)
  }
}

function occupied(path: string): RunError {
  return new RunError(
    'SAU7915',
    `${path} is there already and is no report`,
    'name another file with -o, or remove it first',
    exitCodes.usage,
  )
}
