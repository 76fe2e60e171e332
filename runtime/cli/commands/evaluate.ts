// `saurun evaluate RUN`: what a run's evaluations give on one of its checkpoints.
import { basename } from 'node:path'
import { exitCodes } from '../../errors.js'
import { evaluateRun } from '../../inference/evaluate-run.js'
import { evaluationOf, openTrainedNetwork, type TrainedNetwork } from '../../inference/trained-network.js'
import { detailLines, measureLines } from '../../output/evaluation-text.js'
import { answerText } from '../../output/json.js'
import { findRun, runsRoot } from '../../run-folder/folder.js'
import type { CommandBody } from '../command-table.js'
import { networkChoice } from '../network-choice.js'
import { UsageError } from '../parser.js'

export const evaluateAgain: CommandBody = async ([run = '', ...words], options, context) => {
  if (words.length > 0) throw new UsageError(`one run at a time: ${words.join(', ')}`, undefined)
  const runFolder = findRun(runsRoot(options.runs), run)
  const network = await openTrainedNetwork(runFolder, networkChoice(options, context))
  try {
    const evaluations = await evaluateRun(network)
    const { checkpoint, epoch, engine, plan } = network
    const place = { run: basename(runFolder), checkpoint: basename(checkpoint.folder), engine: engine.name }
    if (options.json === true) {
      context.out(answerText({ ...place, epoch, evaluations }))
      return exitCodes.done
    }
    context.out(`${place.run}, ${place.checkpoint}, ${engine.description}\n`)
    for (const result of evaluations) {
      const lines = [...measureLines(result, whenOf(network))]
      if (options.verbose === true) {
        lines.push(...detailLines(result, evaluationOf(plan, result.evaluation).classes))
      }
      for (const line of lines) context.out(`${line}\n`)
    }
    return exitCodes.done
  } finally {
    await network.executable.dispose()
  }
}

/** A run that was stopped may have its last checkpoint inside an epoch. */
function whenOf({ checkpoint, plan, epoch }: TrainedNetwork): string {
  const isWhole = checkpoint.state.step % plan.train.stepsPerEpoch === 0
  return `${isWhole ? 'after' : 'in'} epoch ${epoch + 1}`
}
