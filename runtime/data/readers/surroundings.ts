// What stands around a path that leads nowhere: names in folders of this disk, and the environment.
import { readdirSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import type { Surroundings } from '../../../compiler/host.js'
import { byCodeUnits } from './walk-images.js'

/** The disk of this machine, as the help for paths asks it. */
export const diskSurroundings: Surroundings = {
  resolve: (from, path) => (isAbsolute(path) ? resolve(path) : resolve(from, path)),
  entries: namesIn,
  variable: (name) => process.env[name],
}

function namesIn(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder).sort(byCodeUnits)
  } catch {
    return undefined
  }
}
