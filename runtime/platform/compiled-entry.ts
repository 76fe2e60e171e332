// Worker threads and child processes run compiled code. Where this file itself is run from its TypeScript
// source (by the tests), the compiled form beside the sources is meant.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of the package: the one with package.json above this file. */
export const packageFolder: string = findPackage(dirname(fileURLToPath(import.meta.url)))

/** Folder of the compiled code. */
export const compiledFolder: string = join(packageFolder, 'dist')

/** Absolute path of a compiled entry, e.g. `runtime/training-process.js`. */
export function compiledEntry(path: string): string {
  const entry = join(compiledFolder, ...path.split('/'))
  if (!existsSync(entry)) throw new Error(`${entry} is missing: run \`npm run build\``)
  return entry
}

/** Version of this program. */
export function programVersion(): string {
  const description: { version?: string } = JSON.parse(
    readFileSync(join(packageFolder, 'package.json'), 'utf8'),
  )
  return description.version ?? 'unknown'
}

function findPackage(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder
  const parent = dirname(folder)
  if (parent === folder) throw new Error('no package.json above the program')
  return findPackage(parent)
}
