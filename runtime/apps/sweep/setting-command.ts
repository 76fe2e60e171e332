// The best setting again, by hand.
import type { Host } from '../../../compiler/index.js'
import type { Sweep } from '../../../compiler/sweep/index.js'
import { commandLine } from '../../platform/texts/shell.js'

/** The command line that trains a setting, in the folder `cwd` and for a POSIX shell. */
export function settingCommand(
  host: Pick<Host, 'resolve' | 'relative'>,
  sweep: Sweep,
  cwd: string,
  params: Readonly<Record<string, number | string | boolean>>,
): string {
  const folder = host.resolve(sweep.file, '..')
  const settings: Record<string, string> = { ...sweep.set }
  for (const [name, value] of Object.entries(params)) {
    const param = sweep.params.get(name)
    settings[name] =
      param?.type === 'path' ? host.relative(cwd, host.resolve(folder, String(value))) || '.' : String(value)
  }
  const words = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
  return commandLine(['saurun', host.relative(cwd, sweep.experiment), ...words])
}
