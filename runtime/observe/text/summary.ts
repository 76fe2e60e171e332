// What a run came to, in a few lines for the normal screen: printed when the terminal UI closes and at the
// end of plain output.
import { printable } from '../../../grammar/printable.js'
import { lineTable, stepSentence } from '../../apps/profile/profile-text.js'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPlural,
  formatRatio,
  formatShare,
} from '../../platform/quantities.js'
import { type EvaluationView, plantedNoise, type RunView } from '../../run/view/run-view.js'
import { measureLines, summaryRow } from './evaluation-text.js'
import { metricText, metricTitle } from './metric-text.js'

export interface SummaryPlaces {
  /** The run's folder as the user would write it, where it is known. */
  readonly folder: string | undefined
  /** How to go on with a stopped run, as a whole command. */
  readonly resume: string | undefined
}

/** Lines without line ends or colours. */
export function runSummary(view: RunView, places: SummaryPlaces): readonly string[] {
  const lines: string[] = []
  const { started, ended } = view
  if (started !== undefined) lines.push(`${outcome(view)}: ${printable(started.title)}`)
  else lines.push(outcome(view))
  for (const evaluation of view.evaluations) lines.push(...evaluationLines(evaluation, view))
  lines.push(...correctionLines(view))
  if (started !== undefined && view.stepsDone > 0) {
    const seconds = ended?.seconds ?? (view.now - view.startedAt) / 1000
    const memory = Math.max(view.peakMemory, ended?.peakMemory ?? 0)
    const parts = [
      `${formatCount(view.epochsDone)} of ${formatPlural(started.epochs, 'epoch')}`,
      formatPlural(view.stepsDone, 'step'),
      formatDuration(seconds),
    ]
    if (memory > 0) parts.push(`peak memory ${formatBytes(memory)}`)
    lines.push(summaryRow('trained', parts.join(', ')))
  }
  lines.push(...profileLines(view))
  if (places.folder !== undefined) lines.push(summaryRow('run folder', places.folder))
  if (ended !== undefined && ended.outcome !== 'done') {
    lines.push(
      summaryRow('reason', `${ended.code === undefined ? '' : `${ended.code}: `}${printable(ended.message)}`),
    )
    const saysHow = ended.outcome === 'stopped' && places.resume !== undefined
    if (ended.help !== undefined && !saysHow) lines.push(summaryRow('help', printable(ended.help)))
  }
  if (ended?.outcome === 'stopped' && places.resume !== undefined)
    lines.push(summaryRow('go on', places.resume))
  return lines
}

function outcome(view: RunView): string {
  switch (view.ended?.outcome) {
    case undefined:
      return 'not finished'
    case 'done':
      return 'done'
    case 'stopped':
      return 'stopped'
    case 'failed':
      return 'failed'
    case 'diverged':
      return 'diverged'
  }
}

function evaluationLines(evaluation: EvaluationView, view: RunView): readonly string[] {
  const { latest, best } = evaluation
  if (latest === undefined) return []
  const lines = [...measureLines(latest, `after epoch ${latest.epoch + 1}`)]
  // Nobody chose a best epoch unless the file asks for one; showing it all the same would be choosing it on
  // this data.
  if (best !== undefined && evaluation.bestBy !== undefined) {
    lines.push(
      summaryRow(
        '',
        `best ${metricTitle(evaluation.bestBy)} ${metricText(evaluation.bestBy, best.value)} after epoch ${best.epoch + 1}, chosen on this data`,
      ),
    )
  }
  if (view.started !== undefined && view.epochsDone > latest.epoch + 1) {
    lines.push(summaryRow('', 'not evaluated since'))
  }
  return lines
}

/** What a profiled step took, and the lines of the file that it went to. */
function profileLines({ profile }: RunView): readonly string[] {
  if (profile === undefined) return []
  const rows = lineTable(profile.lines).map((line) => summaryRow('', line))
  return [summaryRow('profile', `${stepSentence(profile)} (profile.txt)`), ...rows]
}

function correctionLines(view: RunView): readonly string[] {
  const lines = view.corrections.map((correction) => {
    const share = correction.synthetic === 0 ? 0 : correction.calledNoise / correction.synthetic
    return summaryRow(
      'correction',
      `${correction.branch}: ${formatCount(correction.calledNoise)} of ${formatCount(correction.synthetic)} synthetic samples called noise (${formatShare(share)})`,
    )
  })
  const planted = plantedNoise(view.corrections)
  if (planted !== undefined) {
    lines.push(
      summaryRow(
        '',
        `planted noise: precision ${formatRatio(planted.precision, 3)}, recall ${formatRatio(planted.recall, 3)} of ${formatCount(planted.noisy)}`,
      ),
    )
  }
  return lines
}
