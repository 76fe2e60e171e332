// Runs small graphs on the reference engine, for tests.
import { Builder, type Tensor as GraphTensor } from '../../compiler/graph/builder.js'
import { differentiate } from '../../compiler/graph/differentiate.js'
import type { Graph, Layout, Program, TensorType } from '../../compiler/graph/graph.js'
import { multiply } from '../../compiler/graph/operations/arithmetic.js'
import { elementCount } from '../../compiler/graph/operations/operation.js'
import { reduceSum } from '../../compiler/graph/operations/reductions.js'
import { constant, input } from '../../compiler/graph/operations/sources.js'
import { createReferenceEngine } from '../../runtime/engines/reference/index.js'
import type { Tensor, Tensors } from '../../runtime/platform/tensor.js'

/** A small generator of its own, so that tests do not depend on the program's random numbers (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** `count` numbers in low..high. */
export function uniform(count: number, seed: number, low = -1, high = 1): Float64Array {
  const next = randomNumbers(seed)
  return Float64Array.from({ length: count }, () => low + (high - low) * next())
}

export function float(shape: readonly number[], data: Float64Array | readonly number[]): Tensor {
  return { dtype: 'float32', shape, data: Float64Array.from(data) }
}

export function int(shape: readonly number[], data: readonly number[]): Tensor {
  return { dtype: 'int32', shape, data: Int32Array.from(data) }
}

export function programOf(entry: Graph, layout: Layout = 'NCHW'): Program {
  return { layout, variables: [], entries: { entry } }
}

/** Runs one graph without state. */
export async function runGraph(graph: Graph, inputs: Tensors): Promise<Tensors> {
  const executable = await createReferenceEngine().load(programOf(graph))
  return executable.run('entry', inputs)
}

/** Builds `make` over inputs x0, x1, ..., and runs it; outputs are y0, y1, ... */
export async function evaluate(
  make: (...inputs: GraphTensor[]) => GraphTensor | readonly GraphTensor[],
  ...values: readonly Tensor[]
): Promise<readonly Tensor[]> {
  const builder = new Builder()
  const inputs = values.map(({ dtype, shape }, position) => input(builder, `x${position}`, { dtype, shape }))
  const made = make(...inputs)
  const outputs = Array.isArray(made) ? (made as readonly GraphTensor[]) : [made as GraphTensor]
  outputs.forEach((output, position) => {
    builder.output(`y${position}`, output)
  })
  const results = await runGraph(
    builder.finish(),
    Object.fromEntries(values.map((value, position) => [`x${position}`, value])),
  )
  return outputs.map((_, position) => required(results, `y${position}`))
}

export function required(tensors: Tensors, name: string): Tensor {
  const tensor = tensors[name]
  if (tensor === undefined) throw new Error(`no tensor ${name}`)
  return tensor
}

export const shapeOf = (type: TensorType | undefined): readonly number[] => type?.shape ?? []

/**
 * Compares the built gradient of sum(weights * make(x...)), with fixed random weights, with central
 * differences. Gives for each float input the norm of the difference relative to max(1, norm).
 */
export async function gradientErrors(
  make: (...inputs: GraphTensor[]) => GraphTensor,
  values: readonly Tensor[],
  step = 1e-5,
): Promise<readonly number[]> {
  const builder = new Builder()
  const inputs = values.map(({ dtype, shape }, position) => input(builder, `x${position}`, { dtype, shape }))
  const result = make(...inputs)
  const weights = uniform(elementCount(result.type.shape), 99)
  const objective = reduceSum(multiply(result, constant(builder, [...weights], result.type.shape)))
  builder.output('objective', objective)
  const floats = inputs.filter((tensor) => tensor.type.dtype === 'float32')
  differentiate(objective, floats).forEach((gradient, position) => {
    if (gradient !== undefined) builder.output(`gradient${position}`, gradient)
  })
  const executable = await createReferenceEngine().load(programOf(builder.finish()))
  const feed = (changed: number, data: Float64Array): Tensors =>
    Object.fromEntries(
      values.map((value, position) => [`x${position}`, position === changed ? { ...value, data } : value]),
    )
  const built = await executable.run('entry', feed(-1, new Float64Array()))

  const errors: number[] = []
  let place = 0
  for (const [position, value] of values.entries()) {
    if (value.dtype !== 'float32') continue
    const gradient = built[`gradient${place++}`]?.data ?? new Float64Array(value.data.length)
    let difference = 0
    let norm = 0
    for (let element = 0; element < value.data.length; element++) {
      const at = async (offset: number): Promise<number> => {
        const data = Float64Array.from(value.data)
        data[element] = (data[element] ?? 0) + offset
        return (
          required(await executable.run('entry', feed(position, data)), 'objective').data[0] ?? Number.NaN
        )
      }
      const numeric = ((await at(step)) - (await at(-step))) / (2 * step)
      difference += (numeric - (gradient[element] ?? Number.NaN)) ** 2
      norm += numeric ** 2
    }
    errors.push(Math.sqrt(difference) / Math.max(1, Math.sqrt(norm)))
  }
  return errors
}
