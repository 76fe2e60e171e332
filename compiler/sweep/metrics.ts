// Names of what an experiment measures, as sweep files write them: `top1`, or `test.top1` where several data
// sets are evaluated.
import { nearestName } from '../../grammar/nearest-name.js'
import type { MeasuredData } from '../checking/template.js'
import { labelled } from '../diagnostics/reporter.js'
import { foreignName } from '../names/foreign-names.js'
import { isMetricName } from '../plan/metric-table.js'
import type { DataPath } from './document.js'
import { type Site, valueAt } from './site.js'
import type { MetricChoice } from './sweep.js'

/**
 * The number that a name means: of the first `evaluate` block that has it. Reports a name that means none.
 */
export function metricNamed(site: Site, name: string, path: DataPath): MetricChoice | undefined {
  const found = findMetric(site.template.measured, name)
  if (found !== undefined) return found
  const names = metricNames(site.template.measured)
  const foreign = foreignName(name.slice(name.lastIndexOf('.') + 1), names)
  const nearest = foreign?.name ?? nearestName(name, names)
  const at = valueAt(site, path)
  site.reporter.report('SAU8034', {
    gaps: { name },
    labels: [labelled(at)],
    help: nearest
      ? `did you mean \`${nearest}\`?`
      : names.length > 0
        ? `it measures ${names.map((known) => `\`${known}\``).join(', ')}`
        : 'it has no `evaluate` block',
    fix: nearest ? { title: `write ${nearest}`, ...at, replacement: nearest } : undefined,
  })
  return undefined
}

/** The number that a name means; undefined where nothing is measured under it. */
export function findMetric(measured: readonly MeasuredData[], name: string): MetricChoice | undefined {
  const dot = name.lastIndexOf('.')
  const dataset = dot < 0 ? undefined : name.slice(0, dot)
  const metric = name.slice(dot + 1)
  if (!isMetricName(metric)) return undefined
  const evaluation = measured.findIndex(
    (block) => (dataset === undefined || block.dataset === dataset) && block.metrics.includes(metric),
  )
  return evaluation < 0 ? undefined : { evaluation, metric }
}

/** All names that can be written, short ones first. */
export function metricNames(measured: readonly MeasuredData[]): readonly string[] {
  const short = measured.flatMap(({ metrics }) => metrics)
  const long =
    measured.length < 2
      ? []
      : measured.flatMap(({ dataset, metrics }) => metrics.map((metric) => `${dataset}.${metric}`))
  return [...new Set([...short, ...long])]
}
