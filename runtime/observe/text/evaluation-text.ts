// What an evaluation measured, in lines for people.
import { metricTable } from '../../../compiler/plan/metric-table.js'
import { printable } from '../../../grammar/printable.js'
import { formatCount, formatLoss, formatShare } from '../../platform/quantities.js'
import type { Evaluated, GroupAccuracy } from '../../run/journal/events.js'
import { metricValues } from '../../run/journal/metric-values.js'
import { metricText, metricTitle } from './metric-text.js'

/** A line of a summary: a label, or none, and what it says. */
export function summaryRow(label: string, text: string): string {
  return `  ${label.padEnd(12)}${text}`
}

/** Accuracies on one line, with `when` and the number of images; groups of classes on the next. */
export function measureLines(
  result: Omit<Evaluated, 'event' | 'seconds' | 'confusion'>,
  when: string,
): readonly string[] {
  const accuracy = [...metricValues(result)].flatMap(([metric, value]) =>
    value !== null && metricTable[metric].shown.includes('line')
      ? [`${metricTitle(metric)} ${metricText(metric, value)}`]
      : [],
  )
  const images = `${formatCount(result.count)} images`
  const lines = [summaryRow(printable(result.dataset), `${accuracy.join(', ')}   (${when}, ${images})`)]
  if (result.shots !== undefined) {
    const shots = result.shots.map((shot) => groupText(shot, formatShare))
    lines.push(summaryRow('', shots.join(', ')))
  }
  return lines
}

/** `few 12.5 %`, or of a group that is measured in part, `few 12.5 % (2 of 3 classes)`. */
export function groupText(
  { name, accuracy, classes, measured }: GroupAccuracy,
  format: (share: number) => string,
): string {
  if (accuracy === null) return `${name} none`
  return `${name} ${format(accuracy)}${measured === undefined ? '' : ` (${measured} of ${classes} classes)`}`
}

/**
 * The loss, and the recall of each class where it was measured; a dash stands for a class without an image.
 */
export function detailLines(
  { loss, perClass }: Pick<Evaluated, 'loss' | 'perClass'>,
  classes: readonly string[],
): readonly string[] {
  const recalls = perClass?.map((recall, c) =>
    summaryRow(
      '',
      `${(recall === null ? '-' : formatShare(recall)).padStart(7)}  ${printable(classes[c] ?? '')}`,
    ),
  )
  return [summaryRow('', `loss ${formatLoss(loss)}`), ...(recalls ?? [])]
}
