// A network in bfloat16: which values of a program are of which type, and what that does to its gradients.
import { expect, test } from 'vitest'
import { Builder } from '../../compiler/graph/builder.js'
import { entryCost } from '../../compiler/graph/cost.js'
import { differentiate } from '../../compiler/graph/differentiate.js'
import type { DType, Graph, Program, Value } from '../../compiler/graph/graph.js'
import { add, multiply, relu } from '../../compiler/graph/operations/arithmetic.js'
import { broadcast } from '../../compiler/graph/operations/arrangement.js'
import { castTo } from '../../compiler/graph/operations/indexing.js'
import { matmul } from '../../compiler/graph/operations/product.js'
import { reduceSum } from '../../compiler/graph/operations/reductions.js'
import { constant, input } from '../../compiler/graph/operations/sources.js'
import { optimize } from '../../compiler/graph/optimize/index.js'
import { traceProgram } from '../../compiler/graph/trace/program.js'
import type { NetworkPrecision } from '../../compiler/plan/plan.js'
import { createReferenceEngine } from '../../runtime/engines/reference/index.js'
import type { Tensors } from '../../runtime/platform/tensor.js'
import { evaluate, float } from './numeric.js'
import {
  embedding,
  inputsFor,
  logits,
  methodLosses,
  methodObjective,
  methodStep,
  smallPlan,
  stateFor,
} from './small-plan.js'

const methodPlan = (precision: NetworkPrecision, shortcut: 'pad' | 'conv' = 'pad') =>
  smallPlan({
    step: methodStep,
    losses: methodLosses,
    objective: methodObjective,
    shortcut,
    blocks: [1, 2],
    heads: [logits, embedding],
    train: { precision },
  })

const cosineHead = {
  name: 'logits',
  layers: [{ op: 'cosine', size: 3, scale: 10 }],
  output: { kind: 'logits', size: 3, unitLength: false },
} as const

function graphOf(program: Program, entry: string): Graph {
  const graph = program.entries[entry]
  if (graph === undefined) throw new Error(`there is no entry ${entry}`)
  return graph
}

const typeOf = (graph: Graph, value: Value): DType | undefined =>
  graph.nodes[value.node]?.outputs[value.output]?.dtype

/** `conv2d bfloat16`, ... : every operation with the type of its first output. */
function typedOperations(graph: Graph): ReadonlySet<string> {
  return new Set(graph.nodes.map((node) => `${node.op} ${node.outputs[0]?.dtype}`))
}

const inNetwork = [
  'conv2d',
  'conv2d_input_gradient',
  'conv2d_weight_gradient',
  'batch_normalization',
  'batch_normalization_gradient',
  'relu',
  'relu_gradient',
  'shortcut_pad',
  'shortcut_pad_gradient',
]

test('between the layers of the network everything is bfloat16', () => {
  const graph = graphOf(traceProgram(methodPlan('bfloat16'), { layout: 'NHWC' }), 'train')
  const found = typedOperations(graph)
  for (const op of inNetwork) {
    expect(found).toContain(`${op} bfloat16`)
    expect(found).not.toContain(`${op} float32`)
  }
})

test('state, updates, losses and all that is fed or given back stays as it was', () => {
  const single = traceProgram(methodPlan('float32'), { layout: 'NHWC', gradients: true })
  const half = traceProgram(methodPlan('bfloat16'), { layout: 'NHWC', gradients: true })
  expect(half.variables).toEqual(single.variables)
  for (const name of Object.keys(single.entries)) {
    const [before, after] = [graphOf(single, name), graphOf(half, name)]
    expect(after.inputs).toEqual(before.inputs)
    const types = (graph: Graph) => [
      graph.outputs.map((output) => [output.name, typeOf(graph, output.value)]),
      graph.updates.map((update) => [update.variable, typeOf(graph, update.value)]),
    ]
    expect(types(after)).toEqual(types(before))
  }
})

test('statistics, scales and shifts of a normalization and their gradients are float32', () => {
  const graph = graphOf(traceProgram(methodPlan('bfloat16'), { layout: 'NCHW' }), 'train')
  const types = (op: string) =>
    new Set(
      graph.nodes
        .filter((node) => node.op === op)
        .map((node) =>
          [...node.inputs.map((value) => typeOf(graph, value)), ...node.outputs.map((o) => o.dtype)].join(),
        ),
    )
  const [b, f] = ['bfloat16', 'float32']
  expect(types('batch_normalization')).toEqual(new Set([[b, f, f, b, f, f].join()]))
  expect(types('batch_normalization_gradient')).toEqual(new Set([[b, b, f, f, f, b, f, f].join()]))
})

