// Where saurun keeps what it has installed: the platform's data folder (XDG on Linux), or one that the user
// chose.
import { join, resolve } from 'node:path'
import envPaths from 'env-paths'

/**
 * Absolute path of the data folder; it need not be there yet. `SAURUN_HOME` puts it under one folder with the
 * settings.
 */
export function dataFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const home = environment.SAURUN_HOME
  return home === undefined || home === '' ? envPaths('saurun', { suffix: '' }).data : resolve(home, 'data')
}

/**
 * Folder of the engines that were installed; `SAURUN_ENGINES` names another one, which several users may
 * share.
 */
export function enginesFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment.SAURUN_ENGINES
  return chosen === undefined || chosen === '' ? join(dataFolder(environment), 'engines') : resolve(chosen)
}
