import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Tensor } from '../../../compiler/graph/builder.js'
import { Builder } from '../../../compiler/graph/builder.js'
import type { Graph, Program } from '../../../compiler/graph/graph.js'
import { traceProgram } from '../../../compiler/graph/index.js'
import { matmul } from '../../../compiler/graph/operations/product.js'
import { input, state } from '../../../compiler/graph/operations/sources.js'
import { createReferenceEngine } from '../../../runtime/engines/reference/index.js'
import { reorderKernel } from '../../../runtime/engines/tensorflow/kernel-order.js'
import { spellPadding } from '../../../runtime/engines/tensorflow/lowering/convolution.js'
import { mergeProducts } from '../../../runtime/engines/tensorflow/lowering/merge-products.js'
import { lowerProgram, savedModelBytes } from '../../../runtime/engines/tensorflow/lowering/program.js'
import { momentumUpdates } from '../../../runtime/engines/tensorflow/lowering/updates.js'
import { madeInputs, madeState, smallPlan, smallProgram, worst } from '../small-step.js'

const trainOf = ({ entries: { train } }: Program): Graph => {
  if (train === undefined) throw new Error('there is no training entry')
  return train
}

test('a spelling of a padding reads the same pixels as the numbers say', () => {
  const sides = fc.record({
    size: fc.integer({ min: 3, max: 17 }),
    kernel: fc.constantFrom(1, 2, 3, 5),
    stride: fc.integer({ min: 1, max: 3 }),
    before: fc.integer({ min: 0, max: 2 }),
    after: fc.integer({ min: 0, max: 2 }),
  })
  fc.assert(
    fc.property(sides, ({ size, kernel, stride, before, after }) => {
      fc.pre(size + before + after >= kernel)
      const { padding, around } = spellPadding([1, size, size, 1], [1, 1, kernel, kernel], {
        layout: 'NHWC',
        stride,
        padding: [before, after, before, after],
      })
      const steps = Math.floor((size + before + after - kernel) / stride) + 1
      // Where a step of the convolution begins in the image, by TensorFlow's own definition of both paddings.
      const surrounded = size + around[0] + around[1]
      const theirs =
        padding === 'SAME' ? Math.ceil(surrounded / stride) : Math.floor((surrounded - kernel) / stride) + 1
      const total = padding === 'SAME' ? Math.max((theirs - 1) * stride + kernel - surrounded, 0) : 0
      expect(theirs).toBe(steps)
      expect(around[0] + Math.floor(total / 2)).toBe(before)
    }),
  )
})

test('the convolutions of a network of even sides are SAME, or have zeros on two sides alone', () => {
  const { nodes } = lowerProgram(smallProgram(smallPlan({ width: 4, batch: 4, size: 8 }), 'NHWC'))
  const paddings = nodes.filter(({ op }) => op === 'Conv2D').map(({ attributes }) => attributes.padding)
  expect(new Set(paddings.map((padding) => JSON.stringify(padding)))).toEqual(
    new Set(['{"s":"SAME"}', '{"s":"VALID"}']),
  )
})

test('merged products compute the same step', async () => {
  const program = smallProgram(smallPlan({ width: 4, batch: 6, size: 8, hidden: 256 }), 'NHWC')
  const train = trainOf(program)
  const merged = mergeProducts(train)
  const count = (graph: Graph): number => graph.nodes.filter(({ op }) => op === 'matmul').length
  expect(count(merged)).toBeLessThan(count(train) * 0.6)
  const inputs = madeInputs(train)
  const results = []
  for (const graph of [train, merged]) {
    const executable = await createReferenceEngine().load({ ...program, entries: { train: graph } })
    await executable.write(madeState(program))
    results.push([await executable.run('train', inputs), await executable.read()] as const)
  }
  const [[outputs, state] = [{}, {}], [mergedOutputs, mergedState] = [{}, {}]] = results
  expect(worst(mergedOutputs, outputs)[1]).toBeLessThan(1e-9)
  expect(worst(mergedState, state)[1]).toBeLessThan(1e-9)
})

test('rows stay apart where products are a small part of a step', () => {
  const train = trainOf(smallProgram(smallPlan({ width: 16, batch: 6, size: 16, hidden: 16 }), 'NHWC'))
  const layers = (graph: Graph): number =>
    graph.nodes.filter(({ op, attributes }) => op === 'matmul' && attributes.transposeLeft === false).length
  expect(layers(mergeProducts(train))).toBe(layers(train))
})

