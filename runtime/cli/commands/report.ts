// `saurun report RUN`: the run as one HTML file.
import { statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { anonymous, identityHere, wordsOf } from '../../observe/report/anonymous.js'
import { answerText } from '../../observe/text/json.js'
import { exitCodes } from '../../platform/errors.js'
import { formatBytes } from '../../platform/quantities.js'
import { reportFile } from '../../run/folder/file-names.js'
import { findRun, runsRoot } from '../../run/folder/folder.js'
import type { CommandBody } from '../declaration.js'
import type { report } from '../declared/results.js'
import { openPage } from '../open-page.js'

export const reportRun: CommandBody<typeof report> = async ([run = ''], options, context) => {
  const folder = findRun(runsRoot(options.runs), run)
  const { anonymousReportFile, reportText } = await import('../../observe/report/run-report.js')
  const { readMaterial } = await import('../../observe/report/material.js')
  const { runPageData } = await import('../../observe/report/run-charts.js')
  const { writeFigures } = await import('../../observe/report/figures.js')
  const { writePage } = await import('../../observe/report/write.js')
  const isAnonymous = options.anonymous === true
  const path = options.output ?? join(folder, isAnonymous ? anonymousReportFile : reportFile)
  const material = readMaterial(folder)
  const hosts = material.lock.processes.map(({ host }) => host)
  const shown = isAnonymous
    ? anonymous(
        material,
        identityHere({ hosts, words: wordsOf(material.plan) }, context.workingFolder, context.environment),
      )
    : material
  writePage(path, reportText(shown))
  const figures = options.figures === undefined ? [] : await writeFigures(options.figures, runPageData(shown))
  const bytes = statSync(path).size
  if (options.json === true)
    context.out(
      answerText({
        run: basename(folder),
        path: resolve(path),
        bytes,
        ...(figures.length > 0 ? { figures } : {}),
      }),
    )
  else {
    for (const written of [path, ...figures]) context.out(`${written}\n`)
    if (options.verbose === true) context.note(`${formatBytes(bytes)}\n`)
  }
  if (options.open === true && !(await openPage(resolve(path)))) {
    context.note('no program here opens HTML files; open the file above in a browser\n')
  }
  return exitCodes.done
}
