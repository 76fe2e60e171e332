// Whether two runs ended with the same numbers in their networks, optimizers and memories.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { SafeTensor } from '../../platform/safetensors/index.js'
import {
  type CheckpointTensors,
  checkpointsFolder,
  readCheckpoint,
  type TensorFile,
  tensorFiles,
} from '../../run/folder/checkpoint.js'

export interface WeightComparison {
  /** Steps after which both were written down. */
  readonly step: number
  readonly tensors: number
  readonly different: readonly TensorDifference[]
}

export interface TensorDifference {
  readonly file: TensorFile
  readonly tensor: string
  /** Numbers that differ, of how many, and by how much at most; absent where the shapes do. */
  readonly numbers?: { readonly different: number; readonly all: number; readonly largest: number }
}

/**
 * Undefined where one of them has no checkpoint of this step any more. @throws RunError SAU7107 where one is
 * damaged.
 */
export function compareWeights(original: string, replay: string, step: number): WeightComparison | undefined {
  const [before, now] = [checkpointAt(original, step), checkpointAt(replay, step)]
  if (before === undefined || now === undefined) return undefined
  const different: TensorDifference[] = []
  let tensors = 0
  for (const file of tensorFiles) {
    const names = new Set([...Object.keys(before[file]), ...Object.keys(now[file])])
    for (const name of names) {
      tensors++
      const found = tensorDifference(before[file][name], now[file][name])
      if (found !== 'none') different.push({ file, tensor: name, ...found })
    }
  }
  return { step, tensors, different }
}

export function checkpointFolder(runFolder: string, step: number): string {
  return join(checkpointsFolder(runFolder), `step-${String(step).padStart(6, '0')}`)
}

function checkpointAt(runFolder: string, step: number): CheckpointTensors | undefined {
  const folder = checkpointFolder(runFolder, step)
  return existsSync(folder) ? readCheckpoint(folder).tensors : undefined
}

function tensorDifference(
  before: SafeTensor | undefined,
  now: SafeTensor | undefined,
): 'none' | Pick<TensorDifference, 'numbers'> {
  if (before === undefined || now === undefined || before.shape.join() !== now.shape.join()) return {}
  let [different, largest] = [0, 0]
  for (let i = 0; i < before.data.length; i++) {
    const [a, b] = [Number(before.data[i]), Number(now.data[i])]
    if (Object.is(a, b)) continue
    different++
    largest = Math.max(largest, Math.abs(a - b))
  }
  return different === 0 ? 'none' : { numbers: { different, all: before.data.length, largest } }
}
