// The last step: the engine is described, forced onto the disk, and moved to where it is looked for.
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { flushFolder, writeDurably } from '../../../platform/files/durable.js'
import { addonFile, type InstalledEngine, installedFolder, manifestFile } from '../library/installed.js'
import type { Staging } from './staging.js'

/** Makes the engine under construction the installed one, in place of another that may be there. */
export function publish(
  staging: Staging,
  engines: string,
  facts: Pick<InstalledEngine, 'version' | 'gpu' | 'packageName' | 'packageVersion' | 'platform'>,
): void {
  // Headers were for the compiler alone: a third of all files' bytes and nearly all files.
  rmSync(join(staging.engine, 'tensorflow', 'include'), { recursive: true, force: true })
  const names = [addonFile, ...librariesIn(staging.engine)]
  const files = Object.fromEntries(names.map((name) => [name, flushedSize(join(staging.engine, name))]))
  const description: InstalledEngine = { engine: 1, ...facts, installed: new Date().toISOString(), files }
  writeDurably(join(staging.engine, manifestFile), `${JSON.stringify(description, undefined, 2)}\n`)
  const target = installedFolder(engines)
  // Between these two there is no engine at all, which everybody understands; there is never half of one.
  if (existsSync(target)) renameSync(target, join(staging.attempt, 'replaced'))
  renameSync(staging.engine, target)
  flushFolder(engines)
  staging.discard()
}

function librariesIn(engine: string): readonly string[] {
  return readdirSync(engine, { recursive: true, encoding: 'utf8' }).filter((name) => /\.so[.\d]*$/.test(name))
}

/** Forces a file onto the disk. Its size, bytes. */
function flushedSize(path: string): number {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return statSync(path).size
}
