// correction/<branch>.json of a run folder: of an epoch's synthetic images, those that label correction
// called noise or kept with the most and with the least certainty, with their pictures. For the report alone:
// no number depends on them, no checkpoint holds them. A process that goes on inside an epoch begins to
// collect anew, and `whole` says so.
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import type { LoadedData } from '../../data/dataset.js'
import { resizeBilinear } from '../../data/pixels/resize.js'
import { type ImageReader, openImages } from '../../data/stored-images.js'
import { writeDurably } from '../../platform/files/durable.js'
import { pixelsPng } from '../../platform/png.js'
import type { Tensors } from '../../platform/tensor.js'
import { logLine } from '../../platform/texts/terminal.js'
import { correctionFolder } from '../folder/file-names.js'
import type { CorrectionSite } from './correction.js'

/** Images of each of the four lists, at most. */
const shownImages = 12
/** Pixels on the longer side of a picture, at most. */
const largestSide = 64

export interface CorrectionExamples {
  readonly correction: 1
  readonly branch: string
  readonly epoch: number
  /** Whether every step of the epoch was seen. */
  readonly whole: boolean
  /** Different synthetic images that passed, and how many of them were called noise when they passed last. */
  readonly images: number
  readonly calledNoise: number
  readonly noise: {
    readonly most: readonly CorrectionExample[]
    readonly least: readonly CorrectionExample[]
  }
  readonly kept: { readonly most: readonly CorrectionExample[]; readonly least: readonly CorrectionExample[] }
}

export interface CorrectionExample {
  /** Record of the data set, and the class that it is given as. */
  readonly record: number
  readonly class: string
  /** The class that the picture shows, where planted noise makes that known. */
  readonly shows: string | undefined
  /**
   * By how much the nearest neighbour of another class is nearer in cosine than that of its own (noise), or
   * the other way round (kept); from 0 to 2.
   */
  readonly certainty: number
  readonly width: number
  readonly height: number
  /** PNG, base64. */
  readonly png: string
}

/** Collects the decisions of an epoch. */
export interface ExampleCollector {
  /** Adds one step: `noise:<node>` and `margin:<node>` of its outputs, `index:<stream>` of its batch. */
  add(inputs: Tensors, outputs: Tensors): void
  /**
   * Writes what the epoch's steps decided and begins anew. A folder that takes no file is only a line in
   * process.log.
   */
  finish(epoch: number): Promise<void>
}

/**
 * Decisions on the records of one site's data set: the last one of the epoch where an image passes several
 * times.
 */
interface Decisions {
  /** NaN where the record did not pass. */
  readonly margin: Float32Array
  readonly noise: Uint8Array
}

export function collectExamples(
  runFolder: string,
  sites: readonly CorrectionSite[],
  data: LoadedData,
  stepsPerEpoch: number,
): ExampleCollector {
  const decisions = sites.map(
    ({ dataset }): Decisions => ({
      margin: new Float32Array(dataset.count).fill(Number.NaN),
      noise: new Uint8Array(dataset.count),
    }),
  )
  const names = exampleFiles(sites)
  const images = openImages(data.stores)
  let steps = 0
  return {
    add(inputs, outputs) {
      steps++
      for (const [position, { node, stream, dataset }] of sites.entries()) {
        const known = decisions[position]
        const noise = outputs[`noise:${node}`]?.data
        const margin = outputs[`margin:${node}`]?.data
        const index = inputs[`index:${stream}`]?.data
        if (known === undefined || noise === undefined || margin === undefined || index === undefined)
          throw new TypeError(
            `the step gives no noise:${node} or margin:${node}, or its batch no index:${stream}`,
          )
        for (const [row, record] of index.entries()) {
          if (dataset.origins[record] !== 1) continue
          known.margin[record] = margin[row] as number
          known.noise[record] = noise[row] as number
        }
      }
    },
    async finish(epoch) {
      const whole = steps === stepsPerEpoch
      steps = 0
      for (const [position, site] of sites.entries()) {
        const known = decisions[position]
        if (known === undefined) continue
        const examples = await examplesOf(site, known, images, epoch, whole)
        known.margin.fill(Number.NaN)
        try {
          const folder = join(runFolder, correctionFolder)
          // Not with the folders above: a run that was taken away must not come back in pieces.
          if (!existsSync(folder)) mkdirSync(folder)
          writeDurably(join(folder, names[position] ?? ''), `${JSON.stringify(examples)}\n`)
        } catch (error) {
          logLine(inspect(error))
        }
      }
    },
  }
}

/**
 * Names of the files of each site: the branch's, with the node's number where a branch corrects more than
 * once.
 */
export function exampleFiles(sites: readonly Pick<CorrectionSite, 'branch' | 'node'>[]): readonly string[] {
  return sites.map(({ branch, node }) => {
    const isOnly = branch !== '' && sites.filter((other) => other.branch === branch).length === 1
    return isOnly ? `${branch}.json` : `${branch === '' ? 'step' : branch}-${node}.json`
  })
}

async function examplesOf(
  site: CorrectionSite,
  { margin, noise }: Decisions,
  images: ImageReader,
  epoch: number,
  whole: boolean,
): Promise<CorrectionExamples> {
  const passed = [...margin.keys()].filter((record) => !Number.isNaN(margin[record]))
  const certainty = (record: number): number => Math.abs(margin[record] ?? 0)
  // Of equal certainty the first record.
  const ordered = passed.sort((a, b) => certainty(b) - certainty(a) || a - b)
  const pictured = (records: readonly number[]): Promise<readonly CorrectionExample[]> =>
    Promise.all(records.map((record) => example(site, images, record, certainty(record))))
  const ends = async (records: readonly number[]) => ({
    most: await pictured(records.slice(0, shownImages)),
    // None twice where there are few.
    least: await pictured(records.slice(Math.max(shownImages, records.length - shownImages)).reverse()),
  })
  const called = ordered.filter((record) => noise[record] !== 0)
  return {
    correction: 1,
    branch: site.branch,
    epoch,
    whole,
    images: ordered.length,
    calledNoise: called.length,
    noise: await ends(called),
    kept: await ends(ordered.filter((record) => noise[record] === 0)),
  }
}

async function example(
  { dataset }: CorrectionSite,
  images: ImageReader,
  record: number,
  certainty: number,
): Promise<CorrectionExample> {
  const image = await images.read(dataset.store[record] ?? -1, dataset.record[record] ?? 0)
  const scale = Math.min(1, largestSide / Math.max(image.width, image.height))
  const scaled = (side: number): number => Math.max(1, Math.round(scale * side))
  const [width, height] = [scaled(image.width), scaled(image.height)]
  const pixels = scale === 1 ? image.pixels : resizeBilinear(image, height, width)
  const shown = dataset.shown?.[record]
  return {
    record,
    class: dataset.plan.classes[dataset.labels[record] ?? -1] ?? '',
    shows: shown === undefined ? undefined : dataset.plan.classes[shown],
    certainty,
    width,
    height,
    png: Buffer.from(pixelsPng(width, height, image.channels, pixels)).toString('base64'),
  }
}
