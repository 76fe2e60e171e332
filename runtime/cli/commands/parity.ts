// `saurun parity DIR`: golden cases, one line each.
import { existsSync, statSync } from 'node:fs'
import { type ParityResult, type Quantity, runParity } from '../../apps/parity/index.js'
import type { Engine } from '../../engines/engine.js'
import { engineNames } from '../../engines/names.js'
import { EngineNotInstalled } from '../../engines/not-installed.js'
import { selectEngine } from '../../engines/select.js'
import { answerText } from '../../observe/text/json.js'
import type { Palette } from '../../observe/text/palette.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { formatDuration } from '../../platform/quantities.js'
import type { Context } from '../context.js'
import type { CommandBody, Options } from '../declaration.js'
import type { parity } from '../declared/program.js'
import { UsageError } from '../parser.js'

export const compareWithGolden: CommandBody<typeof parity> = async ([directory = ''], options, context) => {
  if (existsSync(directory) && !statSync(directory).isDirectory()) {
    throw new UsageError(`${directory} is not a folder`, 'name the folder that the cases lie in')
  }
  const engines = await wantedEngines(options, context)
  const isJson = options.json === true
  const report = await runParity(directory, {
    engines,
    onResult: (result) => {
      if (isJson) return
      if (options.quiet === true && result.status === 'passed') return
      context.out(`${resultLine(result, options.verbose === true, context.outPalette)}\n`)
    },
  })
  if (isJson) context.out(answerText(report))
  else context.out(`${report.passed} passed, ${report.failed} failed, ${report.skipped} skipped\n`)
  return report.failed > 0 ? exitCodes.failed : exitCodes.done
}

/** The engine that was asked for, or all that are installed; those that are not are named. */
async function wantedEngines(
  { engine: wanted = 'all', threads }: Options<typeof parity>,
  context: Context,
): Promise<Engine[]> {
  if (wanted !== 'all') return [(await selectEngine(wanted, { threads })).engine]
  const found: Engine[] = []
  for (const name of engineNames) {
    try {
      found.push((await selectEngine(name, { threads })).engine)
    } catch (error) {
      if (!(error instanceof RunError && error.cause instanceof EngineNotInstalled)) throw error
      context.note(`left out: engine ${name}, ${error.cause.message}\n`)
    }
  }
  return found
}

/** One case: how it came out, and the largest error of each quantity. */
function resultLine(result: ParityResult, verbose: boolean, paint: Palette): string {
  if (result.status === 'skipped') {
    return `${paint.yellow('skipped')}  ${result.file}  ${result.message}`
  }
  const status = result.status === 'passed' ? paint.green('passed ') : paint.red('FAILED ')
  const head = `${status}  ${result.file}  ${result.kind} on ${result.engine}`
  const quantities = result.message ?? quantityList(result.quantities, verbose)
  const left = result.skipped.length === 0 ? '' : `  (not known: ${result.skipped.join(', ')})`
  return `${head}  ${quantities}${left}  ${paint.dim(formatDuration(result.seconds))}`
}

/** Quantities of one family (`grad0.*`) are shown by their worst member, unless `verbose` asks for each. */
function quantityList(quantities: readonly Quantity[], verbose: boolean): string {
  if (verbose) return quantities.map((quantity) => quantityText(quantity.name, quantity)).join(' ')
  const families = new Map<string, Quantity[]>()
  for (const quantity of quantities) {
    const dot = quantity.name.indexOf('.')
    const family = dot < 0 ? quantity.name : `${quantity.name.slice(0, dot)}.*`
    families.set(family, [...(families.get(family) ?? []), quantity])
  }
  return [...families]
    .map(([family, members]) => {
      const worst = members.reduce((a, b) => (share(b) > share(a) ? b : a))
      return quantityText(members.length === 1 || !worst.ok ? worst.name : family, worst)
    })
    .join(' ')
}

/** How much of its tolerance a quantity uses; what does not hold comes first. */
function share(quantity: Quantity): number {
  if (!quantity.ok) return Number.POSITIVE_INFINITY
  return quantity.tolerance === 0 ? 0 : quantity.error / quantity.tolerance
}

function quantityText(name: string, { error, tolerance, ok }: Quantity): string {
  const number = (value: number): string => (value === 0 ? '0' : value.toExponential(1))
  return ok ? `${name} ${number(error)}` : `${name} ${number(error)} > ${number(tolerance)}!`
}
