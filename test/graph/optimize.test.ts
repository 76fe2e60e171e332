import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Builder, type Tensor } from '../../compiler/graph/builder.js'
import type { Graph } from '../../compiler/graph/graph.js'
import * as arithmetic from '../../compiler/graph/operations/arithmetic.js'
import * as arrangement from '../../compiler/graph/operations/arrangement.js'
import { argmax, castTo } from '../../compiler/graph/operations/indexing.js'
import { less, select } from '../../compiler/graph/operations/logic.js'
import { matmul } from '../../compiler/graph/operations/product.js'
import * as reductions from '../../compiler/graph/operations/reductions.js'
import { constant, input, state, stopGradient } from '../../compiler/graph/operations/sources.js'
import { optimize } from '../../compiler/graph/optimize/index.js'
import { float, required, runGraph, uniform } from './numeric.js'

/** One random step: what it does, and which earlier values it takes. */
interface Choice {
  readonly kind: number
  readonly first: number
  readonly second: number
  readonly number: number
}

const pick = (values: readonly Tensor[], position: number): Tensor => {
  const value = values[position % values.length]
  if (value === undefined) throw new Error('nothing to pick from')
  return value
}

/** Every step keeps the shape [3, 4] or [], so that any two values broadcast. */
const steps: readonly ((x: Tensor, y: Tensor, number: number) => Tensor)[] = [
  (x, y) => arithmetic.add(x, y),
  (x, y) => arithmetic.subtract(x, y),
  (x, y) => arithmetic.multiply(x, y),
  (x, _y, number) => arithmetic.multiply(x, number),
  (x, _y, number) => arithmetic.multiply(number, x),
  (x, _y, number) => arithmetic.add(x, number),
  (x) => arithmetic.add(0, x),
  (x) => arithmetic.divide(x, 1),
  (x) => arithmetic.negate(x),
  (x, y) => arithmetic.add(x, arithmetic.negate(y)),
  (x, y) => arithmetic.subtract(x, arithmetic.negate(y)),
  (x) => arithmetic.relu(x),
  (x, y) => arithmetic.reluGradient(x, y),
  (x, y) => arithmetic.maximum(x, y),
  (x, y) => select(less(x, y), x, 0.5),
  (x) => reductions.reduceMean(x),
  (x) => (x.type.shape.length === 2 ? reductions.logSumExp(x, [0, 1]) : x),
  (x) => arrangement.broadcast(x, [3, 4]),
  (x) => (x.type.shape.length === 2 ? arrangement.transpose(arrangement.transpose(x, [1, 0]), [1, 0]) : x),
  (x) => (x.type.shape.length === 2 ? arrangement.reshape(arrangement.reshape(x, [2, 6]), [3, 4]) : x),
  (x) => stopGradient(x),
  (x, y) =>
    x.type.shape.length + y.type.shape.length === 4 ? matmul(matmul(x, y, { transposeRight: true }), y) : x,
  (x) => (x.type.shape.length === 2 ? arithmetic.multiply(x, arithmetic.toFloat(argmax(x, 0))) : x),
  (x, _y, number) =>
    arithmetic.multiply(x, constant(x.builder, [number, 1, 2, 3])).type.shape.length === 2
      ? arrangement.broadcast(arithmetic.multiply(x, constant(x.builder, [number, 1, 2, 3])), [3, 4])
      : x,
]

function randomGraph(choices: readonly Choice[]): Graph {
  const builder = new Builder()
  const values: Tensor[] = [
    input(builder, 'x', { dtype: 'float32', shape: [3, 4] }),
    input(builder, 'y', { dtype: 'float32', shape: [] }),
    constant(
      builder,
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((value) => value / 6),
      [3, 4],
    ),
    constant(builder, 1, [3, 4]),
    constant(builder, 0),
  ]
  for (const { kind, first, second, number } of choices) {
    const step = steps[kind % steps.length]
    if (step !== undefined) {
      const value = step(pick(values, first), pick(values, second), number)
      if (value.type.shape.length === 2 || value.type.shape.length === 0) values.push(value)
    }
  }
  values.slice(-3).forEach((value, position) => {
    builder.output(`z${position}`, value)
  })
  return builder.finish()
}

