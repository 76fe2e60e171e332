// `saurun sweep report DIR`: what a sweep has come to, at any time.
import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { exitCodes, RunError } from '../../errors.js'
import { answerText } from '../../output/json.js'
import { runsRoot } from '../../run-folder/folder.js'
import { findSweep } from '../../sweep/find-sweep.js'
import { openFrozenSweep } from '../../sweep/frozen-sweep.js'
import { meanOf, sweepOutcome } from '../../sweep/outcome.js'
import { defaultGoal, settingCurves, sweepGoal } from '../../sweep/results.js'
import { sweepReader } from '../../sweep/state.js'
import type { CommandBody } from '../command-table.js'
import { diskHost } from '../compile-file.js'
import { openPage } from '../open-page.js'
import { UsageError } from '../parser.js'

export const reportSweep: CommandBody = async (words, options, context) => {
  const [word] = words
  if (word === undefined || words.length > 1) {
    throw new UsageError(
      word === undefined ? 'missing the sweep' : `one sweep at a time: ${words.join(', ')}`,
      'write `saurun sweep report DIR`',
    )
  }
  const forms = (['json', 'csv', 'latex', 'markdown'] as const).filter((form) => options[form] === true)
  if (forms.length > 1) {
    throw new UsageError(
      `--${forms.join(' and --')} are forms of one answer`,
      'leave all but one of them out',
    )
  }
  const [form] = forms
  if (form !== undefined && (options.output !== undefined || options.open === true)) {
    throw new UsageError(
      `${options.open === true ? '--open' : '-o'} is for the page, and --${form} is another form`,
      'leave one of them out, or write to a file with `>`',
    )
  }
  const folder = findSweep(runsRoot(options.runs, context.environment), word)
  const { sweep } = openFrozenSweep(folder)
  const goal = sweepGoal(sweep) ?? defaultGoal
  const view = sweepReader(folder).read()
  const outcome = sweepOutcome(view, sweep, goal, diskHost())
  switch (form) {
    case 'json':
      context.out(answerText(outcome))
      return exitCodes.done
    case 'csv': {
      const { sweepCsv } = await import('../../output/sweep-csv.js')
      context.out(sweepCsv(outcome))
      return exitCodes.done
    }
    case 'latex': {
      if (outcome.settings.every((setting) => meanOf(setting) === undefined)) {
        throw new RunError(
          'SAU8071',
          `no run of ${outcome.name} is finished yet`,
          'look at it without --latex, or wait for the first run',
          exitCodes.failed,
        )
      }
      const { sweepLatex } = await import('../../output/sweep-latex.js')
      context.out(sweepLatex(outcome))
      return exitCodes.done
    }
    case 'markdown': {
      const { sweepMarkdown } = await import('../../output/sweep-markdown.js')
      context.out(sweepMarkdown(outcome))
      return exitCodes.done
    }
    case undefined:
  }
  const { sweepReport, sweepReportFile } = await import('../../report/sweep-report.js')
  const { writePage } = await import('../../report/write.js')
  const path = options.output ?? join(folder, sweepReportFile)
  writePage(path, sweepReport(outcome, sweep, settingCurves(view, goal)))
  context.out(`${path}\n`)
  if (options.verbose === true) context.note(`${statSync(path).size} bytes\n`)
  if (options.open === true && !(await openPage(resolve(path)))) {
    context.note('no program here opens HTML files; open the file above in a browser\n')
  }
  return exitCodes.done
}
