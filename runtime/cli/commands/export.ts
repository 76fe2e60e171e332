// `saurun export RUN`: a trained head as a model for other programs.
import { basename } from 'node:path'
import { answerText } from '../../observe/text/json.js'
import { exitCodes } from '../../platform/errors.js'
import { formatBytes } from '../../platform/quantities.js'
import { findRun, runsRoot } from '../../run/folder/folder.js'
import { runErrorText } from '../crash.js'
import type { CommandBody } from '../declaration.js'
import type { exporting } from '../declared/results.js'

/** What the name of a model ends with where `-o` gives none. */
const endings = { onnx: '.onnx', safetensors: '.safetensors', savedmodel: '-savedmodel' } as const

export const exportRun: CommandBody<typeof exporting> = async ([run = ''], options, context) => {
  const format = options.format ?? 'onnx'
  const folder = findRun(runsRoot(options.runs), run)
  const path = options.output ?? `${basename(folder)}${endings[format]}`
  const { exportModel } = await import('../../apps/export/export.js')
  const { requireFree, writeModel } = await import('../../apps/export/write.js')
  requireFree(path)
  const model = await exportModel({
    run: folder,
    format,
    checkpoint: options.checkpoint,
    head: options.head,
    passedOver: (error) => context.note(runErrorText(error)),
  })
  const bytes = writeModel(path, model)
  const { network, head, epoch, accuracy, dataset } = model.metadata
  if (options.json === true) context.out(answerText({ path, format, bytes, metadata: model.metadata }))
  else if (options.quiet !== true) {
    const top1 = accuracy === undefined ? '' : `, top1 ${(Number(accuracy) * 100).toFixed(2)} % on ${dataset}`
    context.out(
      `${path}: ${network}.${head} after epoch ${epoch}${top1}; ${model.classes.length} classes, ${formatBytes(bytes)}\n`,
    )
  }
  return exitCodes.done
}
