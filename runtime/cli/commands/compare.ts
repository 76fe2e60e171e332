// `saurun compare RUN...|DIR`: results of finished runs side by side.
import { headline } from '../../../compiler/plan/metric-table.js'
import { nearestName } from '../../../grammar/nearest-name.js'
import { compareRuns, measuredMetrics, paramNames } from '../../apps/comparison/comparison.js'
import { withoutRepetitions } from '../../apps/comparison/groups.js'
import { type LeftOut, type RunResult, readRun } from '../../apps/comparison/run-result.js'
import { anonymous, identityHere, wordsOf } from '../../observe/report/anonymous.js'
import { comparisonCsv } from '../../observe/text/comparison-csv.js'
import { comparisonText } from '../../observe/text/comparison-text.js'
import { answerText } from '../../observe/text/json.js'
import { exitCodes } from '../../platform/errors.js'
import { findRun, findRuns, runsRoot } from '../../run/folder/folder.js'
import { readLock } from '../../run/folder/lock.js'
import type { Context } from '../context.js'
import type { CommandBody } from '../declaration.js'
import type { compare } from '../declared/results.js'
import { UsageError } from '../parser.js'

export const compareResults: CommandBody<typeof compare> = async (words, options, context) => {
  if (options.json === true && options.csv === true) {
    throw new UsageError('--json and --csv are two forms of one answer', 'leave one of them out')
  }
  if (options.html === true && (options.json === true || options.csv === true)) {
    throw new UsageError('--html and --json or --csv are two forms of one answer', 'leave one of them out')
  }
  if (options.output !== undefined && options.html !== true) {
    throw new UsageError('-o is the file of --html', 'add --html, or leave -o out and use `>`')
  }
  const root = runsRoot(options.runs)
  const baseline = options.baseline === undefined ? undefined : findRun(root, options.baseline)
  const named = findRuns(root, words.length === 0 ? [root] : words)
  const folders = baseline === undefined || named.includes(baseline) ? named : [baseline, ...named]
  const finished: RunResult[] = []
  const leftOut: LeftOut[] = []
  for (const folder of folders) {
    const read = readRun(folder)
    if (read.kind === 'finished') finished.push(read.result)
    else leftOut.push(read.leftOut)
  }
  const { runs, leftOut: repeated } = withoutRepetitions(finished, baseline)
  leftOut.push(...repeated)
  if (runs.length === 0) {
    noteLeftOut(leftOut, context)
    context.note('no run to compare: none of those named has finished and was evaluated\n')
    return exitCodes.failed
  }
  const broken = leftOut.find(({ folder }) => folder === baseline)
  if (broken !== undefined) {
    throw new UsageError(
      `${broken.run} cannot be the baseline: ${broken.reason}`,
      'choose a run that is done',
    )
  }
  const found = compareRuns(runs, {
    by: options.by === undefined ? undefined : known('param', options.by, paramNames(runs)),
    metrics: (options.metric ?? [headline])
      .flatMap((names) => names.split(','))
      .map((name) => known('metric', name, measuredMetrics(runs))),
    baseline,
    leftOut,
  })
  const identity = identityHere(
    { hosts: runs.flatMap(hostsOf), words: runs.flatMap(({ plan }) => wordsOf(plan)) },
    context.workingFolder,
    context.environment,
  )
  const hide = <Value>(value: Value): Value =>
    options.anonymous === true ? anonymous(value, identity) : value
  const comparison = hide(found)
  if (options.html === true) {
    const { comparisonReport } = await import('../../observe/report/comparison-report.js')
    const { writePage } = await import('../../observe/report/write.js')
    const path = options.output ?? 'comparison.html'
    writePage(path, comparisonReport(comparison, runs.map(hide)))
    context.out(`${path}\n`)
    noteLeftOut(leftOut, context)
  } else if (options.json === true) context.out(answerText(comparison))
  else if (options.csv === true) {
    context.out(comparisonCsv(comparison))
    noteLeftOut(leftOut, context)
  } else {
    context.out(comparisonText(comparison, { paint: context.outPalette, verbose: options.verbose === true }))
  }
  return exitCodes.done
}

function noteLeftOut(leftOut: readonly LeftOut[], context: Context): void {
  for (const { run, reason } of leftOut) context.note(`left out: ${run}  ${reason}\n`)
}

/** @throws UsageError with the nearest name where no run has this param, or measured this. */
function known<Name extends string>(what: 'param' | 'metric', name: string, names: readonly Name[]): Name {
  const found = names.find((one) => one === name)
  if (found !== undefined) return found
  const nearest = nearestName(name, names)
  const list = names.length === 0 ? 'they have none' : `there are ${names.join(', ')}`
  throw new UsageError(
    what === 'param' ? `no run has a param \`${name}\`` : `no run measured \`${name}\``,
    nearest === undefined ? list : `did you mean \`${nearest}\`? ${list}`,
  )
}

function hostsOf({ folder }: RunResult): readonly string[] {
  return readLock(folder).processes.map(({ host }) => host)
}
