// Brings TensorFlow into the process, through the addon of tfjs-node. A process holds one TensorFlow, and its threads are
// settled when it is loaded.
import { createRequire } from 'node:module'
import type { TensorFlowBinding } from './binding.js'

/** A tfjs-node package with a TensorFlow beside it. */
export interface LibraryPlace {
  /** The addon's file. */
  readonly addon: string
  /** Which package it is from: `@tensorflow/tfjs-node 4.22.0`. */
  readonly packageName: string
}

export interface TensorFlowLibrary extends LibraryPlace {
  readonly binding: TensorFlowBinding
  readonly version: string
  readonly gpu: boolean
}

export interface LoadOptions {
  /** Threads inside an operation. */
  readonly threads: number
}

let loaded: TensorFlowLibrary | undefined

/**
 * Loads the library at a place, or gives the one that is loaded already.
 * @throws whatever the loading of the addon throws, one line of reason.
 */
export function loadTensorFlow(place: LibraryPlace, { threads }: LoadOptions): TensorFlowLibrary {
  if (loaded !== undefined) return loaded
  const environment = process.env
  environment.TF_NUM_INTRAOP_THREADS ??= String(threads)
  // Passes of the network do not wait for each other, so a second one fills what the first leaves idle.
  environment.TF_NUM_INTEROP_THREADS ??= String(threads)
  environment.TF_CPP_MIN_LOG_LEVEL ??= '2'
  environment.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true'
  const binding: TensorFlowBinding = createRequire(import.meta.url)(place.addon)
  loaded = { ...place, binding, version: binding.TF_Version, gpu: binding.isUsingGpuDevice() }
  return loaded
}
