// The numbers of an evaluation for people, as the table of metrics says: shares in percent, others as they
// are.
import { type MetricName, metricTable } from '../../../compiler/plan/metric-table.js'
import { formatLoss, formatNumber, formatShare } from '../../platform/quantities.js'

/** `top-1`. */
export function metricTitle(metric: MetricName): string {
  return metricTable[metric].label
}

export function isShare(metric: MetricName): boolean {
  return metricTable[metric].unit === 'share'
}

/** `45.2 %`, `1.234`. */
export function metricText(metric: MetricName, value: number): string {
  return isShare(metric) ? formatShare(value) : formatLoss(value)
}

/** `45.20`, `1.234`: where the unit stands elsewhere, as `metricUnit` gives it. */
export function metricNumber(metric: MetricName, value: number, digits = 2): string {
  return isShare(metric) ? (100 * value).toFixed(digits) : formatNumber(value)
}

/** With a blank before it: ` %`, or nothing. */
export function metricUnit(metric: MetricName): string {
  return isShare(metric) ? ' %' : ''
}
