import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { imageFiles } from '../../../runtime/apps/inference/image-files.js'
import { predict, softmax } from '../../../runtime/apps/inference/predict.js'
import { bringToInput, type Preparation, viewTakes } from '../../../runtime/apps/inference/prepare-image.js'
import { openTrainedNetwork, type TrainedNetwork } from '../../../runtime/apps/inference/trained-network.js'
import { createBatchSource, resizeBilinear } from '../../../runtime/data/views/index.js'
import { RunError } from '../../../runtime/platform/errors.js'
import { checkpointsFolder, listCheckpoints } from '../../../runtime/run/folder/checkpoint.js'
import { confusionReader } from '../../../runtime/run/folder/confusions.js'
import { readJournal } from '../../../runtime/run/journal/journal.js'
import { chosenCheckpoint } from '../../../runtime/run/process/chosen-checkpoint.js'
import { temporaryFolder } from '../../data/files.js'
import { sparse } from '../../run/journal/made-matrices.js'
import { finish, type RunHarness, runHarness } from '../../run/session/run-harness.js'
import { tinyPlan } from '../../run/session/tiny-experiment.js'
import { open, writeDataset } from './trained-tiny.js'

const folder = temporaryFolder()
const plan = tinyPlan({ best: true })
let harness: RunHarness
let runFolder = ''
let network: TrainedNetwork
beforeAll(async () => {
  harness = runHarness()
  const training = harness.start(plan)
  await finish(training)
  runFolder = training.runFolder
  network = await open(runFolder)
})
afterAll(async () => {
  await network.executable.dispose()
  await harness.dispose()
})

function failure(action: () => unknown): RunError {
  try {
    action()
  } catch (error) {
    if (error instanceof RunError) return error
    throw error
  }
  throw new Error('did not fail')
}

describe('predictions', () => {
  test('are the softmax of what the evaluation itself gets from the network, and its confusion matrix', async () => {
    const { files, data } = await writeDataset(plan, 4, join(folder, 'test'))
    const { images, failures, resized } = await predict(network, files, 3)
    expect([failures, resized]).toEqual([[], []])
    const batches = createBatchSource(plan, data, { workers: 0 })
    const request = {
      dataset: 4,
      view: { evaluation: 0 },
      purpose: 'evaluation',
      epoch: 1,
      batch: 9,
    } as const
    const expected: number[][] = []
    for await (const { images: pixels } of batches.sweep(request)) {
      const { output } = await network.executable.run('evaluate:0', {
        images: { dtype: 'uint8', shape: [9, 8, 8, 3], data: pixels },
      })
      for (let i = 0; i < 9; i++) {
        expected.push([...softmax(Float64Array.from(output?.data.subarray(3 * i, 3 * i + 3) ?? []))])
      }
    }
    const inClassOrder = images.map(({ top }) =>
      ['0', '1', '2'].map((name) => top.find((entry) => entry.class === name)?.probability),
    )
    expect(inClassOrder).toEqual(expected)
    const confusion = [0, 1, 2].map((label) =>
      ['0', '1', '2'].map(
        (name) =>
          images.filter((image, i) => files[i]?.label === label && image.top[0]?.class === name).length,
      ),
    )
    const last = readJournal(join(runFolder, 'journal.jsonl')).events.findLast(
      ({ event }) => event === 'evaluated',
    )
    if (last?.event !== 'evaluated') throw new Error('not evaluated')
    expect(confusionReader(runFolder)(last)).toEqual(sparse(confusion))
  })

  test('of more images than a batch are those of each alone', async () => {
    const { files } = await writeDataset(plan, 3, join(folder, 'train'))
    const { images } = await predict(network, files, 2)
    expect(images.map(({ file }) => file)).toEqual(files.map(({ file }) => file))
    const alone = await predict(network, files.slice(11, 12), 2)
    expect(alone.images[0]).toEqual(images[11])
    expect(alone.images[0]?.top).toHaveLength(2)
  })

  test('take grey images, JPEG, transparency and other sizes, and name what does not open', async () => {
    const made = join(folder, 'made')
    mkdirSync(join(made, 'deeper'), { recursive: true })
    const noise = Buffer.from(Uint8Array.from({ length: 30 * 20 * 4 }, (_, i) => (i * 37) % 251))
    const rgba = sharp(noise, { raw: { height: 20, width: 30, channels: 4 } })
    await rgba.clone().png().toFile(join(made, 'b.png'))
    await rgba.clone().removeAlpha().jpeg().toFile(join(made, 'a.JPG'))
    await rgba
      .clone()
      .removeAlpha()
      .greyscale()
      .resize(8, 8)
      .png()
      .toFile(join(made, 'deeper', 'grey.png'))
    writeFileSync(join(made, 'notes.txt'), 'not an image')
    writeFileSync(join(made, 'broken.png'), 'no image')
    copyFileSync(join(made, 'b.png'), join(made, '.hidden.png'))
    mkdirSync(join(folder, 'nothing'), { recursive: true })
    const found = imageFiles(['made', 'nothing', 'absent.png', 'made/notes.txt'], folder)
    expect(found.files.map(({ file }) => file)).toEqual([
      join('made', 'a.JPG'),
      join('made', 'b.png'),
      join('made', 'broken.png'),
      join('made', 'deeper', 'grey.png'),
      'made/notes.txt',
    ])
    expect(found.failures.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'nothing holds no image, and no other file',
      'absent.png is not there',
    ])
    const { images, failures, resized, target } = await predict(network, found.files, 5)
    expect(images.map(({ file }) => file)).toEqual([
      join('made', 'a.JPG'),
      join('made', 'b.png'),
      join('made', 'deeper', 'grey.png'),
    ])
    for (const { top } of images) {
      expect(top.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 12)
    }
    expect(failures.map(({ path }) => path)).toEqual([join('made', 'broken.png'), 'made/notes.txt'])
    expect(resized).toEqual([join('made', 'a.JPG'), join('made', 'b.png')])
    expect(target).toMatchObject({ height: 8, width: 8 })
  })
})

