// Where a command may write. What is named with -o is written over, for it is mostly what the same command
// wrote before; but never what the command reads, and never what another command needs.
import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { exitCodes, RunError } from '../platform/errors.js'
import { isRunFolder } from '../run/folder/folder.js'

/**
 * Refuses to write over what is read: by whatever path or link it is named, and inside of folders of data and
 * of runs.
 * @param inputs absolute paths of the files and folders that the command reads
 * @throws RunError SAU8123
 */
export function refuseInputs(path: string, inputs: Iterable<string>): void {
  if (!existsSync(path)) return
  const target = statSync(path, { bigint: true })
  const real = realpathSync(path)
  for (const input of inputs) {
    if (!existsSync(input)) continue
    const read = statSync(input, { bigint: true })
    if (read.dev === target.dev && read.ino === target.ino) throw refused(path, 'is what is read')
    const folder = realpathSync(input)
    if (read.isDirectory() && real.startsWith(`${folder}${sep}`)) throw refused(path, `is data, in ${folder}`)
  }
  if (/\.sau$|\.sweep\.ya?ml$/i.test(real)) throw refused(path, 'is a file that people write')
  const run = runAround(real)
  if (run !== undefined) throw refused(path, `belongs to the run ${run}`)
}

function runAround(file: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    // A Plan alone is what `compile -o plan.json` writes anywhere.
    const isRun = isRunFolder(folder) && existsSync(join(folder, 'lock.json'))
    if (isRun || existsSync(join(folder, 'sweep.json'))) return folder
    if (dirname(folder) === folder) return undefined
  }
}

function refused(path: string, fault: string): RunError {
  return new RunError(
    'SAU8123',
    `${path} ${fault}, and is not written over`,
    'name another file with -o',
    exitCodes.usage,
  )
}
