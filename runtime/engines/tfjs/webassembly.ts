// The WebAssembly backend of tfjs, made by hand instead of by its own set-up, for the sake of three things
// that cannot be reached otherwise. Its allocations fail silently (a tensor at address 0, an operator that
// warns and computes nothing): here that is seen and told. Its Emscripten module puts listeners on the
// process that throw errors again with a line of source behind them: they are taken off. And its files are
// looked for where the package lies, never fetched.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { exitCodes, RunError } from '../../platform/errors.js'
import type { TfjsCore } from './library.js'

/** What is used of the Emscripten module. */
interface WasmModule {
  readonly cwrap: (
    name: string,
    result: 'number' | null,
    parameters: readonly 'number'[],
  ) => (...values: number[]) => number
  _malloc: (bytes: number) => number
  readonly HEAPU8: Uint8Array
  tfjs?: Readonly<Record<string, (...values: number[]) => number>>
}

interface WasmSettings {
  readonly locateFile: (file: string) => string
  readonly printErr: (text: string) => void
}

/** What is used of `@tensorflow/tfjs-backend-wasm`, with the module as it is seen here. */
interface WasmPackage {
  readonly BackendWasm: new (module: WasmModule) => InstanceType<TfjsCore['KernelBackend']>
}

export interface WebAssemblyBackend {
  /** In words, for the engine's description. */
  readonly description: string
  /**
   * @throws RunError SAU7301 when an operation since the last call found no memory for what it needs inside.
   */
  check(): void
  /**
   * What something that a kernel threw means: SAU7301 where the module ended for want of memory, else the
   * thing itself.
   */
  explain(thrown: unknown): unknown
}

/** What addresses of 32 bits reach. */
const all = 2 ** 32
const nearlyAll = all * 0.93

/** XNNPACK's way to say that an operator could not be set up; what it should have computed is not there. */
const failedOperator = /^XNN status for (\S+) is not successful/

/**
 * Makes the backend and registers it in place of the package's own.
 * @throws whatever the module's instantiation throws.
 */
export async function startWebAssembly(core: TfjsCore): Promise<WebAssemblyBackend> {
  const require = createRequire(import.meta.url)
  const { BackendWasm }: WasmPackage = require('@tensorflow/tfjs-backend-wasm')
  const folder = join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'wasm-out')
  const factory: (settings: WasmSettings) => Promise<WasmModule> = require(
    join(folder, 'tfjs-backend-wasm.js'),
  )
  const hasSimd = (await core.env().getAsync('WASM_HAS_SIMD_SUPPORT')) === true
  const binary = hasSimd ? 'tfjs-backend-wasm-simd.wasm' : 'tfjs-backend-wasm.wasm'
  let failure: string | undefined
  const module = await withoutListeners(() =>
    factory({
      locateFile: () => join(folder, binary),
      printErr: (text) => {
        failure ??= failedOperator.exec(text)?.[1]
      },
    }),
  )
  module.tfjs = {
    init: module.cwrap('init', null, []),
    initWithThreadsCount: module.cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: module.cwrap('get_threads_count', 'number', []),
    registerTensor: module.cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: module.cwrap('dispose_data', null, ['number']),
    dispose: module.cwrap('dispose', null, []),
  }
  // Its first call puts another function in its own place.
  module._malloc(1)
  const allocate = module._malloc
  module._malloc = (bytes) => {
    // More than an address can count would be taken for the rest beyond it.
    const address = bytes < all ? allocate(bytes) : 0
    if (address === 0 && bytes > 0) throw heapExhausted(`a tensor of ${Math.ceil(bytes / 1e6)} MB`)
    return address
  }
  core.removeBackend('wasm')
  const backend = new BackendWasm(module)
  core.registerBackend('wasm', () => backend)
  return {
    description: `WebAssembly (${hasSimd ? 'SIMD, ' : ''}1 thread)`,
    explain: (thrown) => {
      const isAbort = thrown instanceof Error && thrown.name === 'RuntimeError'
      return isAbort && module.HEAPU8.length > nearlyAll ? heapExhausted('what an operation needs') : thrown
    },
    check: () => {
      const operator = failure
      failure = undefined
      if (operator !== undefined) throw heapExhausted(`the work of ${operator}`)
    },
  }
}

/** SAU7301. */
export function heapExhausted(what: string): RunError {
  return new RunError(
    'SAU7301',
    `memory ran out: the tfjs engine has 4 GB at most, and found no room in it for ${what}`,
    'use a smaller batch or network, or an engine without that limit: `saurun doctor` lists those that are there',
    exitCodes.outOfMemory,
  )
}

/** Runs something and takes off what it put on the process to listen for errors. */
async function withoutListeners<Result>(work: () => Promise<Result>): Promise<Result> {
  const uncaught = process.listeners('uncaughtException')
  const unhandled = process.listeners('unhandledRejection')
  try {
    return await work()
  } finally {
    for (const listener of process.listeners('uncaughtException')) {
      if (!uncaught.includes(listener)) process.off('uncaughtException', listener)
    }
    for (const listener of process.listeners('unhandledRejection')) {
      if (!unhandled.includes(listener)) process.off('unhandledRejection', listener)
    }
  }
}