describe('bringing an image to the network', () => {
  const rgb = (height: number, width: number): Uint8Array =>
    Uint8Array.from({ length: height * width * 3 }, (_, i) => (i * 29) % 256)
  const eight = { height: 8, width: 8 }
  const plain: Preparation = {
    resizes: [],
    dataset: eight,
    operations: [],
    input: { ...eight, channels: 3 },
  }

  test('resizes as the dataset did, without a word', () => {
    const image = rgb(20, 30)
    const { pixels, resizedFrom } = bringToInput({ ...plain, resizes: [16, 8] }, image, {
      height: 20,
      width: 30,
    })
    const first = resizeBilinear({ pixels: image, height: 20, width: 30, channels: 3 }, 16, 16)
    expect(pixels).toEqual(resizeBilinear({ pixels: first, height: 16, width: 16, channels: 3 }, 8, 8))
    expect(resizedFrom).toBeUndefined()
  })

  test('leaves it to a view that resizes and crops, and crops nothing blindly', () => {
    const operations = [
      { op: 'resize', size: 10 },
      { op: 'center_crop', size: 8 },
    ] as const
    expect(viewTakes({ ...plain, dataset: undefined, operations }, { height: 20, width: 30 })).toBe(true)
    const cropping = { ...plain, operations: [{ op: 'center_crop', size: 8 }] as const }
    expect(viewTakes({ ...cropping, dataset: { height: 10, width: 10 } }, { height: 20, width: 30 })).toBe(
      false,
    )
    const from = { height: 20, width: 30 }
    const brought = bringToInput({ ...cropping, dataset: { height: 10, width: 10 } }, rgb(20, 30), from)
    expect(brought.resizedFrom).toEqual(from)
    expect(brought.pixels).toHaveLength(8 * 8 * 3)
  })

  test('gives a network of one channel the luma of a colour image, and a grey image as it is', () => {
    const grey = { ...plain, input: { ...eight, channels: 1 } }
    const red = Uint8Array.from({ length: 192 }, (_, i) => (i % 3 === 0 ? 255 : 0))
    expect(bringToInput(grey, red, eight).pixels).toEqual(new Uint8Array(64).fill(76))
    const even = Uint8Array.from({ length: 192 }, (_, i) => Math.floor(i / 3))
    expect(bringToInput(grey, even, eight).pixels).toEqual(Uint8Array.from({ length: 64 }, (_, i) => i))
  })
})

describe('the checkpoint', () => {
  test('best is that of the best epoch, and a file that chooses none has none', async () => {
    const none = (error: RunError): never => {
      throw error
    }
    const last = chosenCheckpoint(runFolder, 'last', none)
    expect(chosenCheckpoint(runFolder, 'best', none).step).toBe(last.state.best[0]?.step)
    const plainRun = harness.start(tinyPlan({ epochs: 1 }))
    await finish(plainRun)
    expect(failure(() => chosenCheckpoint(plainRun.runFolder, 'best', none))).toMatchObject({
      code: 'SAU7852',
      exitCode: 2,
    })
    rmSync(checkpointsFolder(plainRun.runFolder), { recursive: true })
    expect(failure(() => chosenCheckpoint(plainRun.runFolder, 'last', none)).code).toBe('SAU7853')
  })

  test('that is damaged is passed over where it lies', async () => {
    const training = harness.start(tinyPlan())
    await finish(training)
    const folders = listCheckpoints(training.runFolder)
    writeFileSync(join(folders.at(-1) ?? '', 'weights.safetensors'), 'cut')
    const warnings: string[] = []
    const before = await open(training.runFolder, warnings)
    expect([before.checkpoint.folder, before.epoch]).toEqual([folders.at(-2), 0])
    expect(warnings).toEqual([expect.stringContaining('is damaged')])
    expect(listCheckpoints(training.runFolder)).toEqual(folders)
    await before.executable.dispose()
  })

  test('of a run that evaluates nothing is of no use', async () => {
    const training = harness.start({ ...tinyPlan({ epochs: 1 }), evaluations: [] })
    await finish(training)
    const opening = openTrainedNetwork(training.runFolder, {
      checkpoint: 'last',
      engine: 'reference',
      threads: undefined,
      warn: () => {},
    })
    await expect(opening).rejects.toMatchObject({ code: 'SAU7851' })
  })
})
