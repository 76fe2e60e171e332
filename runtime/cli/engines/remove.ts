// `saurun engine remove tensorflow`.
import { removeTensorFlow } from '../../engines/tensorflow/remove.js'
import { answerText } from '../../observe/text/json.js'
import { exitCodes } from '../../platform/errors.js'
import { enginesFolder } from '../../platform/host/data-folder.js'
import type { CommandBody } from '../declaration.js'
import type { engineRemove } from '../declared/engines.js'
import { requireInstallable } from './named-engine.js'

export const removeEngine: CommandBody<typeof engineRemove> = async ([word], options, context) => {
  requireInstallable(word, 'remove')
  const folder = enginesFolder()
  const removed = removeTensorFlow(folder)
  if (options.json === true) context.out(answerText({ engine: 'tensorflow', folder, removed }))
  else
    context.out(removed ? `tensorflow was removed from ${folder}\n` : `there is no tensorflow in ${folder}\n`)
  return exitCodes.done
}
