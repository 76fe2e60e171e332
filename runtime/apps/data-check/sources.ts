// The sources that a file names, each once however many datasets are made of it, and which of their records
// the experiment uses.
import type { LoweredDatasets, Plan, SourcePlan } from '../../../compiler/index.js'
import { recordsOfSources, type SourceLabels } from '../../data/draws.js'

export interface NamedSource {
  /** Datasets that are made of it directly. */
  readonly names: readonly string[]
  readonly plan: SourcePlan
  readonly location: readonly string[]
  readonly origin: 'real' | 'synthetic'
  readonly split: 'train' | 'test' | undefined
}

/** `labels: coarse` and `labels: fine` of CIFAR-100 are labels of the same records. */
function keyOf(source: SourcePlan, location: readonly string[]): string {
  if (source.format === 'shapes') return JSON.stringify(source)
  return JSON.stringify([source.format, location, 'split' in source ? source.split : ''])
}

export function namedSources({ sources, datasets, locations }: LoweredDatasets): readonly NamedSource[] {
  const found = new Map<string, NamedSource>()
  for (const { name, make, split } of datasets) {
    const plan = make.op === 'source' ? sources[make.source] : undefined
    if (make.op !== 'source' || plan === undefined) continue
    const location = locations[make.source] ?? []
    const key = keyOf(plan, location)
    const known = found.get(key)
    if (known === undefined) found.set(key, { names: [name], plan, location, origin: make.origin, split })
    else if (!known.names.includes(name))
      found.set(key, { ...known, names: [...known.names, name], split: known.split ?? split })
  }
  return [...found.values()]
}

/** What the experiment does with a record. */
export const trainedOn = 1
export const evaluatedOn = 2

/**
 * Of each of `named` what becomes of its records: bits of `trainedOn` and `evaluatedOn`. Streams train on
 * records, and so do the memories that are averaged over them.
 */
export function usedRecords(
  plan: Plan,
  locations: readonly (readonly string[])[],
  labels: readonly SourceLabels[],
  named: readonly NamedSource[],
): readonly Uint8Array[] {
  const positions = new Map(named.map(({ plan: source, location }, i) => [keyOf(source, location), i]))
  const numbers = plan.sources.map((source, i) => positions.get(keyOf(source, locations[i] ?? [])))
  const used = named.map(() => new Uint8Array())
  for (const [i, number] of numbers.entries())
    if (number !== undefined) used[number] = new Uint8Array(labels[i]?.labels.length ?? 0)
  const made = recordsOfSources(plan.datasets, labels)
  const mark = (position: number, bit: number): void => {
    const dataset = made[position]
    if (dataset === undefined) return
    for (let i = 0; i < dataset.count; i++) {
      const flags = used[numbers[dataset.store[i] as number] ?? -1]
      const record = dataset.record[i] as number
      if (flags !== undefined) flags[record] = (flags[record] ?? 0) | bit
    }
  }
  for (const { dataset } of plan.streams) mark(dataset, trainedOn)
  for (const { over } of plan.memories) mark(over, trainedOn)
  for (const { dataset } of plan.evaluations) mark(dataset, evaluatedOn)
  return used
}
