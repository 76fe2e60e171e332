// The engine that a command behind `saurun engine` is told about.
import { nearestName } from '../../../grammar/nearest-name.js'
import { type EngineName, engineNames } from '../../engines/names.js'
import { UsageError } from '../parser.js'

/** Engines that are not part of saurun itself. */
const installable: readonly EngineName[] = ['tensorflow']

/** @throws UsageError where there is no such engine. */
export function namedEngine(word: string): EngineName {
  const found = engineNames.find((name) => name === word)
  if (found !== undefined) return found
  const nearest = nearestName(word, engineNames)
  throw new UsageError(
    `there is no engine \`${word}\``,
    nearest === undefined ? `there are ${engineNames.join(', ')}` : `did you mean \`${nearest}\`?`,
  )
}

/** @throws UsageError where none is named, or one that is always there. */
export function requireInstallable(word: string | undefined, action: 'install' | 'remove'): void {
  const example = `write \`saurun engine ${action} tensorflow\``
  if (word === undefined) throw new UsageError(`missing the engine to ${action}`, example)
  const name = namedEngine(word)
  if (!installable.includes(name)) throw new UsageError(`the engine ${name} comes with saurun`, example)
}
