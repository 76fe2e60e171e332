// Where a TensorFlow that this program can use may lie: where `saurun engine install` puts it, then in the
// npm packages. What the user had made for this program comes first: it is the newer TensorFlow by years.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { packageFolder } from '../../../platform/compiled-entry.js'
import { enginesFolder } from '../../../platform/host/data-folder.js'
import { addonFile, installedFolder, installedProblem, readInstalled } from './installed.js'
import type { LibraryPlace } from './load.js'

/** A place that holds a TensorFlow, or means to. */
export type LibraryCandidate = {
  /** In words: `installed by saurun`, `@tensorflow/tfjs-node 4.22.0`. */
  readonly origin: string
  readonly folder: string
} & (
  | { readonly usable: true; readonly place: LibraryPlace }
  | { readonly usable: false; readonly problem: string }
)

/** The npm packages with an addon, the one for GPUs first: without a GPU it computes on the CPU. */
export const peerPackages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const

export interface SearchOptions {
  /** Folder of the installed engines. */
  readonly engines?: string
  /** Folders from whose node_modules, and those above, the npm packages are resolved. */
  readonly from?: readonly string[]
}

/** All places that hold something, in the order in which they are tried. Loads nothing. */
export function libraryCandidates(options: SearchOptions = {}): readonly LibraryCandidate[] {
  const { engines = enginesFolder(), from = [process.cwd(), packageFolder] } = options
  const peers = peerPackages.flatMap((name) => peerFolders(name, from).map((folder) => peer(name, folder)))
  const own = installed(installedFolder(engines))
  return own === undefined ? peers : [own, ...peers]
}

/** Those that look whole, in the order in which they are tried. */
export function libraryPlaces(options: SearchOptions = {}): readonly LibraryPlace[] {
  return libraryCandidates(options).flatMap((candidate) => (candidate.usable ? [candidate.place] : []))
}

function installed(folder: string): LibraryCandidate | undefined {
  const origin = 'installed by saurun'
  try {
    const description = readInstalled(folder)
    if (description === undefined) return undefined
    const problem = installedProblem(folder, description)
    if (problem !== undefined) return { origin, folder, usable: false, problem }
    const packageName = `${description.packageName} ${description.packageVersion}`
    return { origin, folder, usable: true, place: { addon: join(folder, addonFile), packageName } }
  } catch (error) {
    return { origin, folder, usable: false, problem: error instanceof Error ? error.message : String(error) }
  }
}

/** Folders in which the package is installed, each once. */
export function peerFolders(name: string, from: readonly string[]): readonly string[] {
  const folders = from.flatMap((start) => {
    try {
      return [dirname(createRequire(join(resolve(start), 'from.js')).resolve(`${name}/package.json`))]
    } catch {
      return []
    }
  })
  return [...new Set(folders)]
}

interface PeerManifest {
  readonly version?: string
  readonly binary?: { readonly napi_versions?: readonly number[] }
}

function peer(name: string, folder: string): LibraryCandidate {
  const manifest: PeerManifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const packageName = `${name} ${manifest.version ?? 'of no version'}`
  const own = Number(process.versions.napi)
  const addon = (manifest.binary?.napi_versions ?? [8])
    .filter((version) => version <= own)
    .toSorted((a, b) => b - a)
    .map((version) => join(folder, 'lib', `napi-v${version}`, addonFile))
    .find((file) => existsSync(file))
  return addon === undefined
    ? {
        origin: packageName,
        folder,
        usable: false,
        problem: 'it has no addon: its install script did not run, or could not download one',
      }
    : { origin: packageName, folder, usable: true, place: { addon, packageName } }
}
