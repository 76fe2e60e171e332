// Reading a file while somebody waits for the answer to a key.
import { readFileSync, statSync } from 'node:fs'

/** Larger files are nobody's experiment. */
const mostBytes = 1_000_000

/** Its text; undefined where there is no such file, or too much in it. */
export function textOf(path: string): string | undefined {
  try {
    const { size } = statSync(path)
    return size > mostBytes ? undefined : readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
