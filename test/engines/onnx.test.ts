import { describe, expect, test } from 'vitest'
import type { Engine } from '../../runtime/engines/engine.js'
import { createOnnxEngine } from '../../runtime/engines/onnx/index.js'
import { reorderKernel } from '../../runtime/engines/onnx/lowering/conversions.js'
import { inputGradientPhases } from '../../runtime/engines/onnx/lowering/phases.js'
import { createReferenceEngine } from '../../runtime/engines/reference/index.js'
import { schedule } from '../../runtime/engines/schedule.js'
import { madeInputs, madeState, smallPlan, smallProgram, worst } from './small-step.js'
import { stepPlans } from './step-plans.js'

/** Both spellings: row-major images, and images in whatever blocks this machine has. */
const spellings: readonly (readonly [string, () => Promise<Engine>])[] = [
  ['row-major images', () => createOnnxEngine({ block: 0 })],
  ['images in blocks', () => createOnnxEngine()],
]

describe.each(spellings)('onnx with %s', (_name, createEngine) => {
  test.each(stepPlans)(
    'agrees with the reference engine in double precision: %s',
    async (_plan, makePlan) => {
      const program = smallProgram(makePlan())
      const onnx = await (await createEngine()).load(program)
      const reference = await createReferenceEngine().load(program)
      const state = madeState(program)
      await onnx.write(state)
      await reference.write(state)
      const train = program.entries.train
      if (train === undefined) throw new Error('there is no training entry')

      const inputs = madeInputs(train)
      const [name, difference] = worst(await onnx.run('train', inputs), await reference.run('train', inputs))
      expect(difference, name).toBeLessThan(2e-4)
      const [variable, drift] = worst(await onnx.read(), await reference.read())
      expect(drift, variable).toBeLessThan(2e-4)

      const evaluate = program.entries['evaluate:0']
      if (evaluate === undefined) throw new Error('there is no evaluation entry')
      const images = madeInputs(evaluate, 3)
      const [output, error] = worst(
        await onnx.run('evaluate:0', images),
        await reference.run('evaluate:0', images),
      )
      expect(error, output).toBeLessThan(2e-4)
      await onnx.dispose()
    },
  )

  test('gives back the state it was given, in canonical layout', async () => {
    const program = smallProgram(smallPlan({ width: 16, batch: 4, size: 8 }))
    const executable = await (await createEngine()).load(program)
    const state = madeState(program)
    await executable.write(state)
    expect(await executable.read()).toEqual(state)
  })

  test('the same steps twice give the same bits', async () => {
    const program = smallProgram(smallPlan({ width: 16, batch: 6, size: 8 }))
    const engine = await createEngine()
    const finals = []
    for (let run = 0; run < 2; run++) {
      const executable = await engine.load(program, { threads: 2 })
      await executable.write(madeState(program))
      const train = program.entries.train
      if (train === undefined) throw new Error('there is no training entry')
      for (let step = 0; step < 4; step++) await executable.run('train', madeInputs(train, step))
      finals.push(await executable.read())
      await executable.dispose()
    }
    expect(finals[1]).toEqual(finals[0])
  })
})

test('the schedule keeps every node after its inputs and leaves none out', () => {
  const graph = smallProgram(smallPlan({ width: 4, batch: 4, size: 8 })).entries.train
  if (graph === undefined) throw new Error('there is no training entry')
  const order = schedule(graph)
  const place = new Map(order.map((position, index) => [position, index]))
  expect(order.length).toBe(new Set(order).size)
  for (const position of order) {
    for (const input of graph.nodes[position]?.inputs ?? []) {
      expect(place.get(input.node)).toBeLessThan(place.get(position) ?? -1)
    }
  }
  for (const { value } of [...graph.updates, ...graph.outputs]) expect(place.has(value.node)).toBe(true)
})

test('kernels go into blocks and come back', () => {
  const shape = [32, 16, 3, 3]
  const kernel = Float32Array.from({ length: 32 * 16 * 9 }, (_, index) => index)
  const blocked = reorderKernel(kernel, shape, 16, 'to blocked')
  // [o/b, i/b, tap, i, o]: output channel 17 is the second of the second block; input channel 3; tap 4.
  expect(blocked[((1 * 1 + 0) * 9 + 4) * 256 + 3 * 16 + 1]).toBe((17 * 16 + 3) * 9 + 4)
  expect(reorderKernel(blocked, shape, 16, 'to plain')).toEqual(kernel)
})

describe('phases of an input gradient', () => {
  const options = { layout: 'NCHW', stride: 2, padding: [1, 1, 1, 1] } as const
  test('stride 2 with a 3x3 kernel: one tap on even rows, two on odd ones', () => {
    const phases = inputGradientPhases([1, 16, 8, 8], [16, 16, 3, 3], options)
    expect(phases?.rows).toEqual([
      { taps: [1], before: 0, after: 0 },
      { taps: [2, 0], before: 0, after: 1 },
    ])
  })
  test('a picture of odd size has none', () => {
    expect(inputGradientPhases([1, 16, 9, 9], [16, 16, 3, 3], options)).toBeUndefined()
  })
})
