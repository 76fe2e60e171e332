// Choosing an engine by name. Engine libraries are loaded here and nowhere else, and only once one is wanted.
import { exitCodes, RunError } from '../platform/errors.js'
import type { Engine } from './engine.js'
import type { EngineChoice, EngineName } from './names.js'
import { EngineNotInstalled } from './not-installed.js'
import type { LibraryPlace } from './tensorflow/library/load.js'

export interface SelectedEngine {
  readonly engine: Engine
  /** Engines that were tried before it, and why each was passed over. */
  readonly passedOver: readonly PassedOver[]
}

export interface PassedOver {
  readonly name: string
  readonly reason: string
  /**
   * Whether something of it is there that does not load: that is worth a warning, an engine that nobody
   * installed is not.
   */
  readonly isBroken: boolean
}

export interface SelectionOptions {
  /**
   * Threads inside an operation; TensorFlow's are settled when it is loaded. Default: all that the process
   * may use.
   */
  readonly threads?: number | undefined
  /** The TensorFlow to load, instead of the first one found. */
  readonly place?: LibraryPlace | undefined
}

/**
 * What `auto` tries, in this order. The reference engine is for tests and parity and never chosen by itself.
 */
const preference = ['tensorflow', 'onnx', 'tfjs'] as const

/**
 * Loads the engine of this name; `auto` takes the first of its list that loads.
 * @throws RunError SAU7601 with the reason of each engine that did not load.
 */
export async function selectEngine(
  choice: EngineChoice,
  options: SelectionOptions = {},
): Promise<SelectedEngine> {
  const passedOver: PassedOver[] = []
  let cause: unknown
  for (const name of choice === 'auto' ? preference : [choice]) {
    try {
      return { engine: await createEngine(name, options), passedOver }
    } catch (error) {
      cause = error
      const reason = error instanceof Error ? firstLine(error.message) : String(error)
      passedOver.push({ name, reason, isBroken: !(error instanceof EngineNotInstalled) })
    }
  }
  throw new RunError(
    'SAU7601',
    `no engine can be loaded: ${passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ')}`,
    choice === 'tensorflow'
      ? '`saurun engine install tensorflow` gets it; `saurun doctor` says what is there'
      : 'run `saurun doctor`: it says what each engine needs',
    exitCodes.failed,
    { cause },
  )
}

/**
 * Loads this engine.
 * @throws EngineNotInstalled where it is not there; whatever its library throws, where that does not load.
 */
export async function createEngine(
  name: EngineName,
  { threads, place }: SelectionOptions = {},
): Promise<Engine> {
  switch (name) {
    case 'tensorflow': {
      const { createTensorFlowEngine } = await import('./tensorflow/index.js')
      return createTensorFlowEngine({
        ...(threads === undefined ? {} : { threads }),
        ...(place === undefined ? {} : { place }),
      })
    }
    case 'onnx': {
      const { createOnnxEngine } = await import('./onnx/index.js')
      return createOnnxEngine()
    }
    case 'tfjs': {
      const { createTfjsEngine } = await import('./tfjs/index.js')
      return createTfjsEngine()
    }
    case 'reference': {
      const { createReferenceEngine } = await import('./reference/index.js')
      return createReferenceEngine()
    }
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
