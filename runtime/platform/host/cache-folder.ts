// Where saurun remembers what it has read: `SAURUN_CACHE`, else the platform's cache folder (XDG on Linux).
import { resolve } from 'node:path'
import envPaths from 'env-paths'

/** Absolute path of the cache folder; it need not be there yet. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment.SAURUN_CACHE
  return chosen === undefined || chosen === '' ? envPaths('saurun', { suffix: '' }).cache : resolve(chosen)
}