test("a weight's gradients are cast to float32 before those of the passes are summed", () => {
  const program = traceProgram(methodPlan('bfloat16'), { layout: 'NHWC', gradients: true })
  const graph = graphOf(program, 'train')
  const weights = graph.nodes.flatMap((node, position) =>
    node.op === 'conv2d_weight_gradient' ? [position] : [],
  )
  expect(weights.length).toBeGreaterThan(
    program.variables.filter(({ type }) => type.shape.length === 4).length,
  )
  for (const position of weights) {
    const readers = graph.nodes.filter((node) => node.inputs.some((value) => value.node === position))
    expect(readers.map((node) => [node.op, node.outputs[0]?.dtype])).toEqual([['cast', 'float32']])
  }
})

test('evaluation and memories are computed in the precision of the training', () => {
  const program = traceProgram(methodPlan('bfloat16'), { layout: 'NHWC' })
  for (const name of ['evaluate:0', 'memory:0:0']) {
    const found = typedOperations(graphOf(program, name))
    for (const op of ['conv2d', 'batch_normalization_inference', 'relu', 'matmul'])
      expect(found).toContain(`${op} bfloat16`)
    expect(found).toContain('reduce_mean float32')
  }
})

test('lengths are float32 in a cosine layer, its product bfloat16', () => {
  const plan = smallPlan({ heads: [cosineHead, embedding], train: { precision: 'bfloat16' } })
  const graph = graphOf(traceProgram(plan, { layout: 'NHWC' }), 'evaluate:0')
  expect(typedOperations(graph)).toContain('matmul bfloat16')
  expect(typedOperations(graph)).toContain('sqrt float32')
})

test('the options of a trace can ask for another precision than the Plan', () => {
  const options = { layout: 'NHWC', precision: 'float32' } as const
  expect(traceProgram(methodPlan('bfloat16'), options)).toEqual(
    traceProgram(methodPlan('float32'), { layout: 'NHWC' }),
  )
})

test('float32 stays free of casts to bfloat16', () => {
  const program = traceProgram(methodPlan('float32'), { layout: 'NHWC' })
  expect(JSON.stringify(program)).not.toContain('bfloat16')
})

async function trainingStep(program: Program, changes: Tensors = {}): Promise<Tensors> {
  const executable = await createReferenceEngine({ layout: program.layout }).load(program)
  await executable.write({ ...stateFor(program), ...changes })
  return executable.run('train', inputsFor(program, 'train'))
}

/** All numbers of the tensors whose names begin alike, one after the other. */
const numbersOf = (tensors: Tensors, prefix: string): readonly number[] =>
  Object.entries(tensors).flatMap(([name, { data }]) => (name.startsWith(prefix) ? [...data] : []))

const dot = (left: readonly number[], right: readonly number[]): number =>
  left.reduce((sum, value, index) => sum + value * (right[index] ?? Number.NaN), 0)

/** |actual - expected| / |expected|. */
function difference(actual: Tensors, expected: Tensors, prefix: string): number {
  const [left, right] = [numbersOf(actual, prefix), numbersOf(expected, prefix)]
  const distance = left.map((value, index) => value - (right[index] ?? Number.NaN))
  return Math.sqrt(dot(distance, distance) / dot(right, right))
}

const gradientOptions = { layout: 'NHWC', gradients: true } as const

test.each(['pad', 'conv'] as const)(
  'gradients are those of float32 but for rounding: %s',
  async (shortcut) => {
    const traced = (precision: NetworkPrecision) =>
      traceProgram(smallPlan({ shortcut, blocks: [1, 2], train: { precision } }), gradientOptions)
    // Far from the kinks of all ReLUs, where a rounded value would change its side and with it a whole
    // gradient.
    const shifts = traced('float32').variables.filter(({ name }) => /(bn\d|downsample\.1)\.bias$/.test(name))
    const changes = Object.fromEntries(
      shifts.map(({ name, type }) => [
        name,
        float(
          type.shape,
          type.shape.flatMap((n) => new Array(n).fill(5)),
        ),
      ]),
    )
    const single = await trainingStep(traced('float32'), changes)
    const half = await trainingStep(traced('bfloat16'), changes)
    expect(difference(half, single, 'loss')).toBeLessThan(0.01)
    const gradients = difference(half, single, 'gradient:')
    expect(gradients).toBeLessThan(0.03)
    // Rounding must be there.
    expect(gradients).toBeGreaterThan(1e-4)
  },
)

test('the gradient of the whole method leads where that of float32 leads, and as far', async () => {
  const single = await trainingStep(traceProgram(methodPlan('float32'), gradientOptions))
  const half = await trainingStep(traceProgram(methodPlan('bfloat16'), gradientOptions))
  expect(difference(half, single, 'loss')).toBeLessThan(0.01)
  const [expected, actual] = [numbersOf(single, 'gradient:'), numbersOf(half, 'gradient:')]
  expect(dot(actual, expected) / Math.sqrt(dot(actual, actual) * dot(expected, expected))).toBeGreaterThan(
    0.98,
  )
  expect(dot(actual, expected) / dot(expected, expected)).toBeCloseTo(1, 1)
})

