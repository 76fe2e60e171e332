// `saurun sweep report DIR`: what a sweep has come to, at any time.
import { statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { metricTable } from '../../../compiler/plan/metric-table.js'
import { findMetric, type MetricChoice, metricNames, type Sweep } from '../../../compiler/sweep/index.js'
import { nearestName } from '../../../grammar/nearest-name.js'
import { findSweep } from '../../apps/sweep/find-sweep.js'
import { openFrozenSweep } from '../../apps/sweep/frozen-sweep.js'
import { meanOf, sweepOutcome } from '../../apps/sweep/outcome.js'
import { defaultGoal, settingCurves, sweepGoal } from '../../apps/sweep/results.js'
import { type SweepView, sweepReader } from '../../apps/sweep/state.js'
import { anonymous, type Identity, identityHere } from '../../observe/report/anonymous.js'
import { answerText } from '../../observe/text/json.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { runsRoot } from '../../run/folder/folder.js'
import { diskHost } from '../compile-file.js'
import type { Context } from '../context.js'
import type { CommandBody } from '../declaration.js'
import type { sweepReport as reportCommand } from '../declared/sweeps.js'
import { openPage } from '../open-page.js'
import { UsageError } from '../parser.js'

export const reportSweep: CommandBody<typeof reportCommand> = async ([word = ''], options, context) => {
  const forms = (['json', 'csv', 'latex', 'markdown'] as const).filter((form) => options[form] === true)
  if (forms.length > 1) {
    throw new UsageError(
      `--${forms.join(' and --')} are forms of one answer`,
      'leave all but one of them out',
    )
  }
  const [form] = forms
  if (
    form !== undefined &&
    (options.output !== undefined || options.figures !== undefined || options.open === true)
  ) {
    throw new UsageError(
      `${options.open === true ? '--open' : options.output === undefined ? '--figures' : '-o'} is for the page, and --${form} is another form`,
      'leave one of them out, or write to a file with `>`',
    )
  }
  const folder = findSweep(runsRoot(options.runs, context.environment), word)
  const { sweep } = openFrozenSweep(folder)
  const view = sweepReader(folder).read()
  const own = sweepGoal(sweep) ?? defaultGoal
  const chosen = options.metric?.flatMap((names) => names.split(',')).map((name) => metricOf(sweep, name))
  const [first = own] = chosen ?? []
  const isOwn = first.evaluation === own.evaluation && first.metric === own.metric
  const goal = isOwn ? own : { ...first, direction: metricTable[first.metric].direction }
  const isAnonymous = options.anonymous === true
  const found = sweepOutcome(view, sweep, goal, diskHost(), chosen)
  const outcome = isAnonymous ? anonymous(found, identityOf(view, sweep, context)) : found
  switch (form) {
    case 'json':
      context.out(answerText(outcome))
      return exitCodes.done
    case 'csv': {
      const { sweepCsv } = await import('../../observe/text/sweep-csv.js')
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
      const { sweepLatex } = await import('../../observe/text/sweep-latex.js')
      context.out(sweepLatex(outcome))
      return exitCodes.done
    }
    case 'markdown': {
      const { sweepMarkdown } = await import('../../observe/text/sweep-markdown.js')
      context.out(sweepMarkdown(outcome))
      return exitCodes.done
    }
    case undefined:
  }
  const { sweepReport, sweepReportFile } = await import('../../observe/report/sweep-report.js')
  const { anonymousReportFile } = await import('../../observe/report/run-report.js')
  const { writePage } = await import('../../observe/report/write.js')
  const path = options.output ?? join(folder, isAnonymous ? anonymousReportFile : sweepReportFile)
  writePage(path, sweepReport(outcome, sweep, settingCurves(view, goal)))
  const { writeFigures } = await import('../../observe/report/figures.js')
  const { sweepPageData } = await import('../../observe/report/sweep-charts.js')
  const figures =
    options.figures === undefined
      ? []
      : await writeFigures(options.figures, sweepPageData(outcome, sweep, settingCurves(view, goal)))
  for (const written of [path, ...figures]) context.out(`${written}\n`)
  if (options.verbose === true) context.note(`${statSync(path).size} bytes\n`)
  if (options.open === true && !(await openPage(resolve(path)))) {
    context.note('no program here opens HTML files; open the file above in a browser\n')
  }
  return exitCodes.done
}

/** @throws UsageError with the names that there are */
function metricOf({ measured }: Sweep, name: string): MetricChoice {
  const found = findMetric(measured, name)
  if (found !== undefined) return found
  const names = metricNames(measured)
  const nearest = nearestName(name, names)
  const list = names.length === 0 ? 'it measures nothing' : `it measures ${names.join(', ')}`
  throw new UsageError(
    `the sweep did not measure \`${name}\``,
    nearest === undefined ? list : `did you mean \`${nearest}\`? ${list}`,
  )
}

/** Machines are those of the sweep's pools and runs. */
function identityOf(view: SweepView, sweep: Sweep, context: Context): Identity {
  const hosts = [
    ...view.pools.map(({ owner }) => owner.host),
    ...view.instances.flatMap(({ status }) => status?.view.started?.host ?? []),
  ]
  const words = [...sweep.params.keys(), ...sweep.measured.map(({ dataset }) => dataset)]
  const places = [view.folder, sweep.experiment, sweep.file].map((path) => dirname(path))
  return identityHere(
    { hosts, places: [...places, view.capsule.cwd], words },
    context.workingFolder,
    context.environment,
  )
}
