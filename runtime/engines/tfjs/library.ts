// tfjs and its two backends, each loaded once a process. tfjs keeps its state in one place for the whole
// process: which backend computes is set anew before every run.
import { createRequire } from 'node:module'
import { startWebAssembly } from './webassembly.js'

export type TfjsCore = typeof import('@tensorflow/tfjs-core')

export type BackendName = 'wasm' | 'cpu'

export interface TfjsLibrary {
  readonly core: TfjsCore
  readonly backend: BackendName
  /** `tfjs 4.22.0 on WebAssembly (SIMD, 1 thread)`. */
  readonly description: string
  /** Makes this backend the one that computes, until something else is awaited. */
  activate(): Promise<void>
  /** @throws RunError SAU7301 when a kernel since the last call found no memory inside. */
  check(): void
  /** What something that a kernel threw means. */
  explain(thrown: unknown): unknown
}

const loaded = new Map<BackendName, Promise<TfjsLibrary>>()

/** @throws whatever the backend's loading throws. */
export function loadTfjs(backend: BackendName): Promise<TfjsLibrary> {
  const known = loaded.get(backend)
  if (known !== undefined) return known
  const made = load(backend)
  loaded.set(backend, made)
  return made
}

async function load(backend: BackendName): Promise<TfjsLibrary> {
  const { default: core } = await import('@tensorflow/tfjs-core')
  // Without it the library checks every result for being a number, and advertises itself on the error output.
  core.enableProdMode()
  const activate = async (): Promise<void> => {
    if (core.getBackend() === backend) return
    if (!(await core.setBackend(backend))) throw new Error(`tfjs has no working backend ${backend}`)
  }
  const named = (device: string): string => `tfjs ${core.version_core} on ${device}`
  if (backend === 'wasm') {
    const { description, check, explain } = await startWebAssembly(core)
    await activate()
    return { core, backend, description: named(description), activate, check, explain }
  }
  createRequire(import.meta.url)('@tensorflow/tfjs-backend-cpu')
  await activate()
  return {
    core,
    backend,
    description: named('plain JavaScript'),
    activate,
    check: () => undefined,
    explain: (thrown) => thrown,
  }
}
