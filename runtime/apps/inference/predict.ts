// Classes of single images: files through the first evaluation's view and head, softmax, the most probable
// classes first.
import type { SourceFailure } from '../../../compiler/host.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { entryOf, padImages } from '../../run/loop/feeding.js'
import type { ImageFile } from './image-files.js'
import { type Preparation, type PreparedImage, preparationOf, prepareImage } from './prepare-image.js'
import { evaluationOf, type TrainedNetwork } from './trained-network.js'

export interface Prediction {
  readonly file: string
  /** The most probable classes, in descending order; of equals the first in class order. */
  readonly top: readonly { readonly class: string; readonly probability: number }[]
}

export interface Predictions {
  /** In the order of the files; those that failed are left out. */
  readonly images: readonly Prediction[]
  readonly failures: readonly SourceFailure[]
  /** Images of a size that nothing in the file says how to treat; they were resized to `target`. */
  readonly resized: readonly string[]
  readonly target: { readonly height: number; readonly width: number }
}

/** The first evaluation is the one that the file is about. */
const position = 0

/** Images decoded at the same time: a photograph takes tens of megabytes until it is resized. */
const lanes = 4

/**
 * Predicts all files, `top` classes of each. A file that cannot be read fails alone.
 * @throws RunError SAU7202 (exit 6) where the network gives no finite numbers.
 */
export async function predict(
  network: TrainedNetwork,
  files: readonly ImageFile[],
  top: number,
): Promise<Predictions> {
  const { plan, program, executable } = network
  const entry = `evaluate:${position}`
  const input = entryOf(program, entry).inputs.find(({ name }) => name === 'images')
  if (input === undefined) throw new TypeError(`entry '${entry}' takes no images`)
  const { classes } = evaluationOf(plan, position)
  const preparation = preparationOf(plan, position)
  const { height, width, channels } = preparation.input
  const images: Prediction[] = []
  const failures: SourceFailure[] = []
  const resized: string[] = []
  const batch = input.type.shape[0] ?? 1
  for (let first = 0; first < files.length; first += batch) {
    const part = files.slice(first, first + batch)
    const whole: { readonly file: string; readonly pixels: Uint8Array }[] = []
    for (const [i, prepared] of (await prepareAll(preparation, part)).entries()) {
      const file = part[i]?.file ?? ''
      if (!prepared.ok) failures.push(prepared)
      else whole.push({ file, pixels: prepared.pixels })
      if (prepared.ok && prepared.resizedFrom !== undefined) resized.push(file)
    }
    if (whole.length === 0) continue
    const pixels = new Uint8Array(whole.length * height * width * channels)
    for (const [i, image] of whole.entries()) pixels.set(image.pixels, i * image.pixels.length)
    const outputs = await executable.run(entry, { images: padImages(pixels, input.type.shape) })
    const logits = outputs.output?.data
    if (logits === undefined) throw new TypeError(`entry '${entry}' gives no output`)
    for (const [i, { file }] of whole.entries()) {
      const row = Float64Array.from(logits.subarray(i * classes.length, (i + 1) * classes.length))
      images.push({ file, top: mostProbable(file, row, classes, top) })
    }
  }
  return { images, failures, resized, target: preparation.dataset ?? preparation.input }
}

async function prepareAll(
  preparation: Preparation,
  files: readonly ImageFile[],
): Promise<readonly (PreparedImage | SourceFailure)[]> {
  const prepared: (PreparedImage | SourceFailure)[] = []
  let next = 0
  const work = async (): Promise<void> => {
    while (next < files.length) {
      const i = next++
      const { file, path } = files[i] ?? { file: '', path: '' }
      prepared[i] = await prepareImage(preparation, file, path)
    }
  }
  await Promise.all(Array.from({ length: lanes }, work))
  return prepared
}

function mostProbable(
  file: string,
  logits: Float64Array,
  classes: readonly string[],
  top: number,
): Prediction['top'] {
  const probabilities = softmax(logits)
  if (!probabilities.every(Number.isFinite)) {
    throw new RunError(
      'SAU7202',
      `the network gives no finite numbers on '${file}': its weights have diverged`,
      'train it with a lower learning rate, or use an earlier run',
      exitCodes.diverged,
    )
  }
  const ranked = classes.map((name, c) => ({ class: name, probability: probabilities[c] ?? 0 }))
  // Sorting keeps equals in class order.
  return ranked.sort((a, b) => b.probability - a.probability).slice(0, top)
}

/** exp(x - max) over its sum, in double precision. */
export function softmax(logits: Float64Array): Float64Array {
  const largest = logits.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  const powers = logits.map((value) => Math.exp(value - largest))
  const sum = powers.reduce((total, value) => total + value, 0)
  return powers.map((value) => value / sum)
}
