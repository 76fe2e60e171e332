// `saurun engine test [ENGINE]`: whether an engine, or each that is installed, computes what the reference
// engine computes.
import { checkEngine } from '../../apps/engine-check/check-engine.js'
import type { EngineReport } from '../../engines/engine-report.js'
import { type EngineName, engineNames } from '../../engines/names.js'
import { answerText } from '../../observe/text/json.js'
import type { Palette } from '../../observe/text/palette.js'
import { exitCodes } from '../../platform/errors.js'
import { formatDuration } from '../../platform/quantities.js'
import type { CommandBody } from '../declaration.js'
import type { engineTest } from '../declared/engines.js'
import { commandThatGets } from './engine-states.js'
import { namedEngine } from './named-engine.js'

export const testEngines: CommandBody<typeof engineTest> = async ([word], options, context) => {
  const name = word === undefined ? undefined : namedEngine(word)
  const isJson = options.json === true
  const reports: (EngineReport & { readonly name: EngineName })[] = []
  for (const engine of name === undefined ? engineNames : [name]) {
    const report = await checkEngine({ engine, test: true, threads: options.threads })
    reports.push({ name: engine, ...report })
    if (!isJson) context.out(`${engine.padEnd(10)}  ${reportText(engine, report, context.outPalette)}\n`)
  }
  if (isJson) context.out(answerText(reports))
  // One that nobody installed is a failure only where it was asked for.
  const isFailed = reports.some(({ state }) =>
    name === undefined ? state === 'broken' || state === 'wrong' : state !== 'loads',
  )
  return isFailed ? exitCodes.failed : exitCodes.done
}

function reportText(engine: EngineName, report: EngineReport, paint: Palette): string {
  switch (report.state) {
    case 'loads': {
      const { description, seconds, test } = report
      const worst =
        test === undefined
          ? ''
          : `; ${test.worst.name} differ by ${test.worst.difference.toExponential(1)} at most, ${test.worst.tolerance.toExponential(0)} is allowed`
      const time = formatDuration(seconds + (test?.seconds ?? 0))
      return `${paint.green('passed')}: ${description}${worst}  ${paint.dim(time)}`
    }
    case 'not_installed': {
      const get = commandThatGets(engine)
      return `${paint.yellow(report.reason)}${get === undefined ? '' : `; \`${get}\` gets it`}`
    }
    case 'broken':
      return `${paint.red('FAILED')}: ${report.reason}`
    case 'wrong':
      return `${paint.red('FAILED')}: ${report.description}, ${report.reason}`
  }
}
