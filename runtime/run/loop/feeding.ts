// Handing tensors to an entry of the program.
import type { Graph, Program } from '../../../compiler/graph/graph.js'
import type { Tensor, Tensors } from '../../platform/tensor.js'

/** Graph of an entry. */
export function entryOf(program: Program, name: string): Graph {
  const graph = program.entries[name]
  if (graph === undefined) throw new TypeError(`the program has no entry '${name}'`)
  return graph
}

/** Those of `available` that the entry asks for: what no loss reads is no input of its graph. */
export function feed(program: Program, entry: string, available: Tensors): Tensors {
  const inputs: Record<string, Tensor> = {}
  for (const { name } of entryOf(program, entry).inputs) {
    const tensor = available[name]
    if (tensor === undefined)
      throw new TypeError(`entry '${entry}' asks for '${name}', which nothing provides`)
    inputs[name] = tensor
  }
  return inputs
}

/** The one number of a scalar output. */
export function scalarOutput(outputs: Tensors, name: string): number {
  const value = outputs[name]?.data[0]
  if (value === undefined) throw new TypeError(`the step gives no output '${name}'`)
  return value
}

/**
 * `images` of fewer records as the full batch that an entry with static shapes takes: the rest is zero, and
 * the caller leaves its outputs out.
 */
export function padImages(images: Uint8Array, shape: readonly number[]): Tensor {
  const size = shape.reduce((product, extent) => product * extent, 1)
  if (images.length > size) throw new RangeError(`${images.length} bytes of images for a batch of ${size}`)
  if (images.length === size) return { dtype: 'uint8', shape, data: images }
  const data = new Uint8Array(size)
  data.set(images)
  return { dtype: 'uint8', shape, data }
}
