// `saurun report RUN`: the run as one HTML file.
import { statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { exitCodes } from '../../errors.js'
import { answerText } from '../../output/json.js'
import { formatBytes } from '../../output/quantities.js'
import { findRun, runsRoot } from '../../run-folder/folder.js'
import type { CommandBody } from '../command-table.js'
import { openPage } from '../open-page.js'

export const reportRun: CommandBody = async ([run = ''], options, context) => {
  const folder = findRun(runsRoot(options.runs), run)
  const { reportFile, runReport } = await import('../../report/run-report.js')
  const { writePage } = await import('../../report/write.js')
  const path = options.output === undefined ? join(folder, reportFile) : options.output
  writePage(path, runReport(folder))
  const bytes = statSync(path).size
  if (options.json === true) context.out(answerText({ run: basename(folder), path: resolve(path), bytes }))
  else {
    context.out(`${path}\n`)
    if (options.verbose === true) context.note(`${formatBytes(bytes)}\n`)
  }
  if (options.open === true && !(await openPage(resolve(path)))) {
    context.note('no program here opens HTML files; open the file above in a browser\n')
  }
  return exitCodes.done
}
