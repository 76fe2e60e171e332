import { describe, expect, test } from 'vitest'
import type { Program } from '../../compiler/graph/graph.js'
import { traceProgram } from '../../compiler/graph/index.js'
import { createReferenceEngine } from '../../runtime/engines/reference/index.js'
import { createTensorFlowEngine } from '../../runtime/engines/tensorflow/index.js'
import { madeInputs, madeState, smallPlan, smallProgram, worst } from './small-step.js'
import { stepPlans } from './step-plans.js'
import { missingTensorFlow, tensorFlow } from './tensorflow-there.js'

const skipped = tensorFlow === undefined ? `, skipped: ${missingTensorFlow}` : ''

describe.skipIf(tensorFlow === undefined)(`tensorflow${skipped}`, () => {
  const load = async (program: Program) =>
    (await createTensorFlowEngine({ ...tensorFlow, threads: 2 })).load(program)

  test.each(stepPlans)(
    'agrees with the reference engine in double precision: %s',
    async (_plan, makePlan) => {
      const program = smallProgram(makePlan(), 'NHWC')
      const executable = await load(program)
      const reference = await createReferenceEngine().load(program)
      const state = madeState(program)
      await executable.write(state)
      await reference.write(state)
      for (const [entry, graph] of Object.entries(program.entries)) {
        const inputs = madeInputs(graph, 3)
        const [name, difference] = worst(
          await executable.run(entry, inputs),
          await reference.run(entry, inputs),
        )
        expect(difference, `${entry} ${name}`).toBeLessThan(2e-4)
      }
      const [variable, drift] = worst(await executable.read(), await reference.read())
      expect(drift, variable).toBeLessThan(2e-4)
      await executable.dispose()
    },
  )

  test('agrees with the reference engine within the rounding of bfloat16', async () => {
    const plan = smallPlan({ width: 16, batch: 6, size: 16 })
    const program = traceProgram(plan, { layout: 'NHWC', images: 'uint8', precision: 'bfloat16' })
    const executable = await load(program)
    const reference = await createReferenceEngine().load(program)
    const state = madeState(program)
    await executable.write(state)
    await reference.write(state)
    const train = entryOf(program, 'train')
    const [ours, theirs] = [await executable.run('train', train), await reference.run('train', train)]
    for (const name of ['loss', 'loss:unaware.mixup', 'loss:unaware.cutmix', 'loss:aware.contrast']) {
      const [value = 0, expected = 1] = [ours[name]?.data[0], theirs[name]?.data[0]]
      expect(Math.abs(value / expected - 1), name).toBeLessThan(1e-2)
    }
    await executable.dispose()
  })

  test('gives back the state it was given, in canonical layout', async () => {
    const program = smallProgram(smallPlan({ width: 16, batch: 4, size: 8 }), 'NHWC')
    const executable = await load(program)
    const state = madeState(program)
    await executable.write(state)
    expect(await executable.read()).toEqual(state)
    const [some] = Object.keys(state)
    expect(Object.keys(await executable.read([some ?? '']))).toEqual([some])
    await executable.dispose()
  })

  test('starts with the constants that variables begin with', async () => {
    const program = smallProgram(smallPlan({ width: 16, batch: 4, size: 8 }), 'NHWC')
    const executable = await load(program)
    const { 'net.bn1.running_var': variance, 'net.bn1.running_mean': mean } = await executable.read([
      'net.bn1.running_var',
      'net.bn1.running_mean',
    ])
    expect(variance?.data).toEqual(new Float32Array(16).fill(1))
    expect(mean?.data).toEqual(new Float32Array(16))
    await executable.dispose()
  })

  test('two programs in one process do not share their state', async () => {
    const program = smallProgram(smallPlan({ width: 16, batch: 4, size: 8 }), 'NHWC')
    const [first, second] = [await load(program), await load(program)]
    await first.write(madeState(program))
    const before = await second.read()
    await first.run('train', entryOf(program, 'train'))
    expect(await second.read()).toEqual(before)
    await first.dispose()
    await second.dispose()
  })

  test('the same steps twice give the same bits', async () => {
    const program = smallProgram(smallPlan({ width: 16, batch: 6, size: 8 }), 'NHWC')
    const finals = []
    for (let run = 0; run < 2; run++) {
      const executable = await load(program)
      await executable.write(madeState(program))
      for (let step = 0; step < 4; step++) await executable.run('train', entryOf(program, 'train', step))
      finals.push(await executable.read())
      await executable.dispose()
    }
    expect(finals[1]).toEqual(finals[0])
  })

  test('a channels-first program, as GPUs get it, passes TensorFlow’s own checks of types and shapes', async () => {
    const program = smallProgram(smallPlan({ width: 16, batch: 4, size: 8 }), 'NCHW')
    const executable = await load(program)
    const state = madeState(program)
    await executable.write(state)
    expect(await executable.read()).toEqual(state)
    await executable.dispose()
  })

  test('refuses inputs of another shape, missing ones and unknown ones', async () => {
    const program = smallProgram(smallPlan({ width: 4, batch: 4, size: 8 }), 'NHWC')
    const executable = await load(program)
    const inputs = entryOf(program, 'train')
    const { step: _step, ...rest } = { ...inputs, step: undefined }
    const rate = { dtype: 'float32', shape: [2], data: new Float32Array(2) } as const
    await expect(executable.run('train', { ...rest, learning_rate: rate })).rejects.toThrow(
      'learning_rate is float32[], not float32[2]',
    )
    await expect(executable.run('train', {})).rejects.toThrow('train needs the input')
    await expect(executable.run('train', { ...rest, unknown: rate })).rejects.toThrow(
      'train has no input unknown',
    )
    await executable.dispose()
  })
})

function entryOf(program: Program, name: string, seed?: number) {
  const graph = program.entries[name]
  if (graph === undefined) throw new Error(`there is no entry ${name}`)
  return madeInputs(graph, seed)
}
