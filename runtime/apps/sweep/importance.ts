// How much each param matters: the share of the variance between settings that its main effect explains. This
// is the functional ANOVA of Hutter, Hoos and Leyton-Brown, "An efficient approach for assessing
// hyperparameter importance" (ICML 2014), of the measured settings themselves: exact on a whole grid, where
// the pairwise interactions can be told too. Elsewhere (draws, searches, grids with gaps) values are put into
// groups, and what groups would explain by chance is taken off: epsilon squared of Kelley, "An unbiased
// correlation ratio measure" (PNAS 21, 1935).

export interface MeasuredPoint {
  readonly params: Readonly<Record<string, number | string | boolean>>
  readonly value: number
}

export interface Importance {
  readonly method: 'grid' | 'groups'
  /** Settings that it was computed from. */
  readonly settings: number
  /** Shares in 0..1, the largest first. */
  readonly params: readonly { readonly name: string; readonly share: number }[]
  /** Pairs of params beyond what each does alone, the largest first; of whole grids only. */
  readonly interactions: readonly {
    readonly names: readonly [string, string]
    readonly share: number
  }[]
}

/** Fewer settings say nothing. */
const fewest = 4
/** Groups that many different numbers are put into, so that each group has some settings. */
const mostGroups = 4
const leastInGroup = 3

/** Undefined where there are too few settings, or all have one value. */
export function importanceOf(
  varied: readonly string[],
  points: readonly MeasuredPoint[],
): Importance | undefined {
  const names = varied.filter((name) => new Set(points.map(({ params }) => params[name])).size > 1)
  const variance = varianceOf(points.map(({ value }) => value))
  if (points.length < fewest || names.length === 0 || variance <= 0) return undefined
  const isGrid = isWholeGrid(names, points)
  const share = isGrid
    ? (name: string): number => effect(points, (point) => String(point.params[name])) / variance
    : (name: string): number => chanceFree(points, groupsOf(points, name))
  const params = names.map((name) => ({ name, share: share(name) })).sort((a, b) => b.share - a.share)
  const interactions = isGrid ? pairs(names).map(([a, b]) => interaction(points, [a, b], variance)) : []
  return {
    method: isGrid ? 'grid' : 'groups',
    settings: points.length,
    params,
    interactions: interactions.sort((a, b) => b.share - a.share),
  }
}

export function pairs(names: readonly string[]): readonly (readonly [string, string])[] {
  return names.flatMap((a, i) => names.slice(i + 1).map((b) => [a, b] as const))
}

/** Every combination of values once. */
function isWholeGrid(names: readonly string[], points: readonly MeasuredPoint[]): boolean {
  const product = names.reduce(
    (size, name) => size * new Set(points.map(({ params }) => params[name])).size,
    1,
  )
  const combinations = new Set(points.map(({ params }) => JSON.stringify(names.map((name) => params[name]))))
  return product === points.length && combinations.size === points.length
}

/** Variance of the means of groups, each setting counted once. */
function effect(points: readonly MeasuredPoint[], groupOf: (point: MeasuredPoint) => string): number {
  const groups = new Map<string, number[]>()
  for (const point of points) {
    const group = groupOf(point)
    const values = groups.get(group) ?? []
    values.push(point.value)
    groups.set(group, values)
  }
  const whole = meanOf(points.map(({ value }) => value))
  return [...groups.values()].reduce(
    (sum, values) => sum + (values.length * (meanOf(values) - whole) ** 2) / points.length,
    0,
  )
}

function interaction(
  points: readonly MeasuredPoint[],
  names: readonly [string, string],
  variance: number,
): Importance['interactions'][number] {
  const [a, b] = names
  const both = effect(points, ({ params }) => JSON.stringify([params[a], params[b]]))
  const alone =
    effect(points, ({ params }) => String(params[a])) + effect(points, ({ params }) => String(params[b]))
  return { names, share: Math.max(0, both - alone) / variance }
}

/** Epsilon squared of groups. */
function chanceFree(points: readonly MeasuredPoint[], groupOf: (point: MeasuredPoint) => string): number {
  const count = points.length
  const groups = new Set(points.map(groupOf)).size
  if (groups < 2 || groups >= count) return 0
  const total = count * varianceOf(points.map(({ value }) => value))
  const between = count * effect(points, groupOf)
  const within = (total - between) / (count - groups)
  return Math.max(0, (between - (groups - 1) * within) / total)
}

/** Few values are groups by themselves; many numbers are put into groups of equally many settings. */
function groupsOf(points: readonly MeasuredPoint[], name: string): (point: MeasuredPoint) => string {
  const values = points.map(({ params }) => params[name])
  const distinct = new Set(values)
  const wanted = Math.max(2, Math.min(mostGroups, Math.floor(points.length / leastInGroup)))
  if (distinct.size <= wanted || values.some((value) => typeof value !== 'number')) {
    return ({ params }) => String(params[name])
  }
  const sorted = values.map(Number).sort((a, b) => a - b)
  const borders = Array.from(
    { length: wanted - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / wanted)] ?? 0,
  )
  return ({ params }) => String(borders.filter((border) => Number(params[name]) >= border).length)
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Of all values there are, not of a sample. */
function varianceOf(values: readonly number[]): number {
  if (values.every((value) => value === values[0])) return 0
  const mean = meanOf(values)
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
}
