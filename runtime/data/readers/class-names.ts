// Files with the name of a class on each line.
import { labelsFromOneHelp } from '../../../compiler/functions/labels-from-one.js'
import { mostClasses, type SourceFailure, type SourceRequest } from '../../../compiler/host.js'
import { countFromOne } from './labels-from-one.js'
import { counted, failure, thousands } from './reading.js'
import { readLines } from './text.js'

/** A hundred letters for each of the most classes that there may be. */
const mostNamesBytes = 100 * mostClasses

/**
 * The non-empty lines of a file of names, one name a line, all different; `count` of them where that is
 * given.
 */
export function readNames(path: string, count: number | undefined): readonly string[] | SourceFailure {
  const lines = readLines(path, mostNamesBytes)
  if ('ok' in lines) return lines
  const named = lines
    .map((line, at) => ({ name: line.trim(), line: at + 1 }))
    .filter(({ name }) => name !== '')
  const names = named.map(({ name }) => name)
  if (count !== undefined && names.length !== count)
    return failure('format', path, `has ${counted(names.length, 'class name')}, but ${needed(count)}`)
  const twice = namedTwice(named)
  return twice === undefined ? names : failure('names', path, twice)
}

/**
 * The classes of labelled records: those that a file names, or numbers from 0 on, as many as are given or
 * else to the largest label.
 */
export function namedClasses(
  labels: Int32Array,
  { format, labelsPath, namesPath, givenClasses: classes }: Extract<SourceRequest, { format: 'idx' | 'npy' }>,
): readonly string[] | SourceFailure {
  const largest = labels.reduce((most, label) => Math.max(most, label), 0)
  const names = namesPath === undefined ? undefined : readNames(namesPath, classes)
  if (names !== undefined && 'ok' in names) return names
  if (namesPath !== undefined && names?.length === 0) return failure('format', namesPath, 'names no class')
  const count = names?.length ?? classes ?? largest + 1
  if (largest < count) return names ?? Array.from({ length: count }, (_, label) => String(label))
  const why =
    names === undefined
      ? `\`classes\` is ${thousands(count)}`
      : `there ${count === 1 ? 'is' : 'are'} ${counted(count, 'name')}`
  return failure(
    'label',
    labelsPath,
    `has the label ${largest}, but ${why}`,
    countFromOne(labels, count)
      ? labelsFromOneHelp(format)
      : 'labels count from 0 on: the last of 1,000 classes is 999',
  )
}

function needed(count: number): string {
  return `${thousands(count)} ${count === 1 ? 'is' : 'are'} needed`
}

interface Named {
  readonly name: string
  readonly line: number
}

/** `lines 1 and 3 both say `cat`; 2 other names stand twice`. Letters that only look alike are one name. */
function namedTwice(named: readonly Named[]): string | undefined {
  const linesOf = new Map<string, Named[]>()
  for (const entry of named) {
    const key = entry.name.normalize('NFC')
    const known = linesOf.get(key)
    if (known === undefined) linesOf.set(key, [entry])
    else known.push(entry)
  }
  const [first, ...others] = [...linesOf.values()].filter(({ length }) => length > 1)
  if (first === undefined) return undefined
  const lines = first.map(({ line }) => thousands(line))
  const many = `${lines.slice(0, 5).slice(0, -1).join(', ')} and ${lines.slice(0, 5).at(-1)}`
  const alike =
    new Set(first.map(({ name }) => name)).size > 1 ? ', though their bytes differ (NFC and NFD)' : ''
  const more =
    others.length === 0
      ? ''
      : `; so ${others.length === 1 ? 'does' : 'do'} ${counted(others.length, 'other name')}, such as \`${others[0]?.[0]?.name}\` on lines ${others[0]?.map(({ line }) => line).join(' and ')}`
  return `lines ${many} ${lines.length === 2 ? 'both' : 'all'} say \`${first[0]?.name}\`${alike}${more}`
}
