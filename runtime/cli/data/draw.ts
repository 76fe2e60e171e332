// `saurun data draw FILE [--dataset NAME] [-o FILE]`: a long-tailed draw as an index file.
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { mostIndexBytes } from '../../../compiler/host.js'
import { compileDatasets } from '../../../compiler/index.js'
import { indexFileText, readIndexFile } from '../../../compiler/plan/index-file.js'
import { nearestName } from '../../../grammar/nearest-name.js'
import { type NamedDraw, namedDraws } from '../../data/draws.js'
import { filesRead } from '../../data/host/shared-host.js'
import { labelsOfSource } from '../../data/source-labels.js'
import { answerText } from '../../observe/text/json.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { writeDurably } from '../../platform/files/durable.js'
import { readRegular } from '../../platform/host/regular-file.js'
import { formatPlural } from '../../platform/quantities.js'
import { compileOptions, diskHost, showDiagnostics } from '../compile-file.js'
import type { CommandBody } from '../declaration.js'
import type { dataDraw } from '../declared/data.js'
import { refuseInputs } from '../output-file.js'
import { UsageError } from '../parser.js'
import { wordsOf } from '../settings.js'

export const saveDraw: CommandBody<typeof dataDraw> = async (words, options, context) => {
  const { files, settings } = wordsOf(words, options)
  const [file] = files
  if (file === undefined || files.length > 1)
    throw new UsageError(
      file === undefined ? 'missing the file whose draw is saved' : `one file at a time: ${files.join(', ')}`,
      'write `saurun data draw FILE -o indices.json`',
    )
  const result = compileDatasets(diskHost(), compileOptions(file, settings, options, context))
  // What a file leaves unused is no matter here.
  showDiagnostics(result, { ...options, quiet: true }, context)
  if (result.datasets === undefined) return result.exitCode
  const { sources, locations } = result.datasets
  const labels = sources.map((source, i) => labelsOfSource(source, locations[i] ?? []))
  const draw = chosenDraw(file, namedDraws(result.datasets, labels), options.dataset)
  const text = indexFileText(draw.saved)
  const { output } = options
  const path = output === undefined || output === '-' ? undefined : resolve(context.workingFolder, output)
  if (path === undefined) context.out(text)
  else {
    refuseInputs(path, filesRead())
    writeIndexFile(path, text)
  }
  const { dataset, images, sha256, saved } = draw
  if (path !== undefined && options.json === true) {
    const counts = saved.indices.map(({ length }) => length)
    context.out(answerText({ path: output, dataset, images, sha256, classes: saved.classes, counts }))
  } else if (path !== undefined && options.quiet !== true) {
    context.out(
      `${output}: draw of ${dataset}, ${formatPlural(images, 'image')} of ${formatPlural(saved.classes.length, 'class', 'classes')}, sha256 ${sha256}\n`,
    )
  }
  return exitCodes.done
}

/** @throws RunError SAU8101 where the file has no such draw, or several of which none was named. */
function chosenDraw(file: string, draws: readonly NamedDraw[], wanted: string | undefined): NamedDraw {
  const names = draws.map(({ dataset }) => dataset)
  const found = draws.find(({ dataset }) => dataset === wanted)
  const [only, second] = draws
  if (wanted === undefined && only !== undefined && second === undefined) return only
  if (found !== undefined) return found
  const nearest = wanted === undefined ? undefined : nearestName(wanted, names)
  const list =
    names.length === 0 ? 'no dataset of it is made with `longtail`' : `it draws ${names.join(', ')}`
  const message =
    wanted !== undefined
      ? `${file} draws no dataset \`${wanted}\``
      : only === undefined
        ? `${file} draws no long-tailed dataset`
        : `${file} has ${draws.length} long-tailed draws`
  const help =
    wanted === undefined && only !== undefined
      ? `name one with --dataset: ${names.join(', ')}`
      : nearest === undefined
        ? list
        : `did you mean \`${nearest}\`? ${list}`
  throw new RunError('SAU8101', message, help, exitCodes.usage)
}

/** @throws RunError SAU8102 where another file is there, or the file cannot be written. */
function writeIndexFile(path: string, text: string): void {
  if (
    existsSync(path) &&
    (!statSync(path).isFile() ||
      readIndexFile(readRegular(path, mostIndexBytes).toString('utf8')).kind === 'fault')
  )
    throw new RunError(
      'SAU8102',
      `${path} is there already and is no index file`,
      'name another file, or take this one away',
      exitCodes.failed,
    )
  try {
    writeDurably(path, text)
  } catch (error) {
    throw new RunError(
      'SAU8102',
      `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      'name a file in a folder that is there and can be written',
      exitCodes.failed,
    )
  }
}
