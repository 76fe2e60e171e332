// Lines of a batch script that `sbatch` reads itself.
import { exitCodes, RunError } from '../errors.js'

/**
 * `#SBATCH --partition=gpu`. sbatch splits the line into words as a shell does, but has no way to write a
 * line end.
 * @param flag the user's own word for it, for the message
 * @throws RunError SAU8220 for an option with a control character
 */
export function sbatchLine(option: string, flag: string): string {
  if (/\p{Cc}/u.test(option)) {
    throw new RunError(
      'SAU8220',
      `${flag} has a control character (such as a line end), which no line of a batch script can hold: ${option}`,
      'write it without, or rename the folder',
      exitCodes.usage,
    )
  }
  return `#SBATCH ${quoted(option)}`
}

function quoted(option: string): string {
  const equals = option.indexOf('=')
  const name = /^--?[\w-]+=/.exec(option)?.[0] ?? ''
  if (!(equals < 0 ? /['"\\#]/ : /[\s'"\\#]/).test(option)) return option
  return `${name}"${option.slice(name.length).replace(/(["\\])/g, '\\$1')}"`
}
