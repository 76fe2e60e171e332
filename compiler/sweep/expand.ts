// From a sweep to its settings and instances. A setting is what is tried; its instances repeat it with each
// seed.
import type { ParamSetting } from '../checking/template.js'
import { randomTrial } from './samplers/random.js'
import { sobolTrial } from './samplers/sobol.js'
import { type PastTrial, tpeTrial } from './samplers/tpe.js'
import { shown } from './site.js'
import type { Point } from './space.js'
import type { Condition, Sweep } from './sweep.js'

export interface Setting {
  /**
   * From 0, in the order of the file: the same for the same file, whatever has been run. Of a search: in each
   * combination.
   */
  readonly number: number
  /** Which combination of grid, zip and list, from 0; every search has its own past. */
  readonly combination: number
  /** Which trial of `random`, `sobol` or `search`, from 0. */
  readonly trial: number | undefined
  /** Values of the varied params. */
  readonly params: Point
}

export interface Instance {
  readonly setting: Setting
  /** `train.seed`; the file's own where the sweep names none. */
  readonly seed: number | undefined
}

export interface Expansion {
  /** All settings; of a search those that are known before anything has run. */
  readonly settings: readonly Setting[]
  /** How many settings the conditions leave out. */
  readonly excluded: number
  /** How many settings a search will choose from results. */
  readonly open: number
  /** Conditions that match no setting. */
  readonly idle: readonly Condition[]
}

/** How many instances a sweep has if nothing is excluded. */
export function countInstances({ factors, draw, seeds }: Sweep): number {
  const combinations = factors.reduce((product, factor) => product * factor.length, 1)
  return combinations * (draw?.trials ?? 1) * Math.max(1, seeds.length)
}

/** A drawn setting that is excluded is drawn again; so often in a row it is given up. */
const mostAttempts = 100

/**
 * The settings of a sweep that can be known before it runs. Every combination of the factors is drawn for
 * with the same draws, so that combinations can be compared.
 */
export function expandSweep(sweep: Sweep): Expansion {
  const { draw } = sweep
  const idle = new Set(sweep.exclude)
  const isExcluded = (params: Point): boolean => matching(sweep, params, idle)
  const settings: Setting[] = []
  let excluded = 0
  let open = 0
  for (const [combination, base] of combinationsOf(sweep).entries()) {
    if (draw === undefined) {
      if (isExcluded(base)) excluded++
      else settings.push({ number: settings.length, combination, trial: undefined, params: base })
      continue
    }
    const known = draw.kind === 'search' ? draw.startup : draw.trials
    let index = 0
    for (let trial = 0; trial < known; trial++) {
      let params: Point | undefined
      for (let attempt = 0; attempt < mostAttempts && params === undefined; attempt++) {
        const drawn = { ...base, ...drawAt(sweep, index++) }
        if (isExcluded(drawn)) excluded++
        else params = drawn
      }
      if (params === undefined) break
      settings.push({ number: combination * draw.trials + trial, combination, trial, params })
    }
    if (draw.kind === 'search') open += draw.trials - draw.startup
  }
  return { settings, excluded, open, idle: [...idle] }
}

function drawAt({ draw }: Sweep, index: number): Point {
  if (draw === undefined) return {}
  const { kind, space, seed } = draw
  return kind === 'sobol' ? sobolTrial(space, seed, index) : randomTrial(space, seed, index)
}

/**
 * The setting that a search tries as `trial` of a combination, given what the settings of that combination
 * came to: the mean over their seeds. Undefined where the sweep does not search, the trial is beyond its
 * last, or only excluded settings are found.
 */
export function searchSetting(
  sweep: Sweep,
  combination: number,
  trial: number,
  past: readonly PastTrial[],
): Setting | undefined {
  const { draw } = sweep
  const base = combinationsOf(sweep)[combination]
  if (draw?.kind !== 'search' || base === undefined || trial >= draw.trials) return undefined
  const number = combination * draw.trials + trial
  const planned = expandSweep(sweep).settings.find((setting) => setting.number === number)
  if (trial < draw.startup) return planned
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const params = { ...base, ...tpeTrial(draw.space, past, trial, draw, attempt) }
    if (!matching(sweep, params)) return { number, combination, trial, params }
  }
  return undefined
}

/**
 * Settings at the edges of a search, one param at a time: what the search may choose is checked there before
 * it begins.
 */
export function searchEdges(sweep: Sweep): readonly Setting[] {
  const { draw } = sweep
  if (draw?.kind !== 'search') return []
  const [base = {}] = combinationsOf(sweep)
  const middle = drawAt(sweep, 0)
  const edges = draw.space.flatMap((dimension) => {
    const values = dimension.kind === 'choice' ? dimension.values : [dimension.low, dimension.high]
    return values.map((value) => ({ ...base, ...middle, [dimension.name]: value }))
  })
  return edges
    .filter((params) => !matching(sweep, params))
    .map((params) => ({ number: -1, combination: 0, trial: undefined, params }))
}

/** Every combination of grid, zip and list; the first factor changes slowest. */
function combinationsOf({ factors }: Sweep): readonly Point[] {
  return factors.reduce<readonly Point[]>(
    (points, factor) => points.flatMap((point) => factor.map((more) => ({ ...point, ...more }))),
    [{}],
  )
}

/** @param idle conditions that have not matched yet; those that do are taken out */
function matching({ exclude, fixed }: Sweep, params: Point, idle?: Set<Condition>): boolean {
  const settingOf = (name: string): ParamSetting | undefined => params[name] ?? fixed.get(name)
  let isExcluded = false
  for (const condition of exclude) {
    if (!condition.matches(settingOf)) continue
    idle?.delete(condition)
    isExcluded = true
  }
  return isExcluded
}

/** The instances of settings, those of one setting together. */
export function instancesOf({ seeds }: Sweep, settings: readonly Setting[]): readonly Instance[] {
  const repeated = seeds.length === 0 ? [undefined] : seeds
  return settings.flatMap((setting) => repeated.map((seed) => ({ setting, seed })))
}

/** `factor=100 strategy=drop seed=1`: what tells an instance from the others. */
export function instanceName({ setting, seed }: Instance): string {
  const parts = Object.entries(setting.params).map(([name, value]) => `${name}=${shown(value)}`)
  if (seed !== undefined) parts.push(`seed=${seed}`)
  return parts.join(' ')
}
