// What to write instead of a value that does not fit its param, for the command line and for sweep files
// alike.
import { nearestName } from '../../grammar/nearest-name.js'
import { plainNumber, readNumber } from '../../grammar/number-text.js'
import { meansNoNumber, meansNothing, truthWord } from '../names/foreign-words.js'
import { showNumber } from '../types/describe.js'

export interface SettingHelp {
  readonly sentence: string
  /** The text to write instead. */
  readonly replacement?: string
}

const numberTypes: ReadonlySet<string> = new Set(['int', 'float', 'factor', 'prob', 'count'])

/**
 * @param type the param's, as it is declared
 * @param members of the closed list that is its type
 * @param text the value as it was written
 */
export function settingHelp(
  type: string,
  members: readonly string[] | undefined,
  text: string,
): SettingHelp | undefined {
  const plain = text.trim().replaceAll(/^["']|["']$/g, '')
  if (meansNoNumber(plain) && numberTypes.has(type)) return { sentence: 'a number is finite' }
  if (meansNothing(plain))
    return { sentence: 'a param always has a value: leave it out, and it has its default' }
  if (
    /^[[(].*[\])]$/.test(plain) ||
    /^[^,]+(,[^,]+)+$/.test(plain) ||
    /^(choice|range|interval)\(/.test(plain)
  ) {
    const number = numberTypes.has(type) ? plainNumber(plain) : undefined
    if (number !== undefined) return replacedBy(number)
    return {
      sentence:
        'a run takes one value; several are tried by a sweep file: `saurun sweep FILE`, see docs/sweeps.md',
    }
  }
  if (type === 'bool') {
    const truth = truthWord(plain)
    return truth === undefined ? undefined : replacedBy(String(truth))
  }
  if (members !== undefined) {
    const nearest = nearestName(plain, members)
    return nearest === undefined
      ? undefined
      : { sentence: `did you mean \`${nearest}\`?`, replacement: nearest }
  }
  if (!numberTypes.has(type)) return undefined
  const value = readNumber(plain)
  if (value === undefined) {
    const number = plainNumber(plain)
    return number === undefined ? undefined : replacedBy(number)
  }
  if (plain !== text.trim()) return replacedBy(showNumber(value))
  if (type === 'factor') return factorHelp(value)
  if (type === 'prob' && value > 1 && value <= 100)
    return {
      ...replacedBy(showNumber(value / 100)),
      sentence: `write a share of one: \`${showNumber(value / 100)}\``,
    }
  return undefined
}

function replacedBy(text: string): SettingHelp {
  return { sentence: `write \`${text}\``, replacement: text }
}

/**
 * Papers that follow LDAM-DRW give the imbalance as the smallest class over the largest: its inverse is
 * meant.
 */
export function factorHelp(value: number): SettingHelp | undefined {
  if (!(value > 0 && value < 1)) return undefined
  const inverse = showNumber(Number((1 / value).toPrecision(6)))
  return {
    sentence: `write \`${inverse}\`: the largest class over the smallest, where ${showNumber(value)} is the smallest over the largest`,
    replacement: inverse,
  }
}
