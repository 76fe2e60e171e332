// One meaning of bfloat16 on every engine: the same numbers but for rounding.
import { describe, expect, test } from 'vitest'
import { nearestBfloat16 } from '../../compiler/graph/bfloat16.js'
import { Builder } from '../../compiler/graph/builder.js'
import { traceProgram } from '../../compiler/graph/index.js'
import { castTo } from '../../compiler/graph/operations/indexing.js'
import { input } from '../../compiler/graph/operations/sources.js'
import type { Engine } from '../../runtime/engines/engine.js'
import { createOnnxEngine } from '../../runtime/engines/onnx/index.js'
import { createReferenceEngine } from '../../runtime/engines/reference/index.js'
import { createTensorFlowEngine } from '../../runtime/engines/tensorflow/index.js'
import { libraryPlaces } from '../../runtime/engines/tensorflow/library/find.js'
import { createTfjsEngine } from '../../runtime/engines/tfjs/index.js'
import { madeInputs, madeState, relativeDifference, smallPlan } from './small-step.js'

const hasTensorFlow = libraryPlaces().length > 0

/** With how far outputs may lie from the reference engine's: one that fuses operations rounds less often. */
const engines: readonly (readonly [string, () => Promise<Engine>, outputs: number, there: boolean])[] = [
  ['onnx with row-major images', () => createOnnxEngine({ block: 0 }), 1e-3, true],
  ['onnx with images in blocks', () => createOnnxEngine(), 0.02, true],
  ['tfjs on WebAssembly', () => createTfjsEngine({ backend: 'wasm' }), 1e-3, true],
  ['tfjs on plain JavaScript', () => createTfjsEngine({ backend: 'cpu' }), 1e-3, true],
  ['tensorflow (skipped where it is not installed)', () => createTensorFlowEngine(), 0.02, hasTensorFlow],
]

describe.each(engines)('%s', (_name, createEngine, outputs, isThere) => {
  test.skipIf(!isThere)(
    'a cast to bfloat16 and back rounds halves to even and keeps what is no number',
    async () => {
      const values = [
        1.001,
        -0.3,
        1 + 2 ** -8,
        1 + 3 * 2 ** -8,
        -0,
        3.4e38,
        Number.NaN,
        Number.NEGATIVE_INFINITY,
        1e-40,
      ]
      const builder = new Builder()
      const x = input(builder, 'x', { dtype: 'float32', shape: [values.length] })
      builder.output('y', castTo(castTo(x, 'bfloat16'), 'float32'))
      const engine = await createEngine()
      const program = { layout: engine.layout, variables: [], entries: { entry: builder.finish() } }
      const executable = await engine.load(program)
      const fed = { dtype: 'float32', shape: [values.length], data: Float32Array.from(values) } as const
      const { y } = await executable.run('entry', { x: fed })
      expect([...(y?.data ?? [])]).toEqual([...fed.data].map(nearestBfloat16))
      await executable.dispose()
    },
  )

  test.skipIf(!isThere).each([
    ['a narrow network', { width: 4, batch: 6, size: 8 }],
    ['whole blocks of 16', { width: 16, batch: 6, size: 8 }],
  ] as const)('agrees with the reference engine within rounding: %s', async (_plan, sizes) => {
    const run = async (on: Engine) => {
      const options = { layout: on.layout, images: 'uint8', precision: 'bfloat16' } as const
      const program = traceProgram(smallPlan(sizes), options)
      const executable = await on.load(program)
      await executable.write(madeState(program))
      const { train, 'evaluate:0': evaluation } = program.entries
      if (train === undefined || evaluation === undefined) throw new Error('an entry is missing')
      // Before the step: small differences of gradients grow fast.
      const outputs = await executable.run('evaluate:0', madeInputs(evaluation, 3))
      const losses = await executable.run('train', madeInputs(train))
      await executable.dispose()
      return { ...losses, ...outputs }
    }
    const here = await run(await createEngine())
    const there = await run(createReferenceEngine())
    expect(relativeDifference(here.loss, there.loss)).toBeLessThan(5e-3)
    expect(relativeDifference(here.output, there.output)).toBeLessThan(outputs)
  })
})
