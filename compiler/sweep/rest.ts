// `prune`, `limits` and `compare`.
import { units } from '../../grammar/words.js'
import type { ParamSetting } from '../checking/template.js'
import { labelled } from '../diagnostics/reporter.js'
import { headline, metricTable } from '../plan/metric-table.js'
import type { DataPath } from './document.js'
import { metricNamed, metricNames } from './metrics.js'
import type { WrittenPruner, WrittenSweep } from './schema.js'
import { keyAt, paramNamed, type Site, valueAt } from './site.js'
import type { Point } from './space.js'
import type { Draw, Limits, Prune, Sweep } from './sweep.js'
import { checkValue } from './values.js'

export function readPrune(site: Site, { prune }: WrittenSweep, draw: Draw | undefined): Prune | undefined {
  if (prune === undefined) return undefined
  if (prune === 'asha' || prune === 'median') return prunerOf(site, prune, {}, ['prune'], draw)
  return 'asha' in prune
    ? prunerOf(site, 'asha', prune.asha ?? {}, ['prune', 'asha'], draw)
    : prunerOf(site, 'median', prune.median ?? {}, ['prune', 'median'], draw)
}

function prunerOf(
  site: Site,
  kind: 'asha' | 'median',
  written: WrittenPruner & { readonly reduction?: number; readonly first?: number; readonly trials?: number },
  path: DataPath,
  draw: Draw | undefined,
): Prune | undefined {
  const searched = draw?.kind === 'search' ? draw : undefined
  const metric =
    written.metric === undefined ? searched?.metric : metricNamed(site, written.metric, [...path, 'metric'])
  if (metric === undefined) {
    if (written.metric === undefined) {
      site.reporter.report('SAU8051', {
        gaps: { example: metricNames(site.template.measured)[0] ?? headline },
        labels: [labelled(keyAt(site, path))],
      })
    }
    return undefined
  }
  const own = written.metric === undefined ? searched?.direction : undefined
  const direction = written.direction ?? own ?? metricTable[metric.metric].direction
  const { first = 1, reduction = 3, trials = 5 } = written
  return kind === 'asha'
    ? { kind, metric, direction, first, reduction }
    : { kind, metric, direction, first, trials }
}

export function readLimits(site: Site, { limits = {} }: WrittenSweep): Limits {
  const { parallel, memory, time, retries = 1, on_failure: onFailure = 'continue' } = limits
  return {
    parallel,
    memory: memory === undefined ? undefined : quantity(site, memory, 'bytes', ['limits', 'memory']),
    time: time === undefined ? undefined : quantity(site, time, 'seconds', ['limits', 'time']),
    retries,
    onFailure,
  }
}

const exampleOf = { bytes: '`16 GiB`', seconds: '`2 h`' } as const

/** `16 GiB` in bytes, `90 min` in seconds. */
function quantity(
  site: Site,
  text: string,
  dimension: 'bytes' | 'seconds',
  path: DataPath,
): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]+)$/.exec(text.trim())
  const name = match?.[2] ?? ''
  const unit = Object.hasOwn(units, name) ? units[name] : undefined
  const value = Number(match?.[1]) * (unit?.factor ?? Number.NaN)
  if (unit?.dimension === dimension && value > 0) return value
  const known = Object.entries(units).flatMap(([word, { dimension: of }]) =>
    of === dimension ? [`\`${word}\``] : [],
  )
  site.reporter.report('SAU8050', {
    gaps: {
      name: path.join('.'),
      expected: `${dimension === 'bytes' ? 'an amount of memory' : 'a time'} such as ${exampleOf[dimension]}`,
      found: `\`${text}\``,
    },
    labels: [labelled(valueAt(site, path))],
    help: `units are ${known.join(', ')}`,
  })
  return undefined
}

export function readCompare(
  site: Site,
  { compare = {} }: WrittenSweep,
  varied: readonly string[],
  isTried: (name: string, value: ParamSetting) => boolean,
): Sweep['compare'] {
  const metrics = (compare.metrics ?? []).flatMap((name, position) => {
    const metric = metricNamed(site, name, ['compare', 'metrics', position])
    return metric ? [metric] : []
  })
  const baseline: Record<string, ParamSetting> = {}
  for (const [name, value] of Object.entries(compare.baseline ?? {})) {
    const path = ['compare', 'baseline', name]
    const param = paramNamed(site, name, keyAt(site, path))
    if (!param || !checkValue(site, param, value, path)) continue
    baseline[name] = value
    if (varied.includes(name) && isTried(name, value)) continue
    site.reporter.report('SAU8052', { gaps: {}, labels: [labelled(valueAt(site, path))] })
  }
  const named: Point | undefined = compare.baseline && baseline
  return { baseline: named, metrics }
}
