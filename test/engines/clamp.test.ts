// An operation on elements by itself on every engine: at its limits, beyond them, and on what is no number.
import { describe, expect, test } from 'vitest'
import { Builder } from '../../compiler/graph/builder.js'
import { differentiate } from '../../compiler/graph/differentiate.js'
import type { Layout, Program } from '../../compiler/graph/graph.js'
import { clamp, multiply } from '../../compiler/graph/operations/arithmetic.js'
import { reduceSum } from '../../compiler/graph/operations/reductions.js'
import { input } from '../../compiler/graph/operations/sources.js'
import type { Engine } from '../../runtime/engines/engine.js'
import { createOnnxEngine } from '../../runtime/engines/onnx/index.js'
import { createReferenceEngine } from '../../runtime/engines/reference/index.js'
import { createTensorFlowEngine } from '../../runtime/engines/tensorflow/index.js'
import { createTfjsEngine } from '../../runtime/engines/tfjs/index.js'
import { tensorFlow } from './tensorflow-there.js'

const x = [-3, -1, -0.5, 0, 0.75, 2, 2.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]

/** clamp(x, -1, 2), and the gradient of the sum of twice that. */
function clamped(layout: Layout): Program {
  const builder = new Builder()
  const fed = input(builder, 'x', { dtype: 'float32', shape: [x.length] })
  const y = clamp(fed, -1, 2)
  builder.output('y', y)
  const [gradient] = differentiate(reduceSum(multiply(y, 2)), [fed])
  if (gradient === undefined) throw new Error('there is no gradient')
  builder.output('gradient', gradient)
  return { layout, variables: [], entries: { entry: builder.finish() } }
}

const engines: readonly (readonly [name: string, create: () => Promise<Engine>])[] = [
  ['the reference', async () => createReferenceEngine()],
  ['onnx', () => createOnnxEngine()],
  ['tfjs on WebAssembly', () => createTfjsEngine({ backend: 'wasm' })],
  ['tfjs on JavaScript', () => createTfjsEngine({ backend: 'cpu' })],
  ...(tensorFlow === undefined
    ? []
    : [['tensorflow', () => createTensorFlowEngine({ ...tensorFlow, threads: 1 })] as const]),
]

describe.each(engines)('clamp on %s', (_name, create) => {
  test('keeps to its limits, and passes the gradient within them, limits included', async () => {
    const engine = await create()
    const executable = await engine.load(clamped(engine.layout))
    const fed = { dtype: 'float32', shape: [x.length], data: Float32Array.from(x) } as const
    const { y, gradient } = await executable.run('entry', { x: fed })
    await executable.dispose()
    expect([...(y?.data ?? [])]).toEqual([-1, -1, -0.5, 0, 0.75, 2, 2, Number.NaN, 2, -1])
    expect([...(gradient?.data ?? [])]).toEqual([0, 2, 2, 2, 2, 2, 0, 0, 0, 0])
  })
})

test('clamp between limits that nothing lies between is a bug of its caller', () => {
  const fed = input(new Builder(), 'x', { dtype: 'float32', shape: [1] })
  expect(() => clamp(fed, 1, 0)).toThrow('nothing lies between 1 and 0')
})
