// Help for a file that a command line names and that is not there.
import type { Host } from '../host.js'
import { missingPathHelp } from './missing-path.js'

/** @param endings of the files that may have been meant */
export function fileHelp(
  host: Host,
  { file, cwd }: { readonly file: string; readonly cwd: string },
  ...endings: readonly string[]
): string | undefined {
  const mayMean = (name: string) => endings.some((ending) => name.endsWith(ending))
  const help = missingPathHelp(host, {
    text: host.relative(cwd, file),
    from: cwd,
    fromInWords: 'the folder that the command is given in',
    mayMean,
  })
  if (help !== undefined) return help.sentence
  const beside = (host.entries(host.resolve(file, '..')) ?? []).filter(mayMean)
  return beside.length > 0 ? `beside it: ${beside.slice(0, 5).join(', ')}` : undefined
}
