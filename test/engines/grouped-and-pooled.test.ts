// Grouped convolutions and max pooling by themselves on every engine, against the reference engine in double
// precision.
import { describe, expect, test } from 'vitest'
import { Builder, type Tensor } from '../../compiler/graph/builder.js'
import type { DType, Layout, Program } from '../../compiler/graph/graph.js'
import { add } from '../../compiler/graph/operations/arithmetic.js'
import type { ConvolutionOptions } from '../../compiler/graph/operations/convolution.js'
import {
  conv2d,
  conv2dInputGradient,
  conv2dWeightGradient,
  imageShape,
} from '../../compiler/graph/operations/convolution.js'
import { castTo } from '../../compiler/graph/operations/indexing.js'
import type { PoolingOptions } from '../../compiler/graph/operations/pooling.js'
import { maxPool, maxPoolGradient } from '../../compiler/graph/operations/pooling.js'
import { input } from '../../compiler/graph/operations/sources.js'
import type { Engine } from '../../runtime/engines/engine.js'
import { createOnnxEngine } from '../../runtime/engines/onnx/index.js'
import { createReferenceEngine } from '../../runtime/engines/reference/index.js'
import { createTensorFlowEngine } from '../../runtime/engines/tensorflow/index.js'
import { createTfjsEngine } from '../../runtime/engines/tfjs/index.js'
import { madeInputs, worst } from './small-step.js'
import { missingTensorFlow, tensorFlow } from './tensorflow-there.js'

interface Grouped {
  readonly groups: number
  /** Channels of one group. */
  readonly into: number
  readonly out: number
  readonly kernel: readonly [rows: number, columns: number]
  readonly stride: number
  readonly padding: ConvolutionOptions['padding']
  readonly batch: number
  readonly picture: readonly [height: number, width: number]
}

const threes = { kernel: [3, 3], padding: [1, 1, 1, 1] } as const
const grouped: readonly (readonly [string, Grouped])[] = [
  ['32 groups of 4', { groups: 32, into: 4, out: 4, ...threes, stride: 1, batch: 4, picture: [6, 6] }],
  [
    '32 groups of 4, stride 2',
    { groups: 32, into: 4, out: 4, ...threes, stride: 2, batch: 3, picture: [8, 6] },
  ],
  [
    '32 groups of 8, odd sizes',
    { groups: 32, into: 8, out: 8, ...threes, stride: 2, batch: 2, picture: [7, 5] },
  ],
  ['8 groups of 16', { groups: 8, into: 16, out: 16, ...threes, stride: 1, batch: 5, picture: [4, 4] }],
  [
    '4 groups of 32, stride 2',
    { groups: 4, into: 32, out: 32, ...threes, stride: 2, batch: 3, picture: [4, 4] },
  ],
  [
    '2 groups of 16 to 48',
    { groups: 2, into: 16, out: 48, ...threes, stride: 1, batch: 17, picture: [3, 3] },
  ],
  ['3 groups of 2 to 5', { groups: 3, into: 2, out: 5, ...threes, stride: 1, batch: 2, picture: [5, 4] }],
  [
    'single channels, uneven padding',
    {
      groups: 6,
      into: 1,
      out: 2,
      kernel: [3, 2],
      stride: 2,
      padding: [0, 1, 2, 0],
      batch: 2,
      picture: [6, 5],
    },
  ],
  [
    '1x1, stride 2',
    {
      groups: 4,
      into: 8,
      out: 4,
      kernel: [1, 1],
      stride: 2,
      padding: [0, 0, 0, 0],
      batch: 2,
      picture: [5, 4],
    },
  ],
]

function programOf(
  layout: Layout,
  dtype: 'float32' | 'bfloat16',
  build: (fed: (shape: readonly number[]) => Tensor) => Readonly<Record<string, Tensor>>,
): Program {
  const builder = new Builder()
  let count = 0
  const fed = (shape: readonly number[]): Tensor =>
    castTo(input(builder, `input${count++}`, { dtype: 'float32' satisfies DType, shape }), dtype)
  for (const [name, tensor] of Object.entries(build(fed))) builder.output(name, castTo(tensor, 'float32'))
  return { layout, variables: [], entries: { entry: builder.finish() } }
}