test('optimizing changes no number of a bfloat16 step by more than rounding', async () => {
  const options = { layout: 'NCHW', gradients: true } as const
  const plain = await trainingStep(traceProgram(methodPlan('bfloat16'), { ...options, optimize: false }))
  const optimized = await trainingStep(traceProgram(methodPlan('bfloat16'), options))
  expect(difference(optimized, plain, 'gradient:')).toBeLessThan(1e-3)
})

test('values of bfloat16 take half the memory', () => {
  const peak = (precision: NetworkPrecision) =>
    entryCost(graphOf(traceProgram(methodPlan(precision), { layout: 'NHWC' }), 'train')).peakBytes
  expect(peak('bfloat16')).toBeLessThan(0.75 * peak('float32'))
})

test('a cast rounds on the way and its gradient is cast back', async () => {
  const builder = new Builder()
  const x = input(builder, 'x', { dtype: 'float32', shape: [2] })
  const half = castTo(x, 'bfloat16')
  const objective = reduceSum(multiply(castTo(add(half, half), 'float32'), constant(builder, [1, 1.001])))
  const [gradient] = differentiate(objective, [x])
  if (gradient === undefined) throw new Error('x has no gradient')
  expect(gradient.type.dtype).toBe('float32')
  builder.output('y', castTo(half, 'float32'))
  builder.output('gradient', gradient)
  const program = { layout: 'NCHW', variables: [], entries: { entry: builder.finish() } } as const
  const executable = await createReferenceEngine().load(program)
  const { y, gradient: slope } = await executable.run('entry', { x: float([2], [1.001, -0.3]) })
  expect([...(y?.data ?? [])]).toEqual([1, -0.30078125])
  // 1.001 is 1 in bfloat16.
  expect([...(slope?.data ?? [])]).toEqual([2, 2])
})

test('products, sums and activations of bfloat16 operands are rounded once', async () => {
  const [product] = await evaluate(
    (x, y) => castTo(matmul(castTo(x, 'bfloat16'), castTo(y, 'bfloat16')), 'float32'),
    float([1, 3], [1, 1, 1]),
    float([3, 1], [1, 2 ** -9, 2 ** -9]),
  )
  // 1 + 2^-8 lies halfway between 1 and the next number, and goes to the even one.
  expect(product?.data[0]).toBe(1)
  const [more] = await evaluate(
    (x, y) => castTo(matmul(castTo(x, 'bfloat16'), castTo(y, 'bfloat16')), 'float32'),
    float([1, 4], [1, 1, 1, 1]),
    float([4, 1], [1, 2 ** -9, 2 ** -9, 2 ** -9]),
  )
  // Rounded after every term this would be 1 as well.
  expect(more?.data[0]).toBe(1 + 2 ** -7)
})

test('reductions and operands of two types are refused', () => {
  const builder = new Builder()
  const x = input(builder, 'x', { dtype: 'float32', shape: [2, 2] })
  const half = castTo(x, 'bfloat16')
  expect(() => reduceSum(half)).toThrow(/must be float32/)
  expect(() => matmul(x, half)).toThrow(/all float32 or all bfloat16/)
  expect(() => add(x, half)).toThrow(/operands are float32\[2, 2\] and bfloat16\[2, 2\]/)
})

test('casts are done before a broadcast, and not at all on the way to float32 and back', () => {
  const builder = new Builder()
  const x = input(builder, 'x', { dtype: 'float32', shape: [1, 2] })
  const y = relu(castTo(broadcast(x, [64, 2]), 'bfloat16'))
  builder.output('y', relu(castTo(castTo(y, 'float32'), 'bfloat16')))
  const { nodes } = optimize(builder.finish())
  expect(
    nodes.map((node) => `${node.op} ${node.outputs[0]?.dtype}[${node.outputs[0]?.shape.join()}]`),
  ).toEqual([
    'input float32[1,2]',
    'cast bfloat16[1,2]',
    'broadcast bfloat16[64,2]',
    'relu bfloat16[64,2]',
    'relu bfloat16[64,2]',
  ])
})

test('a constant is folded to the number that the cast would give', () => {
  const builder = new Builder()
  builder.output('y', castTo(constant(builder, 0.3), 'bfloat16'))
  const { nodes } = optimize(builder.finish())
  expect(nodes).toMatchObject([{ op: 'constant', attributes: { values: [0.30078125] } }])
})
