// Brings TensorFlow into the process, through the addon of tfjs-node. A process holds one TensorFlow, and its
// threads are settled when it is loaded.
import { createRequire } from 'node:module'
import { deviceName, firstVisibleDevice, hasDriver } from '../device.js'
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
  /** Name of the GPU, where there is one and the system tells. */
  readonly device: string | undefined
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
  const device = prepareEnvironment(process.env, threads)
  const binding: TensorFlowBinding = createRequire(import.meta.url)(place.addon)
  const gpu = binding.isUsingGpuDevice()
  loaded = {
    ...place,
    binding,
    version: binding.TF_Version,
    gpu,
    device: gpu ? deviceName(device) : undefined,
  }
  return loaded
}

/**
 * Says in the environment what TensorFlow asks it for when it is loaded; gives the GPU that it is left to
 * see. What the user has set stays, but for threads, which are an option of this program.
 */
export function prepareEnvironment(environment: NodeJS.ProcessEnv, threads: number): string {
  environment.TF_NUM_INTRAOP_THREADS = String(threads)
  // Passes of the network do not wait for each other, so a second one fills what the first leaves idle.
  environment.TF_NUM_INTEROP_THREADS = String(threads)
  environment.TF_CPP_MIN_LOG_LEVEL ??= '2'
  const device = firstVisibleDevice(environment.CUDA_VISIBLE_DEVICES)
  environment.CUDA_VISIBLE_DEVICES = device
  environment.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true'
  // On a GPU float32 is float32, and sums are taken in one order. On a CPU neither needs to be asked for.
  environment.NVIDIA_TF32_OVERRIDE ??= '0'
  if (hasDriver()) environment.TF_DETERMINISTIC_OPS ??= '1'
  return device
}
