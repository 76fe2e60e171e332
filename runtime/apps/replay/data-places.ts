// Where the data of a run lies now: where its lock says, or at a place that the user names.
import { resolve } from 'node:path'
import type { Plan } from '../../../compiler/plan/plan.js'
import { placeNames } from '../../../compiler/plan/sources.js'
import { nearestName } from '../../../grammar/nearest-name.js'
import { exitCodes, RunError } from '../../platform/errors.js'

/** Names that a source answers to: those of the datasets that are made of it, and its number from 1 on. */
export function sourceNames({ sources, datasets }: Plan): readonly (readonly string[])[] {
  return sources.map((_, position) => {
    const made = datasets.flatMap(({ name, make }) =>
      make.op === 'source' && make.source === position ? [name] : [],
    )
    return [...new Set(made), String(position + 1)]
  })
}

/**
 * `locations` of a lock with those that `words` (`name=path`) replace; two files of one source are written
 * `path,path`.
 * @throws RunError SAU7125 where no source answers to a name, where more than one does, or where it takes no
 * path.
 */
export function placedData(
  plan: Plan,
  locations: readonly (readonly string[])[],
  words: readonly string[],
  workingFolder: string,
): readonly (readonly string[])[] {
  const names = sourceNames(plan)
  const placed = [...locations]
  for (const word of words) {
    const equals = word.indexOf('=')
    const [name, path] = [word.slice(0, equals), word.slice(equals + 1)]
    const meant = names.flatMap((known, position) => (known.includes(name) ? [position] : []))
    const [position, second] = meant
    if (position === undefined) throw noSource(name, names.flat())
    if (second !== undefined) {
      const numbers = meant.map((each) => each + 1).join(' or ')
      throw wrong(`\`${name}\` is made of several sources`, `name one by its number: ${numbers}`)
    }
    const source = plan.sources[position]
    const places = source === undefined ? [] : placeNames(source)
    if (places.length === 0) throw wrong(`\`${name}\` is drawn and lies nowhere`, 'leave it out')
    const paths = places.length > 1 ? path.split(',') : [path]
    if (paths.length !== places.length)
      throw wrong(
        `\`${name}\` is made of ${places.length} places`,
        `write --data ${name}=${places.join(',')}`,
      )
    placed[position] = paths.map((each) => resolve(workingFolder, each))
  }
  return placed
}

function noSource(name: string, names: readonly string[]): RunError {
  const nearest = nearestName(name, names)
  const list = `the run reads ${[...new Set(names)].join(', ')}`
  return wrong(
    `the run has no data of the name \`${name}\``,
    nearest === undefined ? list : `did you mean \`${nearest}\`? ${list}`,
  )
}

function wrong(message: string, help: string): RunError {
  return new RunError('SAU7125', message, help, exitCodes.usage)
}
