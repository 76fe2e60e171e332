// Runs side by side: groups of repetitions, what their params are, and for each evaluation and metric a table
// of means with the difference to a baseline.
import {
  headlineFirst,
  isBetter,
  type MetricName,
  type PlainMetric,
} from '../../../compiler/plan/metric-table.js'
import { differencesOf, differenceText, followsTrainingSeed } from '../../run/process/plan-difference.js'
import { groupRuns, type RunGroup } from './groups.js'
import type { EvaluationResult, LeftOut, RunResult } from './run-result.js'
import { type Difference, pairedDifference, type Summary, summary, welchDifference } from './statistics.js'

export interface Comparison {
  /** The param that groups; null where Plans do. */
  readonly by: string | null
  /** The baseline first. */
  readonly groups: readonly ComparedGroup[]
  readonly tables: readonly ComparisonTable[]
  /** Runs that are in no group, with the reason. */
  readonly leftOut: readonly LeftOut[]
}

export interface ComparedGroup {
  /** A is the baseline, then B, C, ... */
  readonly label: string
  readonly runs: readonly {
    readonly run: string
    readonly folder: string
    readonly seed: number
    readonly engine: string | null
  }[]
  /** Params that differ between groups, with all values that they have in this one. */
  readonly params: Readonly<Record<string, readonly (string | number | boolean)[]>>
  /** Fields of the Plan that differ from the baseline's, where no param says so. */
  readonly differences: readonly string[]
}

export interface ComparisonTable {
  readonly evaluation: string
  readonly metric: MetricName
  /** The epoch that is looked at: the last one, or the one that a metric on data of a split chose. */
  readonly epoch: EpochChoice
  /** In the order of groups; those that do not measure it are not there. */
  readonly rows: readonly ComparisonRow[]
}

export type EpochChoice =
  | { readonly kind: 'last' }
  | {
      readonly kind: 'best'
      readonly by: PlainMetric
      readonly on: string
      readonly split: 'train' | 'test' | null
    }

export interface ComparisonRow extends Summary {
  readonly group: string
  readonly values: readonly {
    readonly run: string
    readonly seed: number
    /** Counted from 0. */
    readonly epoch: number
    readonly value: number
  }[]
  /** This group minus the baseline; null for the baseline itself, and where that was not measured. */
  readonly difference: Difference | null
}

export interface ComparisonWish {
  readonly by: string | undefined
  readonly metrics: readonly MetricName[]
  /** Folder of a run of the group that the others are compared with. */
  readonly baseline: string | undefined
  readonly leftOut: readonly LeftOut[]
}

/** @param runs finished ones, at least one, no two with one Plan */
export function compareRuns(runs: readonly RunResult[], wish: ComparisonWish): Comparison {
  const found = groupRuns(runs, wish.by)
  const isBaseline = ({ runs }: RunGroup) => runs.some(({ folder }) => folder === wish.baseline)
  const groups = [...found.filter(isBaseline), ...found.filter((group) => !isBaseline(group))]
  const names = differingParams(groups, wish.by)
  const compared = groups.map((group, position): ComparedGroup => {
    const params = Object.fromEntries(names.map((name) => [name, valuesIn(group, name)]))
    return {
      label: groupLabel(position),
      runs: group.runs.map(({ run, folder, plan, engine }) => ({
        run,
        folder,
        seed: plan.seed,
        engine: engine ?? null,
      })),
      params,
      differences: unexplained(groups[0], group, names, wish.by),
    }
  })
  const tables = evaluationNames(runs).flatMap((evaluation) =>
    wish.metrics.flatMap((metric) =>
      epochChoices(runs).map((epoch) => table(groups, { evaluation, metric, epoch, by: wish.by })),
    ),
  )
  const measured = tables.filter(({ rows }) => rows.length > 0)
  return { by: wish.by ?? null, groups: compared, tables: measured, leftOut: wish.leftOut }
}

/** A, B, ..., Z, AA, AB, ... */
function groupLabel(position: number): string {
  const before = Math.floor(position / 26)
  const letter = String.fromCharCode(65 + (position % 26))
  return before === 0 ? letter : groupLabel(before - 1) + letter
}

/** Names of all evaluations, in order of appearance. */
export function evaluationNames(runs: readonly RunResult[]): readonly string[] {
  return [...new Set(runs.flatMap(({ evaluations }) => evaluations.map(({ name }) => name)))]
}

/** Names of all numbers that a run measured. */
export function measuredMetrics(runs: readonly RunResult[]): readonly MetricName[] {
  const measured = runs.flatMap(({ evaluations }) => evaluations.flatMap(({ measured }) => measured))
  return headlineFirst(
    measured.flatMap(({ values }) => [...values].flatMap(([name, value]) => (value === null ? [] : name))),
  )
}

export function paramNames(runs: readonly { readonly params: RunResult['params'] }[]): readonly string[] {
  return [...new Set(runs.flatMap(({ params }) => Object.keys(params)))]
}

