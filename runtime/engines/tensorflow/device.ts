// Which GPU TensorFlow is given, and its name. One is enough, and TensorFlow would take the memory of all it
// sees.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The value of CUDA_VISIBLE_DEVICES that leaves the first visible GPU: the first of the user's list, or
 * number 0. An empty list or -1 hides all of them, and stays.
 */
export function firstVisibleDevice(chosen: string | undefined): string {
  if (chosen === undefined) return '0'
  const [first = ''] = chosen.split(',', 1)
  return first.trim()
}

/** Where the driver of NVIDIA tells about its GPUs on Linux: a folder a GPU. */
const driverFolder = '/proc/driver/nvidia/gpus'

/**
 * Name of the GPU behind a value of `firstVisibleDevice`: `NVIDIA H100 80GB HBM3`; undefined where the system
 * does not say, or where GPUs differ and the number alone does not tell which one is meant (CUDA counts the
 * fastest first).
 */
export function deviceName(device: string, folder = driverFolder): string | undefined {
  const gpus = readDriverFolder(folder)
  const named = gpus.find(({ uuid }) => device !== '' && uuid.startsWith(device))
  if (named !== undefined) return named.model
  const models = new Set(gpus.map(({ model }) => model))
  const [only] = models
  return models.size === 1 ? only : undefined
}

/** Whether a driver for GPUs of NVIDIA is there. */
export function hasDriver(folder = driverFolder): boolean {
  return existsSync(folder)
}

function readDriverFolder(folder: string): readonly { readonly model: string; readonly uuid: string }[] {
  try {
    return readdirSync(folder).map((gpu) => {
      const text = readFileSync(join(folder, gpu, 'information'), 'utf8')
      const field = (name: string): string =>
        new RegExp(`^${name}:\\s*(.+)$`, 'm').exec(text)?.[1]?.trim() ?? ''
      return { model: field('Model'), uuid: field('GPU UUID') }
    })
  } catch {
    return []
  }
}