function convolutions(layout: Layout, dtype: 'float32' | 'bfloat16', sizes: Grouped): Program {
  const { groups, into, out, batch, stride, padding } = sizes
  const [height, width] = sizes.picture
  const options = { layout, stride, padding, groups }
  const image = imageShape({ batch, channels: groups * into, height, width }, layout)
  const kernel = [groups * out, into, ...sizes.kernel]
  return programOf(layout, dtype, (fed) => {
    const [x, weight] = [fed(image), fed(kernel)]
    const y = conv2d(x, weight, options)
    // Of the result's own form, as gradients in a step are.
    const gradient = add(y, fed(y.type.shape))
    return {
      y,
      imageGradient: conv2dInputGradient(gradient, weight, image, options),
      weightGradient: conv2dWeightGradient(x, gradient, kernel, options),
    }
  })
}

interface Pooled extends Omit<PoolingOptions, 'layout'> {
  /** Batch, channels, height, width. */
  readonly image: readonly [number, number, number, number]
}

const pooled: readonly (readonly [string, Pooled])[] = [
  ['3x3, stride 2', { window: 3, stride: 2, padding: [1, 1, 1, 1], image: [2, 16, 8, 6] }],
  ['3x3, stride 2, odd sizes', { window: 3, stride: 2, padding: [1, 1, 1, 1], image: [2, 5, 7, 5] }],
  ['2x2, a rest left out', { window: 2, stride: 2, padding: [0, 0, 0, 0], image: [3, 3, 5, 7] }],
  ['3x3, stride 1, uneven padding', { window: 3, stride: 1, padding: [1, 0, 2, 1], image: [2, 4, 4, 5] }],
  ['2x2, stride 3', { window: 2, stride: 3, padding: [0, 0, 0, 0], image: [2, 3, 8, 6] }],
]

function poolings(layout: Layout, dtype: 'float32' | 'bfloat16', { image, ...rest }: Pooled): Program {
  const [batch, channels, height, width] = image
  const options = { layout, ...rest }
  return programOf(layout, dtype, (fed) => {
    const x = fed(imageShape({ batch, channels, height, width }, layout))
    const y = maxPool(x, options)
    return { y, imageGradient: maxPoolGradient(fed(y.type.shape), x, y, options) }
  })
}

const engines: readonly (readonly [string, (() => Promise<Engine>) | undefined])[] = [
  ['onnx with row-major images', () => createOnnxEngine({ block: 0 })],
  ['onnx with images in blocks', () => createOnnxEngine()],
  ['tfjs', () => createTfjsEngine()],
  [
    tensorFlow === undefined ? `tensorflow, skipped: ${missingTensorFlow}` : 'tensorflow',
    tensorFlow && (async () => createTensorFlowEngine({ ...tensorFlow, threads: 2 })),
  ],
]

/** The largest difference from the reference engine, and the name of the output that has it. */
async function difference(engine: Engine, program: Program): Promise<readonly [string, number]> {
  const inputs = madeInputs(program.entries.entry ?? { nodes: [], inputs: [], outputs: [], updates: [] }, 3)
  const executable = await engine.load(program, { threads: 2 })
  const expected = await (await createReferenceEngine().load(program)).run('entry', inputs)
  const found = await executable.run('entry', inputs)
  await executable.dispose()
  return worst(found, expected)
}

describe.each(engines)('%s agrees with the reference engine', (_name, createEngine) => {
  test.skipIf(createEngine === undefined).each(grouped)('on a convolution of %s', async (_case, sizes) => {
    const engine = await createEngine?.()
    if (engine === undefined) return
    const [name, error] = await difference(engine, convolutions(engine.layout, 'float32', sizes))
    expect(error, name).toBeLessThan(1e-5)
  })

  test.skipIf(createEngine === undefined).each(pooled)('on a pooling of %s', async (_case, sizes) => {
    const engine = await createEngine?.()
    if (engine === undefined) return
    const [name, error] = await difference(engine, poolings(engine.layout, 'float32', sizes))
    expect(error, name).toBeLessThan(1e-6)
  })

  test.skipIf(createEngine === undefined)('in bfloat16, but for its rounding', async () => {
    const engine = await createEngine?.()
    if (engine === undefined) return
    for (const [about, sizes] of grouped.slice(0, 2)) {
      const [name, error] = await difference(engine, convolutions(engine.layout, 'bfloat16', sizes))
      expect(error, `${about} ${name}`).toBeLessThan(1e-2)
    }
    for (const [about, sizes] of pooled.slice(0, 2)) {
      const [name, error] = await difference(engine, poolings(engine.layout, 'bfloat16', sizes))
      expect(error, `${about} ${name}`).toBeLessThan(1e-2)
    }
  })
})
