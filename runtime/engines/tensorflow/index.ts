// The engine on TensorFlow: the program written as one SavedModel, a session call a step.
import { availableParallelism } from 'node:os'
import type { Program } from '../../../compiler/graph/graph.js'
import type { Engine } from '../engine.js'
import { TensorFlowExecutable } from './executable.js'
import { libraryPlaces } from './library/find.js'
import type { LibraryPlace } from './library/load.js'
import { loadTensorFlow } from './library/load.js'

export interface TensorFlowEngineOptions {
  /** Threads inside an operation, settled for the whole process; default: all that it may use. */
  readonly threads?: number
  /** The library to use, instead of the first one found. */
  readonly place?: LibraryPlace
}

/**
 * Loads TensorFlow and makes the engine.
 * @throws Error with the reason, where no library is there or it does not load.
 */
export async function createTensorFlowEngine(options: TensorFlowEngineOptions = {}): Promise<Engine> {
  const { threads = availableParallelism(), place = libraryPlaces()[0] } = options
  if (place === undefined) throw new Error('not installed')
  const library = loadTensorFlow(place, { threads })
  return {
    name: 'tensorflow',
    description: `TensorFlow ${library.version}, ${library.gpu ? 'GPU' : 'CPU'}`,
    layout: library.gpu ? 'NCHW' : 'NHWC',
    load: async (program: Program) => new TensorFlowExecutable(library.binding, program),
  }
}
