// The TensorFlow that `saurun engine install` made: a folder that is only ever seen whole, with a description
// of itself.
//
//     engines/tensorflow/
//       engine.json             what it is
//       tfjs_binding.node       the addon; it finds TensorFlow beside itself, wherever the folder lies
//       tensorflow/             libtensorflow_cc.so.2, libtensorflow_framework.so.2
//       nvidia/                 CUDA, with `--gpu`
//       package/                what the addon was compiled from
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { hasCode } from '../../../platform/system-errors.js'

export interface InstalledEngine {
  readonly engine: 1
  /** Version of TensorFlow. */
  readonly version: string
  readonly gpu: boolean
  /** The npm package that the addon is from, and its version. */
  readonly packageName: string
  readonly packageVersion: string
  /** `linux x64`, as Node names them. */
  readonly platform: string
  /** ISO 8601. */
  readonly installed: string
  /** Sizes in bytes of the files that loading needs, by their paths in the folder. */
  readonly files: Readonly<Record<string, number>>
}

export const manifestFile = 'engine.json'
export const addonFile = 'tfjs_binding.node'

/** Folder of the engine among the installed ones. */
export function installedFolder(engines: string): string {
  return join(engines, 'tensorflow')
}

/**
 * What is installed there; undefined where nothing is. @throws Error, one line, where the description is
 * damaged.
 */
export function readInstalled(folder: string): InstalledEngine | undefined {
  let text: string
  try {
    text = readFileSync(join(folder, manifestFile), 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined
    throw error
  }
  try {
    const installed = JSON.parse(text) as InstalledEngine
    if (installed.engine === 1) return installed
  } catch {
    // Said below.
  }
  throw new Error(`its ${manifestFile} is damaged`)
}

/** Why this process cannot use what is installed there; undefined where nothing speaks against it. */
export function installedProblem(
  folder: string,
  { platform, files }: InstalledEngine,
  here = `${process.platform} ${process.arch}`,
): string | undefined {
  if (platform !== here) return `it was made for ${platform}, and this is ${here}`
  for (const [name, size] of Object.entries(files)) {
    const found = statSync(join(folder, name), { throwIfNoEntry: false })
    if (found === undefined) return `${name} is missing`
    if (found.size !== size) return `${name} is damaged: ${found.size} bytes instead of ${size}`
  }
  return undefined
}
