// A run's network on data that another file declares: as its first evaluation, under the rules that the
// language has for evaluations - real images alone, and none that was trained on.
import type { LoweredDataset } from '../../../compiler/index.js'
import type { DatasetPlan, Plan } from '../../../compiler/plan/plan.js'
import type { Dataset, ImageStore, LoadedData } from '../../data/dataset.js'
import { diskHost } from '../../data/host/shared-host.js'
import { loadData } from '../../data/load.js'
import { openImages } from '../../data/stored-images.js'
import { createBatchSource } from '../../data/views/index.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { evaluate } from '../../run/loop/evaluate.js'
import { type Measured, measured } from './evaluate-run.js'
import { preparationOf, viewTakes } from './prepare-image.js'
import { evaluationOf, type TrainedNetwork } from './trained-network.js'
import { trainedOn } from './trained-on.js'

/**
 * Evaluates the network on the dataset, its classes in the network's order.
 * @throws RunError SAU7856 (other classes), SAU7857 (another size), SAU7858 (synthetic images), SAU7859
 * (images that the run was trained on), SAU7202, and SAU8xxx of the data.
 */
export async function evaluateOn(network: TrainedNetwork, other: LoweredDataset): Promise<Measured> {
  const { plan: whole, program, executable, epoch } = network
  const { evaluation, classes } = evaluationOf(whole, 0)
  const declared = other.datasets[other.position]
  if (declared === undefined) throw new TypeError('the dataset is not in its own table')
  checkClasses(declared, classes)
  checkOrigin(declared)
  if (declared.image !== 'varied') checkSize(whole, declared.name, declared.image, declared.image.channels)
  const { best: _, ...asked } = evaluation
  const plan: Plan = {
    ...whole,
    sources: other.sources,
    datasets: other.datasets,
    views: [],
    streams: [],
    memories: [],
    step: [],
    losses: [],
    evaluations: [{ ...asked, dataset: other.position }],
  }
  const seen = trainedOn(network, plan, other.locations)
  if (seen > 0) throw leak(declared.name, seen)
  const loaded = await loadData(plan, other.locations, { verify: true, host: diskHost() })
  const dataset = loaded.datasets[other.position]
  if (dataset === undefined) throw new TypeError('the dataset was not loaded')
  if (declared.image === 'varied') checkSizes(whole, dataset, loaded.stores)
  const data: LoadedData = {
    ...loaded,
    datasets: loaded.datasets.map((made) => (made === dataset ? inClassOrder(dataset, classes) : made)),
  }
  const batches = createBatchSource(plan, data)
  try {
    const work = { plan, data, program, executable, batches, control: { breathe: async () => {} } }
    return measured(await evaluate(work, 0, epoch))
  } finally {
    await batches.dispose()
  }
}

/** Labels as positions in `classes`, which has the dataset's names. */
function inClassOrder(dataset: Dataset, classes: readonly string[]): Dataset {
  const positions = dataset.plan.classes.map((name) => classes.indexOf(name))
  return {
    ...dataset,
    plan: { ...dataset.plan, classes },
    labels: dataset.labels.map((label) => positions[label] as number),
  }
}

function checkClasses({ name, classes: own }: DatasetPlan, classes: readonly string[]): void {
  const list = (names: readonly string[]): string =>
    `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`
  const missing = classes.filter((known) => !own.includes(known))
  const unknown = own.filter((named) => !classes.includes(named))
  if (missing.length === 0 && unknown.length === 0) return
  const parts = [
    ...(unknown.length === 0 ? [] : [`the network does not know ${list(unknown)}`]),
    ...(missing.length === 0 ? [] : [`\`${name}\` has no ${list(missing)}`]),
  ]
  throw dataError(
    'SAU7856',
    `the classes of \`${name}\` are not those of the network: ${parts.join('; ')}`,
    'classes are compared by name, in any order; rename the folders, or choose other data',
  )
}

function checkOrigin({ name, synthetic }: DatasetPlan): void {
  const count = synthetic.reduce((sum, images) => sum + images, 0)
  if (count === 0) return
  throw dataError(
    'SAU7858',
    `\`${name}\` holds ${count} synthetic images, and evaluation is on real ones alone`,
    '`only(real)` takes them out',
  )
}

function checkSizes(plan: Plan, { plan: { name }, ...places }: Dataset, stores: readonly ImageStore[]): void {
  const images = openImages(stores)
  try {
    for (let i = 0; i < places.count; i++) {
      const position = places.store[i] as number
      const store = stores[position]
      if (store === undefined) throw new TypeError(`record ${i} is in no store`)
      checkSize(plan, name, images.size(position, places.record[i] as number), store.channels)
    }
  } finally {
    images.close()
  }
}

function checkSize(
  plan: Plan,
  name: string,
  size: { readonly height: number; readonly width: number },
  channels: number,
): void {
  const preparation = preparationOf(plan, 0)
  const { input, dataset } = preparation
  if (channels === input.channels && viewTakes(preparation, size)) return
  const wanted = dataset ?? input
  throw dataError(
    'SAU7857',
    `\`${name}\` has images of ${size.height} x ${size.width} pixels and ${channels} channels, and the run was evaluated on ${wanted.height} x ${wanted.width} with ${input.channels}`,
    channels === input.channels
      ? `bring them to that size: \`${name} |> resize(${wanted.height})\``
      : 'choose data of as many channels',
  )
}

function leak(name: string, count: number): RunError {
  return dataError(
    'SAU7859',
    `the run was trained on ${count} of the images of \`${name}\`: what is trained on cannot be evaluated on`,
    'evaluate on a test split, or on the other part of a `split` with the same seed',
  )
}

function dataError(code: string, message: string, help: string): RunError {
  return new RunError(code, message, help, exitCodes.dataCheckFailed)
}
