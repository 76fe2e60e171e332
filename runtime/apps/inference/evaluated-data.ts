// The part of a run's data that its evaluations need: what was only trained on is neither read nor looked
// for.

import type { DatasetOperation } from '../../../compiler/plan/dataset-operations.js'
import { inputsOf } from '../../../compiler/plan/dataset-operations.js'
import type { Plan } from '../../../compiler/plan/plan.js'

/** A Plan with the sources and datasets of some of its datasets alone, and where the sources lie. */
export interface DataPart {
  readonly plan: Plan
  readonly locations: readonly (readonly string[])[]
  /** Where the dataset that had this position stands now. */
  readonly dataset: (position: number) => number
}

/** The part that the evaluations of the Plan need; their positions stay. */
export function evaluatedPart(plan: Plan, locations: readonly (readonly string[])[]): DataPart {
  return dataPart(
    plan,
    locations,
    plan.evaluations.map(({ dataset }) => dataset),
  )
}

/**
 * Keeps these datasets, what they are made from, and nothing that belongs to the step. Datasets and sources
 * have new positions; evaluations of other datasets are left out. (Of `shots` the groups count, not the
 * dataset whose images were counted for them.)
 */
export function dataPart(
  plan: Plan,
  locations: readonly (readonly string[])[],
  positions: readonly number[],
): DataPart {
  const needed = neededDatasets(plan, positions)
  const datasets = plan.datasets.filter((_, position) => needed.has(position))
  const kept = [...plan.datasets.keys()].filter((position) => needed.has(position))
  const sources = [
    ...new Set(datasets.flatMap(({ make }) => (make.op === 'source' ? [make.source] : []))),
  ].sort((a, b) => a - b)
  const dataset = (position: number): number => kept.indexOf(position)
  return {
    plan: {
      ...plan,
      sources: plan.sources.filter((_, position) => sources.includes(position)),
      datasets: datasets.map((entry) => ({
        ...entry,
        make: moved(entry.make, dataset, (source) => sources.indexOf(source)),
      })),
      views: [],
      streams: [],
      memories: [],
      step: [],
      losses: [],
      evaluations: plan.evaluations
        .filter((evaluation) => needed.has(evaluation.dataset))
        .map((evaluation) => ({ ...evaluation, dataset: dataset(evaluation.dataset) })),
    },
    locations: sources.map((source) => locations[source] ?? []),
    dataset,
  }
}

/** These datasets and all that they are made from. */
function neededDatasets(plan: Plan, positions: readonly number[]): ReadonlySet<number> {
  const needed = new Set<number>()
  const need = (position: number): void => {
    if (needed.has(position)) return
    needed.add(position)
    const make = plan.datasets[position]?.make
    if (make !== undefined) inputsOf(make).forEach(need)
  }
  for (const position of positions) need(position)
  return needed
}

function moved(
  make: DatasetOperation,
  dataset: (position: number) => number,
  source: (position: number) => number,
): DatasetOperation {
  switch (make.op) {
    case 'source':
      return { ...make, source: source(make.source) }
    case 'both':
      return { ...make, first: dataset(make.first), second: dataset(make.second) }
    case 'fill':
      return { ...make, base: dataset(make.base), from: dataset(make.from) }
    default:
      return { ...make, input: dataset(make.input) }
  }
}
