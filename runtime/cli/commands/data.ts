// `saurun data ACTION ...`: looking at the data of a file, saving its long-tailed draws, getting published data.
import { nearestName } from '../../../grammar/nearest-name.js'
import { type CommandBody, dataActions } from '../command-table.js'
import type { Options } from '../options.js'
import { UsageError } from '../parser.js'

type Action = (typeof dataActions)[number]

/** Flags that only some actions take. */
const ownFlags: Readonly<Record<Action, readonly (keyof Options)[]>> = {
  check: ['strict', 'set', 'seed'],
  draw: ['dataset', 'output', 'set', 'seed'],
  get: ['directory', 'from'],
}

export const manageData: CommandBody = async ([word, ...words], options, context) => {
  if (word === undefined)
    throw new UsageError(
      'missing what to do with data',
      'write `saurun data check FILE`, `data draw FILE` or `data get NAME`',
    )
  const action = dataActions.find((known) => known === word)
  if (action === undefined) {
    const nearest = nearestName(word, dataActions)
    throw new UsageError(
      `there is no action \`${word}\``,
      nearest === undefined ? `there are ${dataActions.join(', ')}` : `did you mean \`${nearest}\`?`,
    )
  }
  refuseOthers(action, options)
  return (await bodyOf(action))(words, options, context)
}

async function bodyOf(action: Action): Promise<CommandBody> {
  switch (action) {
    case 'check':
      return (await import('../data/check.js')).checkDataOf
    case 'draw':
      return (await import('../data/draw.js')).saveDraw
    case 'get':
      return (await import('../data/get.js')).getData
  }
}

/** A flag that does nothing is a mistake. */
function refuseOthers(action: Action, options: Options): void {
  for (const [other, names] of Object.entries(ownFlags)) {
    const stray = names.find((name) => options[name] !== undefined && !ownFlags[action].includes(name))
    if (stray !== undefined)
      throw new UsageError(`\`data ${action}\` has no --${shown(stray)}`, `it belongs to \`data ${other}\``)
  }
}

function shown(name: keyof Options): string {
  return name === 'directory' ? 'dir' : name
}
