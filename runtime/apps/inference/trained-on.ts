// Which records of other data a run was trained on, found by source and record: the same file, digest for
// digest, and the same place in it. Copies of single images in other files cannot be found.
import type { Plan } from '../../../compiler/plan/plan.js'
import type { SourcePlan } from '../../../compiler/plan/sources.js'
import type { Dataset } from '../../data/dataset.js'
import { diskHost } from '../../data/host/shared-host.js'
import { loadSources } from '../../data/load.js'
import { makeDataset } from '../../data/operations.js'
import { type DataPart, dataPart } from './evaluated-data.js'
import type { TrainedNetwork } from './trained-network.js'

/**
 * How many records of the dataset that `other` evaluates the run has seen in its streams and memories.
 * @throws RunError SAU8xxx where both are made from one source and the run's data cannot be read any more.
 */
export function trainedOn(
  { plan, lock }: TrainedNetwork,
  other: Plan,
  locations: readonly (readonly string[])[],
): number {
  const trained = [...plan.streams.map(({ dataset }) => dataset), ...plan.memories.map(({ over }) => over)]
  const own = dataPart(
    plan,
    lock.sources.map((source) => source.locations),
    trained,
  )
  const evaluated = other.evaluations.map(({ dataset }) => dataset)
  const asked = dataPart(other, locations, evaluated)
  const ownSources = new Set(own.plan.sources.map(identity))
  if (!asked.plan.sources.some((source) => ownSources.has(identity(source)))) return 0
  const seen = new Set(records(own, trained))
  return records(asked, evaluated).filter((record) => seen.has(record)).length
}

/** Source and place of every record of these datasets. */
function records(part: DataPart, positions: readonly number[]): readonly string[] {
  const { plan, locations } = part
  const sources = loadSources(plan, locations, { verify: true, host: diskHost() })
  const made: Dataset[] = []
  for (const dataset of plan.datasets) {
    // Resizing would put the images into a store of their own, and changes nothing about where they come
    // from.
    const before = dataset.make.op === 'resize' ? made[dataset.make.input] : undefined
    made.push(before === undefined ? makeDataset(dataset, made, sources, []) : { ...before, plan: dataset })
  }
  const names = plan.sources.map(identity)
  return positions.flatMap((position) => {
    const dataset = made[part.dataset(position)]
    if (dataset === undefined) return []
    return Array.from({ length: dataset.count }, (_, i) => {
      return `${names[dataset.store[i] as number]} ${dataset.record[i]}`
    })
  })
}

/** Equal for sources that hold the same images in the same order. */
function identity(source: SourcePlan): string {
  if (source.format === 'shapes') return JSON.stringify(source)
  const split = source.format === 'cifar10' || source.format === 'cifar100' ? source.split : ''
  return `${source.format} ${split} ${source.content}`
}
