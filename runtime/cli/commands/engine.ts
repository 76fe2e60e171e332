// `saurun engine ACTION [ENGINE]`: engines that are there, and getting or removing one.
import { nearestName } from '../../../grammar/nearest-name.js'
import { type CommandBody, engineActions } from '../command-table.js'
import { allEngines, type EngineName } from '../engines/engine-states.js'
import { UsageError } from '../parser.js'

/** Engines that are not part of saurun itself. */
const installable: readonly EngineName[] = ['tensorflow']

export const manageEngines: CommandBody = async ([action = 'list', engine], options, context) => {
  const body = await bodyFor(chosen(action, engineActions, 'action'), engine)
  const { gpu, version, wheel } = options
  if (action !== 'install' && (gpu !== undefined || version !== undefined || wheel !== undefined)) {
    throw new UsageError(
      `--gpu, --version and --wheel say what is installed`,
      'write `saurun engine install tensorflow`',
    )
  }
  return body([], options, context)
}

async function bodyFor(
  action: (typeof engineActions)[number],
  engine: string | undefined,
): Promise<CommandBody> {
  switch (action) {
    case 'list':
      if (engine !== undefined) throw new UsageError('`engine list` lists all of them', 'leave out the name')
      return (await import('../engines/list.js')).listEngines
    case 'test': {
      const name = engine === undefined ? undefined : chosen(engine, allEngines, 'engine')
      return (await import('../engines/test.js')).testEngines(name)
    }
    case 'install':
      named(engine, action)
      return (await import('../engines/install.js')).installEngine
    case 'remove':
      named(engine, action)
      return (await import('../engines/remove.js')).removeEngine
  }
}

function named(engine: string | undefined, action: string): void {
  const example = `write \`saurun engine ${action} tensorflow\``
  if (engine === undefined) throw new UsageError(`missing the engine to ${action}`, example)
  const name = chosen(engine, allEngines, 'engine')
  if (!installable.includes(name)) throw new UsageError(`the engine ${name} comes with saurun`, example)
}

function chosen<T extends string>(word: string, choices: readonly T[], what: string): T {
  const found = choices.find((choice) => choice === word)
  if (found !== undefined) return found
  const nearest = nearestName(word, choices)
  throw new UsageError(
    `there is no ${what} \`${word}\``,
    nearest === undefined ? `there are ${choices.join(', ')}` : `did you mean \`${nearest}\`?`,
  )
}
