// Choosing an engine by name. Engine libraries are loaded here and nowhere else, and only once one is wanted.
import { exitCodes, RunError } from '../errors.js'
import type { Engine } from './engine.js'

export const engineNames = ['auto', 'tensorflow', 'onnx', 'reference'] as const
export type EngineChoice = (typeof engineNames)[number]

export interface SelectedEngine {
  readonly engine: Engine
  /** Engines that were tried before it, and why each was passed over. */
  readonly passedOver: readonly { readonly name: string; readonly reason: string }[]
}

/** What `auto` tries, in this order. The reference engine is for tests and parity and never chosen by itself. */
const preference = ['onnx'] as const

/**
 * Loads the engine of this name; `auto` takes the first of its list that loads.
 * @throws RunError SAU7601 with the reason of each engine that did not load.
 */
export async function selectEngine(choice: EngineChoice): Promise<SelectedEngine> {
  const passedOver: { name: string; reason: string }[] = []
  for (const name of choice === 'auto' ? preference : [choice]) {
    try {
      return { engine: await createEngine(name), passedOver }
    } catch (error) {
      passedOver.push({ name, reason: error instanceof Error ? firstLine(error.message) : String(error) })
    }
  }
  throw new RunError(
    'SAU7601',
    `no engine can be loaded: ${passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ')}`,
    'run `saurun doctor`: it says what each engine needs',
    exitCodes.failed,
  )
}

async function createEngine(name: Exclude<EngineChoice, 'auto'>): Promise<Engine> {
  switch (name) {
    case 'tensorflow': {
      const { createTensorFlowEngine } = await import('./tensorflow/index.js')
      return createTensorFlowEngine()
    }
    case 'onnx': {
      const { createOnnxEngine } = await import('./onnx/index.js')
      return createOnnxEngine()
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
