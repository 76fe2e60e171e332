import { describe, expect, test } from 'vitest'
import { Builder } from '../../compiler/graph/builder.js'
import type { Program } from '../../compiler/graph/graph.js'
import { exp } from '../../compiler/graph/operations/arithmetic.js'
import { broadcast } from '../../compiler/graph/operations/arrangement.js'
import { reduceSum } from '../../compiler/graph/operations/reductions.js'
import { input } from '../../compiler/graph/operations/sources.js'
import type { Executable } from '../../runtime/engines/engine.js'
import { createReferenceEngine } from '../../runtime/engines/reference/index.js'
import { createTfjsEngine } from '../../runtime/engines/tfjs/index.js'
import type { BackendName } from '../../runtime/engines/tfjs/library.js'
import { loadTfjs } from '../../runtime/engines/tfjs/library.js'
import { exitCodes } from '../../runtime/platform/errors.js'
import type { Tensors } from '../../runtime/platform/tensor.js'
import { madeInputs, madeState, smallPlan, smallProgram, worst } from './small-step.js'
import { stepPlans } from './step-plans.js'

const backends: readonly (readonly [string, BackendName])[] = [
  ['WebAssembly', 'wasm'],
  ['plain JavaScript', 'cpu'],
]

/** One training step from made state. */
async function step(executable: Executable, program: Program, seed?: number): Promise<Tensors> {
  const { train } = program.entries
  if (train === undefined) throw new Error('there is no training entry')
  return executable.run('train', madeInputs(train, seed))
}

describe.each(backends)('tfjs on %s', (device, backend) => {
  const load = async (program: Program): Promise<Executable> =>
    (await createTfjsEngine({ backend })).load(program)

  test('says what it computes on', async () => {
    const { description, layout } = await createTfjsEngine({ backend })
    expect(description).toMatch(new RegExp(`^tfjs \\d+\\.\\d+\\.\\d+ on ${device}`))
    expect(layout).toBe('NHWC')
  })

  test.each(stepPlans)(
    'agrees with the reference engine in double precision: %s',
    async (_plan, makePlan) => {
      const program = smallProgram(makePlan(), 'NHWC')
      const tfjs = await load(program)
      const reference = await createReferenceEngine({ layout: 'NHWC' }).load(program)
      const state = madeState(program)
      await tfjs.write(state)
      await reference.write(state)
      const [name, difference] = worst(await step(tfjs, program), await step(reference, program))
      expect(difference, name).toBeLessThan(2e-4)
      const [variable, drift] = worst(await tfjs.read(), await reference.read())
      expect(drift, variable).toBeLessThan(2e-4)

      const evaluate = program.entries['evaluate:0']
      if (evaluate === undefined) throw new Error('there is no evaluation entry')
      const images = madeInputs(evaluate, 3)
      const [output, error] = worst(
        await tfjs.run('evaluate:0', images),
        await reference.run('evaluate:0', images),
      )
      expect(error, output).toBeLessThan(2e-4)
      await tfjs.dispose()
    },
  )

  test('gives back the state it was given, in canonical layout', async () => {
    const program = smallProgram(smallPlan({ width: 16, batch: 4, size: 8 }), 'NHWC')
    const executable = await load(program)
    const state = madeState(program)
    await executable.write(state)
    expect(await executable.read()).toEqual(state)
    await executable.dispose()
  })

  test('the same steps twice give the same bits', async () => {
    const program = smallProgram(smallPlan({ width: 4, batch: 6, size: 8 }), 'NHWC')
    const finals = []
    for (let run = 0; run < 2; run++) {
      const executable = await load(program)
      await executable.write(madeState(program))
      for (let seed = 0; seed < 4; seed++) await step(executable, program, seed)
      finals.push(await executable.read())
      await executable.dispose()
    }
    expect(finals[1]).toEqual(finals[0])
  })

  test('leaves no tensor behind', async () => {
    const { core } = await loadTfjs(backend)
    const before = core.memory()
    const program = smallProgram(smallPlan({ width: 4, batch: 6, size: 8 }), 'NHWC')
    const executable = await load(program)
    await executable.write(madeState(program))
    const counts = []
    for (let seed = 0; seed < 3; seed++) {
      await step(executable, program, seed)
      counts.push(core.memory().numTensors)
    }
    expect(new Set(counts).size).toBe(1)
    await executable.dispose()
    expect(core.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes })
  })

  test('a weight that is no number shows in the loss, and not as a ReLU of nothing', async () => {
    const program = smallProgram(smallPlan({ width: 4, batch: 6, size: 8 }), 'NHWC')
    const executable = await load(program)
    const state = madeState(program)
    const [stem] = Object.keys(state)
    if (stem === undefined) throw new Error('there is no weight')
    state[stem]?.data.fill(Number.NaN)
    await executable.write(state)
    const { loss } = await step(executable, program)
    expect(loss?.data[0]).toSatisfy((value: number) => !Number.isFinite(value))
    await executable.dispose()
  })
})

test('more memory than WebAssembly has is an error of its own, and the next run goes on', async () => {
  const engine = await createTfjsEngine({ backend: 'wasm' })
  const { core } = await loadTfjs('wasm')
  const before = core.memory().numTensors
  const sumOf = async (rows: number): Promise<Tensors> => {
    const builder = new Builder()
    const x = input(builder, 'x', { dtype: 'float32', shape: [1024] })
    builder.output('sum', reduceSum(exp(broadcast(x, [rows, 1024]))))
    const executable = await engine.load({
      layout: 'NHWC',
      variables: [],
      entries: { sum: builder.finish() },
    })
    const fed = { dtype: 'float32', shape: [1024], data: new Float32Array(1024) } as const
    try {
      return await executable.run('sum', { x: fed })
    } finally {
      await executable.dispose()
    }
  }
  await expect(sumOf(2 ** 20 + 2 ** 17)).rejects.toMatchObject({
    code: 'SAU7301',
    exitCode: exitCodes.outOfMemory,
    message: expect.stringContaining('4 GB'),
  })
  expect(core.memory().numTensors).toBe(before)
  expect((await sumOf(16)).sum?.data[0]).toBe(16 * 1024)
})

test('starting WebAssembly leaves no listener for errors on the process', async () => {
  await loadTfjs('wasm')
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    expect(
      process.rawListeners(event).filter((listener) => /ExitStatus|throw reason/.test(String(listener))),
    ).toEqual([])
  }
})
