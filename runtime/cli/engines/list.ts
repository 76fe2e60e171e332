// `saurun engine list`: all engines, and every place where a TensorFlow lies.

import { libraryCandidates } from '../../engines/tensorflow/library/find.js'
import { answerText } from '../../observe/text/json.js'
import { exitCodes } from '../../platform/errors.js'
import { enginesFolder } from '../../platform/host/data-folder.js'
import type { CommandBody } from '../declaration.js'
import type { engine } from '../declared/engines.js'
import { withCommand } from '../own-command.js'
import { engineStates, engineText } from './engine-states.js'

export const listEngines: CommandBody<typeof engine> = async (_words, options, context) => {
  const engines = await engineStates()
  const places = libraryCandidates()
  if (options.json === true) {
    context.out(answerText({ folder: enginesFolder(), engines, places }))
    return exitCodes.done
  }
  const { outPalette: paint } = context
  const lines = engines.map((engine) => `${engine.name.padEnd(10)}  ${engineText(engine, paint)}`)
  if (places.length > 0) lines.push('', paint.bold('TensorFlow, in the order in which it is looked for'))
  for (const place of places) {
    lines.push(`  ${place.origin}: ${place.folder}`)
    if (!place.usable) lines.push(`    ${paint.red('cannot be used')}: ${place.problem}`)
  }
  context.out(withCommand(`${lines.join('\n')}\n`, context.command))
  return exitCodes.done
}