function valuesIn(group: RunGroup, name: string): readonly (string | number | boolean)[] {
  return [...new Set(group.runs.flatMap(({ params }) => params[name] ?? []))]
}

function differingParams(groups: readonly RunGroup[], by: string | undefined): readonly string[] {
  return paramNames(groups.flatMap((group) => group.runs)).filter((name) => {
    const sets = groups.map((group) => JSON.stringify(valuesIn(group, name).map(String).sort()))
    return name === by || new Set(sets).size > 1
  })
}

/** What differs from the baseline's Plan where no param does: the file was changed, or it is another one. */
function unexplained(
  baseline: RunGroup | undefined,
  group: RunGroup,
  names: readonly string[],
  by: string | undefined,
): readonly string[] {
  if (baseline === undefined || baseline === group || by !== undefined) return []
  const same = names.every((name) => String(valuesIn(baseline, name)) === String(valuesIn(group, name)))
  if (!same) return []
  const [a] = baseline.runs
  const [b] = group.runs
  return differencesOf(a.plan, b.plan)
    .filter((difference) => !followsTrainingSeed(difference, a.plan, b.plan))
    .map(differenceText)
}

/** The last epoch, and each that the files choose. */
function epochChoices(runs: readonly RunResult[]): readonly EpochChoice[] {
  const choices = new Map<string, EpochChoice>([['last', { kind: 'last' }]])
  for (const { name, split, bestBy } of runs.flatMap(({ evaluations }) => evaluations)) {
    if (bestBy === undefined) continue
    const choice = { kind: 'best', by: bestBy, on: name, split: split ?? null } as const
    choices.set(JSON.stringify(choice), choice)
  }
  return [...choices.values()]
}

interface TableWish {
  readonly evaluation: string
  readonly metric: MetricName
  readonly epoch: EpochChoice
  readonly by: string | undefined
}

interface Value {
  readonly run: RunResult
  readonly epoch: number
  readonly value: number
}

function table(groups: readonly RunGroup[], wish: TableWish): ComparisonTable {
  const { evaluation, metric, epoch, by } = wish
  const measured = groups.map(({ runs }) => runs.flatMap((run) => chosenValue(run, wish) ?? []))
  const baseline = measured[0] ?? []
  const rows = measured.flatMap((values, position) => {
    if (values.length === 0) return []
    const isCompared = position > 0 && baseline.length > 0
    return [
      {
        group: groupLabel(position),
        ...summary(values.map(({ value }) => value)),
        values: values.map(({ run, ...rest }) => ({ run: run.run, seed: run.plan.seed, ...rest })),
        difference: isCompared ? difference(values, baseline, by) : null,
      },
    ]
  })
  return { evaluation, metric, epoch, rows }
}

function chosenValue(run: RunResult, { evaluation, metric, epoch }: TableWish): Value | undefined {
  const measured = run.evaluations.find(({ name }) => name === evaluation)?.measured ?? []
  const chosen = epoch.kind === 'last' ? measured.at(-1)?.epoch : bestEpoch(run.evaluations, epoch)
  const value = measured.find((entry) => entry.epoch === chosen)?.values.get(metric)
  return chosen === undefined || value === undefined || value === null
    ? undefined
    : { run, epoch: chosen, value }
}

/** The first epoch with the best value of the metric that chooses. */
function bestEpoch(
  evaluations: readonly EvaluationResult[],
  choice: EpochChoice & { readonly kind: 'best' },
): number | undefined {
  const choosing = evaluations.find(({ name, bestBy }) => name === choice.on && bestBy === choice.by)
  let best: { readonly epoch: number; readonly value: number } | undefined
  for (const { epoch, values } of choosing?.measured ?? []) {
    const value = values.get(choice.by)
    if (value === undefined || value === null) continue
    if (best === undefined || isBetter(choice.by, value, best.value)) best = { epoch, value }
  }
  return best?.epoch
}

/** Paired where every run of the smaller group has one partner in the other, otherwise Welch's. */
function difference(
  values: readonly Value[],
  baseline: readonly Value[],
  by: string | undefined,
): Difference {
  const partners = new Map(baseline.map((entry) => [pairKey(entry.run, by), entry.value]))
  const pairs = values.flatMap(({ run, value }) => {
    const partner = partners.get(pairKey(run, by))
    return partner === undefined ? [] : [[value, partner] as const]
  })
  const isUnique =
    partners.size === baseline.length &&
    new Set(values.map(({ run }) => pairKey(run, by))).size === values.length
  if (isUnique && pairs.length === Math.min(values.length, baseline.length)) return pairedDifference(pairs)
  return welchDifference(
    values.map(({ value }) => value),
    baseline.map(({ value }) => value),
  )
}

/** Runs with one key differ in what groups them only. */
function pairKey({ plan, params, file }: RunResult, by: string | undefined): string {
  if (by === undefined) return String(plan.seed)
  const others = Object.entries(params).filter(([name]) => name !== by)
  return JSON.stringify([plan.seed, file, others.sort(([a], [b]) => (a < b ? -1 : 1))])
}
