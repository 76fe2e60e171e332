// Values of params as the compiler takes them from outside, `--set name=value`, and back.
import { readNumber } from '../../grammar/number-text.js'
import type { DeclaredParam, ParamSetting } from '../checking/template.js'
import type { Host } from '../host.js'

/** A value as text. Paths of a sweep file are relative to it, and become relative to the working folder. */
export function settingText(
  host: Host,
  { type }: DeclaredParam,
  value: ParamSetting,
  { folder, cwd }: { readonly folder: string; readonly cwd: string },
): string {
  if (type !== 'path') return String(value)
  return host.relative(cwd, host.resolve(folder, String(value))) || '.'
}

/**
 * A text from the command line as a value of the param's type; undefined where it is none, which compiling
 * reports.
 */
export function typedSetting({ type, members }: DeclaredParam, text: string): ParamSetting | undefined {
  switch (type) {
    case 'int':
    case 'float':
    case 'factor':
    case 'prob':
    case 'count':
      return readNumber(text)
    case 'bool':
      return text === 'true' ? true : text === 'false' ? false : undefined
    default:
      return members === undefined || members.includes(text) ? text : undefined
  }
}