describe('the optimization passes', () => {
  it('keep the results of random graphs, and never add nodes', async () => {
    const choice = fc.record({
      kind: fc.nat(),
      first: fc.nat(40),
      second: fc.nat(40),
      number: fc.constantFrom(0, 1, -1, 0.5, 2),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(choice, { minLength: 1, maxLength: 25 }), async (choices) => {
        const graph = randomGraph(choices)
        const optimized = optimize(graph)
        expect(optimized.nodes.length).toBeLessThanOrEqual(graph.nodes.length)
        const inputs = { x: float([3, 4], uniform(12, 3)), y: float([], [0.7]) }
        const fed = (other: Graph) =>
          Object.fromEntries(
            Object.entries(inputs).filter(([name]) => other.inputs.some((entry) => entry.name === name)),
          )
        const before = await runGraph(graph, fed(graph))
        const after = await runGraph(optimized, fed(optimized))
        for (const [name, tensor] of Object.entries(before)) {
          const values = required(after, name)
          expect(values.shape).toEqual(tensor.shape)
          tensor.data.forEach((value, position) => {
            const other = values.data[position] ?? Number.NaN
            // Rounding may differ: (x * a) * b is computed as x * (a * b).
            if (Number.isFinite(value))
              expect(Math.abs(other - value)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)))
          })
        }
      }),
      { numRuns: 300, seed: 11 },
    )
  })

  const operationsOf = (make: (x: Tensor) => Tensor): readonly string[] => {
    const builder = new Builder()
    builder.output('z', make(input(builder, 'x', { dtype: 'float32', shape: [3, 4] })))
    return optimize(builder.finish()).nodes.map((node) => node.op)
  }

  it('fold constants', () => {
    expect(
      operationsOf((x) =>
        arithmetic.add(
          x,
          arithmetic.exp(arithmetic.multiply(constant(x.builder, 2), constant(x.builder, [1, 2, 3, 4]))),
        ),
      ),
    ).toEqual(['input', 'constant', 'add'])
  })

  it('merge common subexpressions', () => {
    expect(operationsOf((x) => arithmetic.multiply(arithmetic.exp(x), arithmetic.exp(x)))).toEqual([
      'input',
      'exp',
      'multiply',
    ])
  })

  it('tell infinities apart', () => {
    const { NEGATIVE_INFINITY: least, POSITIVE_INFINITY: most } = Number
    const clamped = (x: Tensor): Tensor =>
      arithmetic.add(arithmetic.clamp(x, least, 0), arithmetic.clamp(x, 0, most))
    expect(operationsOf(clamped)).toEqual(['input', 'clamp', 'clamp', 'add'])
    const both = (x: Tensor): Tensor => arithmetic.maximum(arithmetic.minimum(x, most), least)
    expect(operationsOf(both)).toEqual(['input', 'constant', 'minimum', 'constant', 'maximum'])
  })

  it('leave out arithmetic that does nothing', () => {
    expect(
      operationsOf((x) => arithmetic.negate(arithmetic.negate(arithmetic.multiply(arithmetic.add(x, 0), 1)))),
    ).toEqual(['input'])
    expect(operationsOf((x) => arrangement.transpose(arrangement.transpose(x, [1, 0]), [1, 0]))).toEqual([
      'input',
    ])
    expect(operationsOf((x) => arrangement.reshape(arrangement.reshape(x, [12]), [3, 4]))).toEqual(['input'])
  })

  it('let elementwise operations stretch their operands themselves', () => {
    expect(
      operationsOf((x) =>
        arithmetic.multiply(x, arrangement.broadcast(reductions.reduceSum(x, [1], true), [3, 4])),
      ),
    ).toEqual(['input', 'reduce_sum', 'multiply'])
  })

  it('keep a multiplication by zero, which would hide a NaN', () => {
    expect(operationsOf((x) => arithmetic.multiply(x, 0))).toEqual(['input', 'constant', 'multiply'])
  })

  it('drop inputs that nothing reads, and keep updates', () => {
    const builder = new Builder()
    input(builder, 'unused', { dtype: 'float32', shape: [2] })
    const weight = state(builder, 'w', { dtype: 'float32', shape: [2] })
    castTo(weight, 'int32')
    builder.update('w', arithmetic.multiply(weight, 0.5))
    const graph = optimize(builder.finish())
    expect(graph.inputs).toEqual([])
    expect(graph.nodes.map((node) => node.op)).toEqual(['state', 'constant', 'multiply'])
    expect(graph.updates).toEqual([{ variable: 'w', value: { node: 2, output: 0 } }])
  })
})
