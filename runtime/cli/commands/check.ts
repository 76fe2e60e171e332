// `saurun check FILE...`: everything that is wrong with files, without running anything.

import { answerText } from '../../observe/text/json.js'
import { exitCodes } from '../../platform/errors.js'
import { checkFile, diagnosticsData, showDiagnostics } from '../compile-file.js'
import type { CommandBody } from '../declaration.js'
import type { check } from '../declared/files.js'
import { UsageError } from '../parser.js'
import { wordsOf } from '../settings.js'

export const checkFiles: CommandBody<typeof check> = async (words, options, context) => {
  const { files, settings } = wordsOf(words, options)
  if (files.length === 0) throw new UsageError('missing the file to check', 'write `saurun check FILE`')
  const checked = files.map((file) => ({ file, result: checkFile(file, settings, options, context) }))
  if (options.json === true || options.format === 'json') {
    const answers = checked.map(({ file, result }) => diagnosticsData(file, result, context))
    context.out(answerText(answers.length === 1 ? (answers[0] ?? {}) : answers))
  } else {
    for (const { file, result } of checked) {
      showDiagnostics(result, options, context)
      if (result.exitCode === 0 && options.quiet !== true) {
        context.note(`${file}: ${result.library ? 'a library without errors' : 'no errors'}\n`)
      }
    }
  }
  // What does not compile outranks what is only wrong with the data.
  const codes = checked.map(({ result }) => result.exitCode)
  if (codes.includes(exitCodes.doesNotCompile)) return exitCodes.doesNotCompile
  return codes.includes(exitCodes.dataCheckFailed) ? exitCodes.dataCheckFailed : exitCodes.done
}
