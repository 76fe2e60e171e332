// Folders of the program for this user (XDG on Linux), besides the cache that the host knows.
import { join, resolve } from 'node:path'
import envPaths from 'env-paths'

function chosen(name: 'SAURUN_HOME', part: string): string | undefined {
  const home = process.env[name]
  return home === undefined || home === '' ? undefined : resolve(home, part)
}

/** Crash files. `SAURUN_HOME` puts it under one folder with the settings. */
export function stateFolder(): string {
  return chosen('SAURUN_HOME', 'state') ?? envPaths('saurun', { suffix: '' }).log
}

/** Settings; nothing reads one yet, and `doctor` says where they would lie. */
export function configFolder(): string {
  return chosen('SAURUN_HOME', 'config') ?? envPaths('saurun', { suffix: '' }).config
}

/** Pages of the diagnostics, one file a code, inside the package. */
export function diagnosticsFolder(packageFolder: string): string {
  return join(packageFolder, 'docs', 'diagnostics')
}
