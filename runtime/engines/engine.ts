// What an engine is: it takes a program, keeps its state, and runs its entries.

import type { Layout, Program } from '../../compiler/graph/graph.js'
import type { Tensors } from '../platform/tensor.js'
import type { EngineName } from './names.js'

export interface EngineOptions {
  /** Threads inside an operation; default: physical cores that the process may use. */
  readonly threads?: number
}

export interface Engine {
  readonly name: EngineName
  /** Version and device in words, for the UI and the lock file: `onnxruntime 1.30.0, CPU, 2 threads`. */
  readonly description: string
  readonly layout: Layout
  /**
   * What computes programs of bfloat16: the GPU; the processor, as fast as its instructions allow; or, where
   * nothing is said, float32 operations whose results are rounded, which is always slower than float32
   * itself.
   */
  readonly bfloat16?: 'device' | 'processor' | 'emulated'
  load(program: Program, options?: EngineOptions): Promise<Executable>
  /** As `load`, with every kernel of one entry timed. Absent where the engine cannot tell. */
  readonly measure?: (program: Program, options: MeasureOptions) => Promise<MeasuringExecutable>
}

export interface MeasureOptions extends EngineOptions {
  /** Name of the entry. */
  readonly entry: string
  /** A folder for what the engine's library writes. */
  readonly folder: string
}

export interface MeasuringExecutable extends Executable {
  /** Ends the measuring: every call of the entry since loading, first call first. */
  calls(): Promise<readonly MeasuredCall[]>
}

/** What one call of an entry ran. */
export interface MeasuredCall {
  /** Milliseconds from its beginning to its end. */
  readonly milliseconds: number
  readonly kernels: readonly KernelSpan[]
}

/** One kernel that a call of an entry ran. */
export interface KernelSpan {
  /** What the engine calls it: `Conv_12`. */
  readonly name: string
  /** What kind it is of, in the engine's terms: `Conv`, `_MklNativeConv2D`. */
  readonly kernel: string
  /**
   * Position in `Graph.nodes` of what it computes; undefined where the engine's library put it in by itself.
   */
  readonly node: number | undefined
  /** Microseconds, on a clock of the engine's. */
  readonly start: number
  readonly duration: number
  /** Which thread ran it, where the engine says so, else 0. */
  readonly thread: number
}

export interface Executable {
  /**
   * Runs one entry: feeds inputs, applies its state updates, returns its outputs (freshly owned by the
   * caller).
   */
  run(entry: string, inputs: Tensors): Promise<Tensors>
  /**
   * Reads state variables in canonical layout (conv OIHW, linear [out, in]); all where no names are given.
   */
  read(names?: readonly string[]): Promise<Tensors>
  /** Overwrites state variables, in canonical layout. */
  write(values: Tensors): Promise<void>
  dispose(): Promise<void>
}
