// `saurun engine remove tensorflow`: takes the installed engine away, and what unfinished installations have
// left.
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { discardStaging, lockEngines } from './install/staging.js'
import { installedFolder } from './library/installed.js'

const removedName = 'tensorflow.removed'

/** Whether there was anything. @throws RunError SAU7641 while another process works on engines, SAU7643. */
export function removeTensorFlow(engines: string): boolean {
  if (!existsSync(engines)) return false
  const folder = installedFolder(engines)
  const lock = lockEngines(engines)
  try {
    const left = readdirSync(engines).filter((name) => name.startsWith('tensorflow'))
    if (left.length === 0) return false
    // Out of sight first: a removal that is ended halfway leaves nothing that looks like an engine.
    const aside = join(engines, removedName)
    rmSync(aside, { recursive: true, force: true })
    if (existsSync(folder)) renameSync(folder, aside)
    rmSync(aside, { recursive: true, force: true })
    discardStaging(engines)
    return true
  } finally {
    lock.release()
  }
}
