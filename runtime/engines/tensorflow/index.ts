// The engine on TensorFlow: the program written as one SavedModel, a session call a step.
import { availableParallelism } from 'node:os'
import type { Program } from '../../../compiler/graph/graph.js'
import type { Engine } from '../engine.js'
import { EngineNotInstalled } from '../not-installed.js'
import { TensorFlowExecutable } from './executable.js'
import { type LibraryCandidate, libraryCandidates } from './library/find.js'
import { type LibraryPlace, loadTensorFlow, type TensorFlowLibrary } from './library/load.js'
import { measureTensorFlow } from './measure.js'

export interface TensorFlowEngineOptions {
  /** Threads inside an operation, settled for the whole process; default: all that it may use. */
  readonly threads?: number
  /** The library to use, instead of the first one found. */
  readonly place?: LibraryPlace
}

/**
 * Loads TensorFlow from the first place where it loads, and makes the engine.
 * @throws EngineNotInstalled where it is nowhere; Error with the reason of each place, where it does not
 * load.
 */
export async function createTensorFlowEngine(options: TensorFlowEngineOptions = {}): Promise<Engine> {
  const { threads = availableParallelism(), place } = options
  const library =
    place === undefined ? loadFirst(libraryCandidates(), threads) : loadTensorFlow(place, { threads })
  return {
    name: 'tensorflow',
    description: `TensorFlow ${library.version}, ${deviceInWords(library)}`,
    // Convolutions on the CPU know channels-last images alone, and those on GPUs prefer channels first.
    layout: library.gpu ? 'NCHW' : 'NHWC',
    bfloat16: library.gpu ? 'device' : 'processor',
    load: async (program: Program) => new TensorFlowExecutable(library.binding, program),
    measure: async (program, { entry }) => measureTensorFlow(library.binding, program, entry),
  }
}

function deviceInWords({ gpu, device }: TensorFlowLibrary): string {
  if (!gpu) return 'CPU'
  return device === undefined ? 'GPU' : `GPU ${device}`
}

function loadFirst(candidates: readonly LibraryCandidate[], threads: number): TensorFlowLibrary {
  const reasons: string[] = []
  for (const candidate of candidates) {
    if (!candidate.usable) {
      reasons.push(`${candidate.origin}: ${candidate.problem}`)
      continue
    }
    try {
      return loadTensorFlow(candidate.place, { threads })
    } catch (error) {
      const [reason] = (error instanceof Error ? error.message : String(error)).split('\n', 1)
      reasons.push(`${candidate.origin}: ${reason}`)
    }
  }
  if (reasons.length === 0) throw new EngineNotInstalled('not installed')
  throw new Error(reasons.join('; '))
}
