import { readFileSync } from 'node:fs'

/** The values of a file of JSON lines, whose form the caller knows. */
export function linesOf<Value>(file: URL): Value[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  return lines.map((line): Value => JSON.parse(line))
}
