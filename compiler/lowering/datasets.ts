// Lowers datasets and what they are made from: tables that grow as entries are first needed.
import type { Compilation } from '../checking/compilation.js'
import type { Location } from '../diagnostics/reporter.js'
import type { Host } from '../host.js'
import { datasetOperationOf } from '../plan/dataset-operations.js'
import type { DatasetPlan, Place } from '../plan/plan.js'
import { pathsOf, type SourcePlan } from '../plan/sources.js'
import { certain } from '../types/certain.js'
import { datasetKey } from '../types/dataset-key.js'
import type { DatasetNode, SourceDraft } from '../types/dataset-node.js'
import { withContent } from '../types/source-content.js'
import { placesOf } from './places.js'
import { type Table, table } from './table.js'

export interface DatasetTables {
  readonly sources: readonly SourcePlan[]
  readonly datasets: Table<DatasetNode, DatasetPlan>
  /** Absolute paths of each source, by position; none for drawn images. */
  readonly locations: Readonly<Record<number, readonly string[]>>
}

const locationsOf = ({ request }: SourceDraft) => (request === undefined ? [] : pathsOf(request))

export function datasetTables(host: Host, place: (location: Location) => Place): DatasetTables {
  const locations: Record<number, readonly string[]> = {}
  const sources = table<SourceDraft, SourcePlan>(
    (draft) => JSON.stringify([draft.plan, locationsOf(draft)]),
    (draft) => {
      locations[sources.entries.length] = locationsOf(draft)
      return withContent(host, draft)
    },
  )
  const datasets: Table<DatasetNode, DatasetPlan> = table(
    (node) => `${node.name} ${node.split ?? ''} ${datasetKey(node)}`,
    (node) => ({
      name: node.name,
      make: datasetOperationOf(certain(node.make.op === 'unknown' ? undefined : node.make), {
        dataset: (input: DatasetNode) => datasets.position(input),
        source: (draft: SourceDraft) => sources.position(draft),
      }),
      classes: node.classes,
      real: node.real,
      synthetic: node.synthetic,
      image: node.image,
      ...(node.split && { split: node.split }),
      at: place(node.at),
    }),
  )
  return { sources: sources.entries, datasets, locations }
}

/** A declared dataset by itself, with all that it is made from. */
export interface LoweredDataset {
  readonly sources: readonly SourcePlan[]
  readonly datasets: readonly DatasetPlan[]
  /** Its position in `datasets`. */
  readonly position: number
  /** Absolute paths of each of `sources`. */
  readonly locations: readonly (readonly string[])[]
}

/** All datasets that a program without errors declares, whether anything uses them or not. */
export type LoweredDatasets = Omit<LoweredDataset, 'position'>

export function lowerDatasets(host: Host, { program }: Compilation): LoweredDatasets {
  const tables = datasetTables(host, placesOf(host, program.files))
  for (const declared of program.names.values()) {
    const value = declared.values.get('')
    if (declared.node.kind === 'dataset' && value?.kind === 'dataset') tables.datasets.position(value.dataset)
  }
  return {
    sources: tables.sources,
    datasets: tables.datasets.entries,
    locations: tables.sources.map((_, source) => tables.locations[source] ?? []),
  }
}

/** Names of all datasets that a program declares. */
export function datasetNames({ program }: Compilation): readonly string[] {
  return [...program.names.values()].filter(({ node }) => node.kind === 'dataset').map(({ name }) => name)
}

/** Lowers the dataset of this name of a program without errors; undefined where it declares none. */
export function lowerDataset(host: Host, { program }: Compilation, name: string): LoweredDataset | undefined {
  const value = program.names.get(name)?.values.get('')
  if (value?.kind !== 'dataset') return undefined
  const tables = datasetTables(host, placesOf(host, program.files))
  const position = tables.datasets.position(value.dataset)
  return {
    sources: tables.sources,
    datasets: tables.datasets.entries,
    position,
    locations: tables.sources.map((_, source) => tables.locations[source] ?? []),
  }
}
