// `saurun data check FILE`: all images of all sources that a file names, read once.
import { compileDatasets, compileExperiment } from '../../../compiler/index.js'
import { checkData } from '../../apps/data-check/check-data.js'
import { lenientHost } from '../../apps/data-check/lenient-host.js'
import { dataCheckText } from '../../observe/text/data-check-text.js'
import { answerText } from '../../observe/text/json.js'
import { truncate } from '../../platform/cell-width.js'
import { exitCodes } from '../../platform/errors.js'
import { formatCount } from '../../platform/quantities.js'
import { clearLine } from '../../platform/texts/terminal.js'
import { compileOptions, diskHost, showDiagnostics } from '../compile-file.js'
import type { Context } from '../context.js'
import type { CommandBody } from '../declaration.js'
import type { dataCheck } from '../declared/data.js'
import { UsageError } from '../parser.js'
import { wordsOf } from '../settings.js'

export const checkDataOf: CommandBody<typeof dataCheck> = async (words, options, context) => {
  const { files, settings } = wordsOf(words, options)
  const [file] = files
  if (file === undefined || files.length > 1)
    throw new UsageError(
      file === undefined
        ? 'missing the file whose data is checked'
        : `one file at a time: ${files.join(', ')}`,
      'write `saurun data check FILE`',
    )
  const host = lenientHost(diskHost())
  const compiling = compileOptions(file, settings, options, context)
  const result = compileDatasets(host, compiling)
  // What a file leaves unused is no matter here.
  showDiagnostics(result, { ...options, quiet: true }, context)
  if (result.datasets === undefined) return result.exitCode
  const { plan, locations } = result.library
    ? { plan: undefined, locations: {} }
    : compileExperiment(host, compiling)
  const experiment =
    plan === undefined ? undefined : { plan, locations: plan.sources.map((_, i) => locations?.[i] ?? []) }
  const progress = progressLine(context, options.quiet === true || options.json === true)
  const findings = await checkData({ declared: result.datasets, experiment }, progress.show)
  progress.end()
  const { duplicates, undecodable } = findings
  const isShared =
    duplicates.evaluatedAndTrained > 0 || duplicates.between.some(({ kind }) => kind === 'splits')
  const exitCode =
    undecodable > 0 || (options.strict === true && isShared) ? exitCodes.dataCheckFailed : exitCodes.done
  if (options.json === true) context.out(answerText({ file, exitCode, ...findings }))
  else
    context.out(
      dataCheckText(findings, {
        paint: context.outPalette,
        columns: context.outColumns ?? 100,
        verbose: options.verbose === true,
      }),
    )
  return exitCode
}

interface ProgressLine {
  show(progress: { readonly source: string; readonly done: number; readonly total: number }): void
  end(): void
}

/** One line that moves, on a terminal alone. */
function progressLine(context: Context, quiet: boolean): ProgressLine {
  const { noteColumns } = context
  if (quiet || noteColumns === undefined) return { show() {}, end() {} }
  let last = 0
  return {
    show({ source, done, total }) {
      const now = performance.now()
      if (now - last < 100 && done < total) return
      last = now
      const text = `reading ${source}: ${formatCount(done)} of ${formatCount(total)} images`
      context.note(`${clearLine}${truncate(text, noteColumns - 1)}`)
    },
    end: () => context.note(clearLine),
  }
}