test('products that wait for each other stay apart', () => {
  const builder = new Builder()
  const type = { dtype: 'float32', shape: [2, 2] } as const
  const [x, w] = [input(builder, 'x', type), state(builder, 'w', type)]
  const product = (left: Tensor): Tensor => matmul(left, w, { transposeRight: true })
  builder.output('y', product(product(x)))
  const graph = builder.finish()
  expect(mergeProducts(graph).nodes.filter(({ op }) => op === 'matmul')).toHaveLength(2)
})

test('every weight that the objective reaches is updated in place, with its momentum and decay', () => {
  const program = smallProgram(smallPlan({ width: 4, batch: 4, size: 8 }), 'NHWC')
  const updates = momentumUpdates(trainOf(program))
  const momenta = program.variables.filter(({ name }) => name.endsWith('.momentum'))
  expect(updates).toHaveLength(momenta.length)
  expect(updates.every(({ momentum, decay }) => momentum === 0.9 && decay === 0.005)).toBe(true)
})

test('other optimizers are assigned as their formulas say', () => {
  const plan = smallPlan({ width: 4, batch: 4, size: 8 })
  const { optimizer } = plan.train
  if (optimizer.op !== 'sgd') throw new Error('the small plan has another optimizer')
  const nesterov = { ...plan, train: { ...plan.train, optimizer: { ...optimizer, nesterov: true } } }
  expect(momentumUpdates(trainOf(smallProgram(nesterov, 'NHWC')))).toEqual([])
  const plain = { ...plan, train: { ...plan.train, optimizer: { ...optimizer, momentum: 0 } } }
  expect(momentumUpdates(trainOf(smallProgram(plain, 'NHWC')))).toEqual([])
})

test.each(['NHWC', 'NCHW'] as const)('the order of axes is the same throughout: %s', (layout) => {
  const { nodes } = lowerProgram(
    traceProgram(smallPlan({ width: 4, batch: 4, size: 8 }), { layout, images: 'uint8' }),
  )
  const formats = nodes.flatMap(({ attributes: { data_format: format } }) =>
    format !== undefined && 's' in format ? [format.s] : [],
  )
  expect(formats.length).toBeGreaterThan(50)
  expect(new Set(formats)).toEqual(new Set([layout]))
})

test('no addition can be folded into one of many inputs', () => {
  const { nodes } = lowerProgram(smallProgram(smallPlan({ width: 4, batch: 4, size: 8 }), 'NHWC'))
  const additions = nodes.filter(({ op }) => op === 'AddV2')
  expect(additions.length).toBeGreaterThan(10)
  for (const { attributes } of additions) {
    expect(attributes._grappler_ArithmeticOptimizer_AddOpsRewriteStage).toEqual({ b: true })
  }
  expect(nodes.some(({ op }) => op === 'AddN')).toBe(false)
})

test('names are unique, and inputs name nodes that are there', () => {
  const { nodes } = lowerProgram(smallProgram(smallPlan({ width: 4, batch: 4, size: 8 }), 'NHWC'))
  const names = new Set(nodes.map(({ name }) => name))
  expect(names.size).toBe(nodes.length)
  for (const { input } of nodes) {
    for (const name of input) expect(names).toContain(name.replace(/^\^/, '').replace(/:\d+$/, ''))
  }
})

test('a program becomes the same bytes every time', () => {
  const bytes = () =>
    savedModelBytes(lowerProgram(smallProgram(smallPlan({ width: 4, batch: 4, size: 8 }), 'NHWC')))
  expect(Buffer.compare(bytes(), bytes())).toBe(0)
})

test('kernels come back from their order in the session', () => {
  const shape = [2, 3, 1, 2]
  const kernel = Float32Array.from({ length: 12 }, (_, index) => index)
  const stored = reorderKernel(kernel, shape, 'to kernel')
  // [row, column, in, out]: row 0, column 1, in 2, out 1 is canonical [1, 2, 0, 1].
  expect(stored[((0 * 2 + 1) * 3 + 2) * 2 + 1]).toBe(((1 * 3 + 2) * 1 + 0) * 2 + 1)
  expect(reorderKernel(stored, shape, 'to plain')).toEqual(kernel)
})
