// The engine that works wherever npm does: onnxruntime on the CPU, the step written as one ONNX model.
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import type { Program } from '../../../compiler/graph/graph.js'
import type { Engine, EngineOptions } from '../engine.js'
import { probeBlockSize } from './blocked-kernels.js'
import { OnnxExecutable } from './executable.js'
import { loadOnnxRuntime } from './load.js'
import { blockedVariables, blockFor } from './lowering/forms.js'
import { lowerGraph } from './lowering/lower.js'
import type { FrozenModel } from './lowering/lowering.js'
import { measureOnnx } from './measure.js'

export interface OnnxEngineOptions {
  /** Channels of a block; asked of the machine where it is not given, 0 for row-major images throughout. */
  readonly block?: number
}

/**
 * Loads onnxruntime and makes the engine.
 * @throws whatever the library's loading throws; `selectEngine` turns it into a reason.
 */
export async function createOnnxEngine(options: OnnxEngineOptions = {}): Promise<Engine> {
  const runtime = await loadOnnxRuntime()
  const block = options.block ?? (await probeBlockSize(runtime))
  return {
    name: 'onnx',
    description: `onnxruntime ${runtimeVersion()}, CPU${block === 0 ? '' : `, blocks of ${block} channels`}`,
    layout: 'NCHW',
    load: async (program: Program, { threads = availableParallelism() }: EngineOptions = {}) =>
      new OnnxExecutable(runtime, program, block, threads),
    measure: async (program, { threads = availableParallelism(), ...options }) =>
      measureOnnx({ runtime, program, block, threads, ...options }),
  }
}

function runtimeVersion(): string {
  const manifest: { readonly version: string } = createRequire(import.meta.url)(
    'onnxruntime-node/package.json',
  )
  return manifest.version
}

/** One entry of a program as the bytes of an `.onnx` file, images row-major unless `block` says otherwise. */
export function onnxModel(program: Program, entry: string, block = 0): Uint8Array {
  const graph = program.entries[entry]
  if (graph === undefined) throw new Error(`the program has no entry ${entry}`)
  const used = blockFor(program, block)
  return lowerGraph(graph, used, blockedVariables(program, used)).bytes
}

/**
 * One entry with its weights as the bytes of an `.onnx` file for any number of images, of standard operators
 * alone. `entry` must be traced for a batch of 1 (`traceServing`).
 */
export function frozenOnnxModel(program: Program, entry: string, frozen: FrozenModel): Uint8Array {
  const graph = program.entries[entry]
  if (graph === undefined) throw new Error(`the program has no entry ${entry}`)
  return lowerGraph(graph, 0, new Set(), frozen).bytes
}
