// Which runs repeat each other: the same Plan but for the seed, or the same value of a param.
import { differencesOf, followsTrainingSeed } from '../../run/process/plan-difference.js'
import type { LeftOut, RunResult } from './run-result.js'

/** Runs whose results are taken together. */
export interface RunGroup {
  /** Value of the param that groups, undefined where Plans do or the run has no such param. */
  readonly value: string | number | boolean | undefined
  /** At least one, in the order in which they were named. */
  readonly runs: readonly [RunResult, ...RunResult[]]
}

/** Fields that tell how the data came out under a seed, beside the operations that say how it is drawn. */
const drawn = /^datasets\[\d+\]\.(real|synthetic)\b|\.groups\[\d+\]\.classes\b/

/** Whether two runs are of the same Plan but for `train.seed` and what derives from it. */
export function repeats(a: RunResult, b: RunResult): boolean {
  if (a.planHash === b.planHash) return true
  return differencesOf(a.plan, b.plan).every(
    (difference) =>
      followsTrainingSeed(difference, a.plan, b.plan) ||
      (a.plan.seed !== b.plan.seed && drawn.test(difference.path)),
  )
}

/** Groups in the order of their first runs; by the value of param `by`, its numbers ascending, or by Plan. */
export function groupRuns(runs: readonly RunResult[], by: string | undefined): readonly RunGroup[] {
  const groups: { value: RunGroup['value']; runs: [RunResult, ...RunResult[]] }[] = []
  for (const run of runs) {
    const value = by === undefined ? undefined : run.params[by]
    const known = groups.find((group) =>
      by === undefined ? repeats(group.runs[0], run) : group.value === value,
    )
    if (known === undefined) groups.push({ value, runs: [run] })
    else known.runs.push(run)
  }
  const isNumeric = groups.every(({ value }) => typeof value === 'number')
  return isNumeric ? groups.sort((a, b) => Number(a.value) - Number(b.value)) : groups
}

/**
 * Of runs with one Plan, seed included, the last one, or the one in folder `baseline`: they repeat no chance
 * but the same computation, and would make a result look surer than it is.
 */
export function withoutRepetitions(
  runs: readonly RunResult[],
  baseline?: string,
): { readonly runs: readonly RunResult[]; readonly leftOut: readonly LeftOut[] } {
  const newest = new Map(runs.map((run) => [run.planHash, run]))
  const wanted = runs.find(({ folder }) => folder === baseline)
  if (wanted !== undefined) newest.set(wanted.planHash, wanted)
  const leftOut = runs.flatMap((run) => {
    const kept = newest.get(run.planHash)
    if (kept === undefined || kept === run) return []
    return [{ run: run.run, folder: run.folder, reason: `the same Plan and seed as ${kept.run}` }]
  })
  return { runs: runs.filter((run) => newest.get(run.planHash) === run), leftOut }
}
