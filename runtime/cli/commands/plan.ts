// `saurun plan FILE`: what a run would do and what it would cost.
import { traceProgram } from '../../../compiler/graph/index.js'
import { differentImages, recordsOfSources } from '../../data/draws.js'
import { diskHost } from '../../data/host/shared-host.js'
import { imageKeys, sharedWithTraining } from '../../data/image-keys.js'
import { plannedResidence } from '../../data/planned-residence.js'
import { residentImages } from '../../data/residence.js'
import { labelsOfSource } from '../../data/source-labels.js'
import { answerText } from '../../observe/text/json.js'
import { wantsUnicode } from '../../observe/text/terminal.js'
import { exitCodes } from '../../platform/errors.js'
import { estimate } from '../../run/session/estimate.js'
import type { TimedRun, TimingRequest } from '../../run/session/timing.js'
import { compileFile } from '../compile-file.js'
import type { CommandBody } from '../declaration.js'
import type { plan as planCommand } from '../declared/files.js'
import { UsageError } from '../parser.js'
import { planFacts } from '../plan/plan-facts.js'
import { planText } from '../plan/plan-text.js'
import { runSettings, wordsOf } from '../settings.js'

export const showPlan: CommandBody<typeof planCommand> = async (words, options, context) => {
  const { files, settings } = wordsOf(words, options)
  const [file] = files
  if (file === undefined || files.length > 1) {
    throw new UsageError(file === undefined ? 'missing the file to plan' : 'one file at a time', undefined)
  }
  const compiled = compileFile(file, settings, options, context)
  if (typeof compiled === 'number') return compiled
  const { plan, planHash, locations } = compiled
  const program = traceProgram(plan, { layout: 'NCHW', images: 'uint8' })
  const data = residentImages(plannedResidence(plan, locations, diskHost(), options.dataMemory))
  const labels = plan.sources.map((source, i) => labelsOfSource(source, locations[i] ?? []))
  const records = recordsOfSources(plan.datasets, labels)
  const shared = sharedWithTraining(plan, records, imageKeys(plan, locations, diskHost()))
  const facts = planFacts(
    plan,
    planHash,
    program,
    estimate(plan, program),
    data,
    shared,
    records.map(differentImages),
  )
  const time =
    options.time === true ? await timed({ plan, locations, settings: runSettings(options) }) : undefined
  if (options.json === true) {
    context.out(answerText({ ...facts, ...(time === undefined ? {} : { time }) }))
    return exitCodes.done
  }
  context.out(
    planText(facts, time, {
      paint: context.outPalette,
      unicode: wantsUnicode(context.environment, process.platform),
      columns: context.outColumns ?? 100,
      verbose: options.verbose === true,
    }),
  )
  return exitCodes.done
}

/** Loads the engine, and only now. */
async function timed(request: TimingRequest): Promise<TimedRun> {
  const { timeSteps } = await import('../../run/session/timing.js')
  return timeSteps(request)
}
