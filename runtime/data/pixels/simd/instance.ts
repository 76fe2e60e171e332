// The kernels, compiled on first use, and the memory they work in. Images are copied in and out, which costs
// a hundredth of what the kernels do. A processor or a Node without vectors gets undefined, and the plain
// code beside each use does.
import { assemble, type KernelFunction } from './assembler.js'
import {
  blendGreyKernel,
  blendLevelsKernel,
  greyKernel,
  sharpenKernel,
  sumLumaKernel,
} from './blend-kernels.js'
import { acrossKernel, downKernel, mostUnrolled } from './resize-kernels.js'

type Kernel = (...parameters: number[]) => number

interface LinearMemory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

export class Kernels {
  readonly #memory: LinearMemory
  readonly #functions: ReadonlyMap<string, Kernel>
  #bytes: Uint8Array

  constructor(memory: LinearMemory, functions: ReadonlyMap<string, Kernel>) {
    this.#memory = memory
    this.#functions = functions
    this.#bytes = new Uint8Array(memory.buffer)
  }

  /** The memory, at least `length` bytes and what a vector may read or write behind them. */
  reserve(length: number): Uint8Array {
    const missing = length + slack - this.#bytes.length
    if (missing > 0) {
      this.#memory.grow(Math.ceil(missing / pageLength))
      this.#bytes = new Uint8Array(this.#memory.buffer)
    }
    return this.#bytes
  }

  /** Runs a kernel on a copy of the first `length` bytes of `pixels`, which get the result. */
  change(name: string, pixels: Uint8Array, length: number, ...parameters: number[]): void {
    const memory = this.reserve(length)
    memory.set(pixels.subarray(0, length))
    this.run(name, 0, length, ...parameters)
    pixels.set(memory.subarray(0, length))
  }

  run(name: string, ...parameters: number[]): number {
    const kernel = this.#functions.get(name)
    if (kernel === undefined) throw new Error(`there is no kernel ${name}`)
    return kernel(...parameters)
  }
}

const slack = 64
const pageLength = 65536

let compiled: Kernels | 'none' | undefined

/** The kernels of this thread, or undefined where WebAssembly has no vectors. */
export function kernels(): Kernels | undefined {
  compiled ??= compile(allKernels()) ?? 'none'
  return compiled === 'none' ? undefined : compiled
}

function allKernels(): KernelFunction[] {
  const unrolled = Array.from({ length: mostUnrolled }, (_, i) => i + 1)
  return [
    ...[undefined, ...unrolled].flatMap((pairs) => [acrossKernel(pairs), downKernel(pairs)]),
    ...[blendLevelsKernel(), blendGreyKernel(), greyKernel(), sumLumaKernel(), sharpenKernel()],
  ]
}

function compile(functions: readonly KernelFunction[]): Kernels | undefined {
  const bytes = assemble(functions)
  if (!WebAssembly.validate(bytes)) return undefined
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes))
  const { memory } = exports
  if (!(memory instanceof WebAssembly.Memory)) return undefined
  const byName = new Map<string, Kernel>()
  for (const { name } of functions) {
    const kernel = exports[name]
    if (typeof kernel === 'function') byName.set(name, kernel as Kernel)
  }
  return new Kernels(memory, byName)
}
