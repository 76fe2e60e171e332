// `random`, `sobol` and `search`: which params they draw, from which domains.
import type { DeclaredParam, ParamDomain, ParamSetting } from '../checking/template.js'
import { labelled } from '../diagnostics/reporter.js'
import { metricTable } from '../plan/metric-table.js'
import type { DataPath } from './document.js'
import type { Givers } from './given.js'
import { reportTwice } from './given.js'
import { metricNamed } from './metrics.js'
import { sobolDimensions } from './samplers/sobol.js'
import type { WrittenDomain, WrittenDraw, WrittenSweep } from './schema.js'
import { keyAt, paramNamed, type Site, valueAt } from './site.js'
import type { Dimension, Space } from './space.js'
import type { Draw } from './sweep.js'
import { checkValue } from './values.js'

const blocks = ['random', 'sobol', 'search'] as const
type Block = (typeof blocks)[number]

/** Startup trials of a search, as Optuna has them. */
const usualStartup = 10

export function readDraw(site: Site, written: WrittenSweep, givers: Givers): Draw | undefined {
  const [block, second] = blocks.filter((name) => written[name] !== undefined)
  if (block === undefined) return undefined
  if (second !== undefined) {
    site.reporter.report('SAU8027', {
      gaps: { first: block, second },
      labels: [labelled(keyAt(site, [second])), labelled(keyAt(site, [block]), 'the first')],
    })
  }
  const draw = written[block]
  if (draw === undefined) return undefined
  const space = readSpace(site, block, draw, givers)
  const { trials, seed = 0 } = draw
  if (block === 'sobol' && space.length > sobolDimensions) {
    site.reporter.report('SAU8033', {
      gaps: { count: space.length, most: sobolDimensions },
      labels: [labelled(keyAt(site, [block]))],
    })
  }
  if (block !== 'search') return { kind: block, trials, seed, space }
  const { search } = written
  const metric = search && metricNamed(site, search.metric, ['search', 'metric'])
  if (!search || !metric) return undefined
  const { direction = metricTable[metric.metric].direction, startup = usualStartup } = search
  return { kind: 'search', trials, seed, space, metric, direction, startup: Math.min(startup, trials) }
}

function readSpace(site: Site, block: Block, draw: WrittenDraw, givers: Givers): Space {
  const path = [block, 'params']
  const { params } = draw
  if (params === undefined) {
    const free = [...site.params.values()].filter(
      ({ name, domain }) => domain && !givers.has(name) && !site.template.seedParams.includes(name),
    )
    if (free.length === 0) {
      site.reporter.report('SAU8030', { gaps: { block }, labels: [labelled(keyAt(site, [block]))] })
    }
    return free.flatMap((param) => ownDimension(site, param, [block]))
  }
  if (isList(params)) {
    reportTwice(site, params, path)
    return [...new Set(params)].flatMap((name) => {
      const at = [...path, params.indexOf(name)]
      const param = paramNamed(site, name, valueAt(site, at))
      if (!param) return []
      givers.add(name, block, valueAt(site, at))
      return ownDimension(site, param, at)
    })
  }
  return Object.entries(params).flatMap(([name, domain]) => {
    const at = [...path, name]
    const param = paramNamed(site, name, keyAt(site, at))
    if (!param) return []
    givers.add(name, block, keyAt(site, at))
    return domain === null ? ownDimension(site, param, at) : writtenDimension(site, param, domain, at)
  })
}

function isList(params: NonNullable<WrittenDraw['params']>): params is readonly string[] {
  return Array.isArray(params)
}

/** From the param's own domain; a closed list and `bool` are domains too. */
function ownDimension(site: Site, param: DeclaredParam, path: DataPath): Dimension[] {
  const { name, domain, members, type } = param
  if (domain) return dimensionOf(param, domain)
  const values = members ?? (type === 'bool' ? [true, false] : undefined)
  if (values) return [{ kind: 'choice', name, values }]
  site.reporter.report('SAU8031', {
    gaps: { name },
    labels: [labelled(keyAt(site, path)), labelled(param.at, 'declared here')],
  })
  return []
}

const wholeTypes: ReadonlySet<string> = new Set(['int', 'count'])
const numberTypes: ReadonlySet<string> = new Set(['int', 'count', 'float', 'factor', 'prob'])

function dimensionOf({ name, type }: DeclaredParam, domain: ParamDomain): Dimension[] {
  if (domain.kind === 'list') return [{ kind: 'choice', name, values: domain.values }]
  const { from, to, log } = domain
  return wholeTypes.has(type)
    ? [{ kind: 'whole', name, low: Math.ceil(from), high: Math.floor(to), log }]
    : [{ kind: 'real', name, low: from, high: to, log }]
}

/** From a domain that the sweep file writes, which lies in the param's own. */
function writtenDimension(
  site: Site,
  param: DeclaredParam,
  domain: NonNullable<WrittenDomain>,
  path: DataPath,
): Dimension[] {
  const { name, type } = param
  if (isValues(domain)) {
    const fits = domain.map((value, position) => checkValue(site, param, value, [...path, position]))
    reportTwice(site, domain, path)
    return fits.every(Boolean) ? [{ kind: 'choice', name, values: domain }] : []
  }
  const { from, to } = domain
  const own = param.domain?.kind === 'range' ? param.domain.log : false
  const log = domain.log ?? own
  const fault = numberTypes.has(type)
    ? rangeFault(from, to, log)
    : `is a range, and its type \`${type}\` has none: write a list of values`
  if (fault !== undefined) {
    site.reporter.report('SAU8032', { gaps: { name, fault }, labels: [labelled(valueAt(site, path))] })
    return []
  }
  const fits = [
    checkValue(site, param, from, [...path, 'from']),
    checkValue(site, param, to, [...path, 'to']),
  ]
  return fits.every(Boolean) ? dimensionOf(param, { kind: 'range', from, to, log }) : []
}

function isValues(domain: NonNullable<WrittenDomain>): domain is readonly ParamSetting[] {
  return Array.isArray(domain)
}

function rangeFault(from: number, to: number, log: boolean): string | undefined {
  if (from >= to) return `goes from ${from} to ${to}, which is no range`
  if (log && from <= 0) return `is searched on a log scale, which has no ${from}`
  return undefined
}
