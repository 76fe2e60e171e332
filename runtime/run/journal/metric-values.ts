// The numbers of an evaluation by name: for everything that shows, writes or compares them.
import { isGroupMetric, type MetricName, metricNames } from '../../../compiler/plan/metric-table.js'
import type { Evaluated } from './events.js'

/** In the order of the table, what was measured; null for a group of classes without images. */
export function metricValues(
  event: Omit<Evaluated, 'event' | 'seconds' | 'confusion'>,
): ReadonlyMap<MetricName, number | null> {
  return new Map(
    metricNames.flatMap((name) => {
      const value = isGroupMetric(name)
        ? event.shots?.find((group) => group.name === name)?.accuracy
        : event[name]
      return value === undefined ? [] : [[name, value] as const]
    }),
  )
}
