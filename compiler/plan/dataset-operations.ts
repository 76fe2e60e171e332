// How datasets are made: from a source, or from datasets that stand earlier in `Plan.datasets`. A row says
// what an operation holds; datasets of the Plan, those that are being checked, the schema and what a dataset
// is made from follow from it.
import {
  bounded,
  count,
  type Fills,
  hole,
  isOutside,
  list,
  type OneOf,
  oneOf,
  outside,
  position,
  referred,
  refilled,
  seed,
  share,
  text,
} from './fields.js'

export const origin = oneOf('real', 'synthetic')
const input = hole('dataset')
/** Images per class, in class order. */
const counts = list(position)

export const datasetOperations = {
  /** All images of a source, all of one origin. */
  source: { source: hole('source'), origin },
  /** Per class, `counts[c]` images drawn by `draw` under `seed`. */
  longtail: {
    input,
    profile: oneOf('exp', 'step'),
    factor: bounded({ minimum: 1 }),
    counts,
    draw: oneOf('without_replacement', 'with_replacement', 'first'),
    seed,
  },
  /**
   * The draw of an index file: record numbers of the source behind `input`, which holds all of it; class
   * after class, `counts[c]` of class c. `sha256` is the draw's own hash (index-file.ts).
   */
  indexed: { input, path: outside(text), sha256: text, counts, records: list(position) },
  /**
   * All of `base`, then `counts[c]` images of class c from `from`, drawn without replacement, classes matched
   * by name.
   */
  fill: { base: input, from: input, counts, seed },
  /** All of `first`, then all of `second`, whose classes are the same. */
  both: { first: input, second: input },
  take: { input, perClass: count, seed },
  only: { input, origin },
  /** Class by class, the first round(share * n) of a seeded permutation, or the rest of it. */
  split: { input, share, part: oneOf('first', 'rest'), seed },
  /** Bilinear, antialiased (Pillow's), to size x size. */
  resize: { input, size: count },
}

/** What datasets are made from: in the Plan positions in `Plan.datasets` and `Plan.sources`. */
export interface DatasetLevel<Dataset = number, Source = number> {
  readonly dataset: Dataset
  readonly source: Source
}

export type DatasetOperation<Dataset = number, Source = number> = OneOf<
  'op',
  typeof datasetOperations,
  DatasetLevel<Dataset, Source>
>

/** The operation on what stands at another level for its datasets or its source. */
export function datasetOperationOf<Dataset, Source, OtherDataset, OtherSource>(
  make: DatasetOperation<Dataset, Source>,
  fills: Fills<DatasetLevel<Dataset, Source>, DatasetLevel<OtherDataset, OtherSource>>,
): DatasetOperation<OtherDataset, OtherSource> {
  return refilled(datasetOperations[make.op], make, fills)
}

/** The datasets that one is made from, in the order in which their images come; none for a source. */
export function inputsOf<Dataset, Source>(make: DatasetOperation<Dataset, Source>): readonly Dataset[] {
  return referred<DatasetLevel<Dataset, Source>, 'dataset'>(datasetOperations[make.op], make, 'dataset')
}

/** What of an operation decides which images come out: all but what is for people. */
export function decisive<Dataset, Source>(make: DatasetOperation<Dataset, Source>): object {
  const fields = new Map(Object.entries(datasetOperations[make.op]))
  return Object.fromEntries(
    Object.entries(make).filter(([name]) => !isOutside(fields.get(name)?.schema ?? {})),
  )
}
