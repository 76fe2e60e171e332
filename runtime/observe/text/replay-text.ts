// What a replay found, in words.
import { differenceText } from '../../apps/replay/difference.js'
import { outcomeOf, type Verdict } from '../../apps/replay/verdict.js'
import type { Finding } from '../../apps/replay/verify.js'
import type { WeightComparison } from '../../apps/replay/weights.js'
import { formatCount, formatPlural } from '../../platform/quantities.js'
import type { Palette } from './palette.js'

/** Whether the run could be repeated exactly. */
export function findingsText(run: string, findings: readonly Finding[], paint: Palette): string {
  if (findings.length === 0) {
    return `${run}: data, program, engine and machine are those of its lock\n`
  }
  const lines = findings.map(({ message }) => `  ${message}\n`)
  return `${paint.yellow('warning')}: ${run} may not be repeated to the last bit:\n${lines.join('')}`
}

/** A few lines; the first one says it all. */
export function verdictText(verdict: Verdict, paint: Palette): string {
  const { original, difference, weights, endings } = verdict
  const lines = [
    {
      identical: `${paint.green('identical')} to ${original}`,
      differs: `${paint.red('differs')} from ${original}`,
      'identical so far': `${paint.yellow('identical so far')} to ${original}, which went further`,
    }[outcomeOf(verdict)],
  ]
  if (difference !== null) lines.push(`  first difference  ${differenceText(difference)}`)
  if (endings !== null && endings.original !== endings.replay) {
    lines.push(`  how they ended    ${endings.original}; here: ${endings.replay}`)
  }
  const evaluations = formatPlural(verdict.evaluations, 'evaluation')
  const steps =
    verdict.steps === 0 ? 'no losses of steps' : `losses of ${formatPlural(verdict.steps, 'step')}`
  lines.push(`  compared          ${formatPlural(verdict.epochs, 'epoch')}, ${evaluations}, ${steps}`)
  lines.push(`  weights           ${weightsText(weights)}`)
  return `${lines.join('\n')}\n`
}

function weightsText(weights: WeightComparison | null): string {
  if (weights === null) return 'not compared: one of the runs has no checkpoint of the last step'
  const { step, tensors, different } = weights
  const where = `after step ${formatCount(step)}`
  const [first] = different
  if (first === undefined) return `equal ${where}: all ${tensors} tensors`
  const largest = Math.max(...different.map(({ numbers }) => numbers?.largest ?? Number.POSITIVE_INFINITY))
  return `${different.length} of ${tensors} tensors differ ${where}, by ${largest.toPrecision(2)} at most; the first: ${first.tensor}`
}
