// `saurun predict RUN IMAGE|DIR...`: the classes that a run's network sees in images.
import { basename } from 'node:path'
import type { SourceFailure } from '../../../compiler/host.js'
import { imageFiles } from '../../apps/inference/image-files.js'
import { predict } from '../../apps/inference/predict.js'
import { openTrainedNetwork } from '../../apps/inference/trained-network.js'
import { answerText } from '../../observe/text/json.js'
import { predictionLines, predictionsCsv } from '../../observe/text/predictions.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { formatPlural } from '../../platform/quantities.js'
import { findRun, runsRoot } from '../../run/folder/folder.js'
import type { Context } from '../context.js'
import { runErrorText } from '../crash.js'
import type { CommandBody } from '../declaration.js'
import type { predict as predictCommand } from '../declared/results.js'
import { networkChoice } from '../network-choice.js'
import { UsageError } from '../parser.js'

/** Classes shown of each image, unless asked for otherwise. */
const defaultTop = 5

export const predictImages: CommandBody<typeof predictCommand> = async (
  [run = '', ...words],
  options,
  context,
) => {
  if (options.json === true && options.csv === true) {
    throw new UsageError('--json and --csv are two forms of one answer', 'leave one of them out')
  }
  const runFolder = findRun(runsRoot(options.runs), run)
  const { files, failures: missing, passedOver } = imageFiles(words, context.workingFolder)
  const network = await openTrainedNetwork(runFolder, networkChoice(options, context))
  try {
    const { images, failures, resized, target } = await predict(network, files, options.top ?? defaultTop)
    const failed = [...missing, ...failures].map(imageError)
    if (options.json === true) {
      const { checkpoint, epoch, engine } = network
      context.out(
        answerText({
          run: basename(runFolder),
          checkpoint: basename(checkpoint.folder),
          epoch,
          engine: engine.name,
          images,
          failed: failed.map(({ file, error }) => ({ file, code: error.code, message: error.message })),
        }),
      )
    } else if (options.csv === true) context.out(predictionsCsv(images))
    else for (const line of predictionLines(images)) context.out(`${line}\n`)
    if (passedOver.length > 0 && options.quiet !== true) notePassedOver(passedOver, context)
    if (resized.length > 0 && options.quiet !== true) noteResized(resized, target, context)
    for (const { error } of failed) context.note(runErrorText(error))
    return failed.length === 0 ? exitCodes.done : exitCodes.dataCheckFailed
  } finally {
    await network.executable.dispose()
  }
}

function noteResized(
  files: readonly string[],
  { height, width }: { readonly height: number; readonly width: number },
  context: Context,
): void {
  const others = files.length === 1 ? '' : ` and ${formatPlural(files.length - 1, 'other image')}`
  context.note(
    `note: ${files[0]}${others} resized to ${height} x ${width} pixels, the size of the images that the network was evaluated on\n`,
  )
}

function notePassedOver([first = '', ...others]: readonly string[], context: Context): void {
  const more = others.length === 0 ? '' : ` and ${formatPlural(others.length, 'other file')}`
  context.note(`note: ${first}${more} not read: images of a kind that saurun has no decoder for\n`)
}

function imageError(found: SourceFailure): { readonly file: string; readonly error: RunError } {
  return {
    file: found.path,
    error: new RunError(
      'SAU7854',
      `\`${found.path}\` ${found.message}`,
      found.reason === 'missing' ? 'check its path' : 'give images that open, or folders of them',
      exitCodes.dataCheckFailed,
    ),
  }
}
