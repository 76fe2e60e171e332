// The results of a sweep as CSV: a row for each metric of each setting, the best setting first. Shares are in
// 0..1.

import type { SweepOutcome } from '../../apps/sweep/outcome.js'
import { type Cell, csvText } from '../../platform/texts/csv.js'

const columns = [
  'metric',
  'setting',
  'n',
  'mean',
  'deviation',
  'low',
  'high',
  'baseline',
  'difference',
  'difference_low',
  'difference_high',
  'p',
  'p_holm',
  'test',
  'standing',
] as const

/**
 * Columns of the statistics, then `seeds` and `values` of the finished runs, and the varied params, as
 * `param.NAME`.
 */
export function sweepCsv({ metrics, settings, varied }: SweepOutcome): string {
  const rows = metrics.flatMap((metric, m) =>
    settings.map((setting): readonly Cell[] => {
      const result = setting.results[m]
      const summary = result?.summary
      const difference = result?.difference
      return [
        metric.name,
        setting.setting,
        summary?.n ?? 0,
        summary?.mean,
        summary?.deviation,
        summary?.interval?.[0],
        summary?.interval?.[1],
        setting.baseline,
        difference?.mean,
        difference?.interval?.[0],
        difference?.interval?.[1],
        difference?.p,
        result?.adjusted,
        difference?.test,
        setting.standing,
        result?.values.map(({ seed }) => seed ?? '').join(' '),
        result?.values.map(({ value }) => value).join(' '),
        ...varied.map((name) => cell(setting.params[name])),
      ]
    }),
  )
  return csvText([[...columns, 'seeds', 'values', ...varied.map((name) => `param.${name}`)], ...rows])
}

function cell(value: string | number | boolean | undefined): Cell {
  return typeof value === 'boolean' ? String(value) : value
}
