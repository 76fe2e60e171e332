// What an experiment offers to whoever varies it: its params with their domains, and what it measures. A
// sweep file is checked against this before any instance of the experiment is compiled.
import type { ParamDeclaration } from '../../grammar/syntax.js'
import type { Location } from '../diagnostics/reporter.js'
import { functionIn } from '../functions/registry.js'
import { type Declared, wholeLocation } from '../names/declared.js'
import { headlineFirst, type MetricName, metricsAskedBy } from '../plan/metric-table.js'
import { closedLists, isClosedList } from '../types/closed-lists.js'
import type { Value } from '../types/value.js'
import type { Compilation } from './compilation.js'
import { scopeOf } from './declarations.js'
import { evaluate } from './expressions.js'
import { slotOfParamType } from './params.js'
import { walk } from './walk.js'

/** A value of a param as data. */
export type ParamSetting = number | string | boolean

/**
 * What a param may be: numbers between two ends, both included, or some values. `log` is how a range is
 * searched.
 */
export type ParamDomain =
  | { readonly kind: 'range'; readonly from: number; readonly to: number; readonly log: boolean }
  | { readonly kind: 'list'; readonly values: readonly ParamSetting[] }

export interface DeclaredParam {
  readonly name: string
  /** `int`, `factor`, ..., or the name of a closed list. */
  readonly type: string
  /** Members of the closed list that is its type. */
  readonly members: readonly string[] | undefined
  readonly default: ParamSetting | undefined
  readonly domain: ParamDomain | undefined
  readonly at: Location
}

/**
 * One `evaluate` block: the data set's name, and the names under which `metrics.csv` and `compare` know its
 * numbers.
 */
export interface MeasuredData {
  readonly dataset: string
  readonly metrics: readonly MetricName[]
}

export interface Template {
  readonly params: readonly DeclaredParam[]
  readonly measured: readonly MeasuredData[]
  /** Params that `train.seed` reads. */
  readonly seedParams: readonly string[]
}

/** Describes a checked program; a declaration with a mistake is described as far as it could be read. */
export function describeTemplate(c: Compilation): Template {
  const params = [...c.program.names.values()].flatMap((declared) =>
    declared.node.kind === 'param' ? [describeParam(c, declared, declared.node)] : [],
  )
  const measured = c.program.evaluations.map(({ node }) => {
    const metrics = node.fields.find(({ name }) => name.text === 'metrics')?.value
    const named = metrics ? namesBehind(c, metrics) : new Set<string>()
    return {
      dataset: node.dataset.kind === 'name' ? node.dataset.name : '',
      metrics: headlineFirst(metricsAskedBy([...named].filter((name) => functionIn('metric', name)))),
    }
  })
  const seed = c.program.train?.node.fields.find(({ name }) => name.text === 'seed')?.value
  const behindSeed = seed ? namesBehind(c, seed) : new Set<string>()
  const seedParams = params.map(({ name }) => name).filter((name) => behindSeed.has(name))
  return { params, measured, seedParams }
}

function describeParam(c: Compilation, declared: Declared, node: ParamDeclaration): DeclaredParam {
  const type = node.type.text
  const slot = slotOfParamType(type)
  const scope = scopeOf(declared)
  const fallback = node.default && slot ? evaluate(c, node.default, scope, slot.type) : undefined
  const domain =
    node.domain && slot
      ? domainOf(evaluate(c, node.domain.value, scope, { kind: 'list', of: slot.type }), node.domain.log)
      : undefined
  return {
    name: declared.name,
    type,
    members: isClosedList(type) ? closedLists[type].members : undefined,
    default: fallback && settingOf(fallback),
    domain,
    at: wholeLocation(declared),
  }
}

function domainOf(value: Value, log: boolean): ParamDomain | undefined {
  if (value.kind === 'range') return { kind: 'range', from: value.from, to: value.to, log }
  if (value.kind !== 'list') return undefined
  return { kind: 'list', values: value.items.flatMap((item) => settingOf(item.value) ?? []) }
}

function settingOf(value: Value): ParamSetting | undefined {
  switch (value.kind) {
    case 'number':
    case 'bool':
      return value.value
    case 'choice':
      return value.member
    case 'string':
    case 'path':
      return value.text
    default:
      return undefined
  }
}

/** All names in an expression, and in the `let`s that it reads. */
function namesBehind(c: Compilation, root: Parameters<typeof walk>[0]): ReadonlySet<string> {
  const names = new Set<string>()
  const follow = (from: typeof root): void =>
    walk(from, (e) => {
      if (e.kind !== 'name' || names.has(e.name)) return
      names.add(e.name)
      const node = c.program.names.get(e.name)?.node
      if (node?.kind === 'let') follow(node.value)
    })
  follow(root)
  return names
}
