// The engine of last resort: tfjs on WebAssembly, else on plain JavaScript, which runs where no native
// library loads. The graph is walked operation by operation on the backend's forward kernels; its gradients
// are the graph's own, and tfjs's tape is never used.
import type { Engine } from '../engine.js'
import { TfjsExecutable } from './executable.js'
import type { BackendName, TfjsLibrary } from './library.js'
import { loadTfjs } from './library.js'

export interface TfjsEngineOptions {
  /** WebAssembly where it works, else plain JavaScript, if none is given. */
  readonly backend?: BackendName
}

/**
 * Loads tfjs and makes the engine.
 * @throws whatever the library's loading throws; `selectEngine` turns it into a reason.
 */
export async function createTfjsEngine(options: TfjsEngineOptions = {}): Promise<Engine> {
  const { library, description } = await chosenLibrary(options.backend)
  return {
    name: 'tfjs',
    description,
    layout: 'NHWC',
    load: async (program) => new TfjsExecutable(library, program),
  }
}

async function chosenLibrary(
  backend: BackendName | undefined,
): Promise<{ readonly library: TfjsLibrary; readonly description: string }> {
  try {
    const library = await loadTfjs(backend ?? 'wasm')
    return { library, description: library.description }
  } catch (error) {
    if (backend !== undefined) throw error
    const library = await loadTfjs('cpu')
    const [reason] = String(error instanceof Error ? error.message : error).split('\n', 1)
    return { library, description: `${library.description}, for WebAssembly does not load (${reason})` }
  }
}
