// A trained tiny run and its test images as files, for what is done with runs after training.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Plan } from '../../../compiler/plan/plan.js'
import { openTrainedNetwork, type TrainedNetwork } from '../../../runtime/apps/inference/trained-network.js'
import { loadData } from '../../../runtime/data/load.js'
import { imageOf } from '../../../runtime/data/store.js'

/** Opens a run on the reference engine; warnings are failures unless they are taken. */
export function open(runFolder: string, warnings?: string[]): Promise<TrainedNetwork> {
  return openTrainedNetwork(runFolder, {
    checkpoint: 'last',
    engine: 'reference',
    threads: undefined,
    warn: (message) => {
      if (warnings === undefined) throw new Error(message)
      warnings.push(message)
    },
  })
}

/** Writes every image of a dataset as `<folder>/<record>.png` and returns their paths and labels. */
export async function writeDataset(plan: Plan, position: number, folder: string) {
  const data = await loadData(plan, [[], [], []])
  const dataset = data.datasets[position]
  if (dataset === undefined) throw new Error('no dataset')
  mkdirSync(folder, { recursive: true })
  const files: { file: string; path: string; label: number }[] = []
  for (let i = 0; i < dataset.count; i++) {
    const store = data.stores[dataset.store[i] ?? 0]
    if (store?.kind !== 'decoded') throw new Error('no decoded store')
    const { pixels, height, width } = imageOf(store, dataset.record[i] ?? 0)
    const path = join(folder, `${String(i).padStart(2, '0')}.png`)
    await sharp(Buffer.from(pixels), { raw: { height, width, channels: 3 } })
      .png()
      .toFile(path)
    files.push({ file: path, path, label: dataset.labels[i] ?? 0 })
  }
  return { files, data }
}
