// `saurun evaluate RUN`: what a run's evaluations give on one of its checkpoints.
import { basename } from 'node:path'
import type { LoweredDataset } from '../../../compiler/index.js'
import { evaluateOn } from '../../apps/inference/evaluate-on.js'
import { evaluateRun } from '../../apps/inference/evaluate-run.js'
import {
  evaluationOf,
  openTrainedNetwork,
  type TrainedNetwork,
} from '../../apps/inference/trained-network.js'
import { detailLines, measureLines } from '../../observe/text/evaluation-text.js'
import { answerText } from '../../observe/text/json.js'
import { type ExitCode, exitCodes } from '../../platform/errors.js'
import { findRun, runsRoot } from '../../run/folder/folder.js'
import { compileDatasetOf } from '../compile-file.js'
import type { Context } from '../context.js'
import type { CommandBody, Options } from '../declaration.js'
import type { evaluate } from '../declared/results.js'
import { networkChoice } from '../network-choice.js'
import { UsageError } from '../parser.js'
import { wordsOf } from '../settings.js'

export const evaluateAgain: CommandBody<typeof evaluate> = async (words, options, context) => {
  const { files, settings } = wordsOf(words, options)
  const [run = '', ...others] = files
  if (others.length > 0) throw new UsageError(`one run at a time: ${others.join(', ')}`, undefined)
  if (options.on === undefined && (settings.size > 0 || options.seed !== undefined)) {
    throw new UsageError('a run keeps its params and its seed', 'settings are for the file of --on')
  }
  const runFolder = findRun(runsRoot(options.runs), run)
  const other = options.on === undefined ? undefined : otherDataset(options.on, settings, options, context)
  if (typeof other === 'number') return other
  const network = await openTrainedNetwork(runFolder, networkChoice(options, context))
  try {
    const evaluations = other === undefined ? await evaluateRun(network) : [await evaluateOn(network, other)]
    const { checkpoint, epoch, engine, plan } = network
    const place = { run: basename(runFolder), checkpoint: basename(checkpoint.folder), engine: engine.name }
    if (options.json === true) {
      context.out(answerText({ ...place, epoch, on: options.on, evaluations }))
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

/** The dataset that `FILE:dataset` names; an exit code where the file does not compile. */
function otherDataset(
  on: string,
  settings: ReadonlyMap<string, string>,
  options: Options<typeof evaluate>,
  context: Context,
): LoweredDataset | ExitCode {
  const colon = on.lastIndexOf(':')
  if (colon <= 0 || colon === on.length - 1) {
    throw new UsageError(`\`${on}\` does not name a dataset of a file`, 'write it as `--on FILE.sau:dataset`')
  }
  return compileDatasetOf(on.slice(0, colon), on.slice(colon + 1), settings, options, context)
}

/** A run that was stopped may have its last checkpoint inside an epoch. */
function whenOf({ checkpoint, plan, epoch }: TrainedNetwork): string {
  const isWhole = checkpoint.state.step % plan.train.stepsPerEpoch === 0
  return `${isWhole ? 'after' : 'in'} epoch ${epoch + 1}`
}
