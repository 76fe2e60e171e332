// What only many steps or other programs can show of the tensorflow engine.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Program } from '../../compiler/graph/graph.js'
import { traceProgram } from '../../compiler/graph/index.js'
import type { Executable } from '../../runtime/engines/engine.js'
import { createTensorFlowEngine } from '../../runtime/engines/tensorflow/index.js'
import {
  graphDefBytes,
  lowerProgram,
  savedModelBytes,
} from '../../runtime/engines/tensorflow/lowering/program.js'
import type { Tensors } from '../../runtime/platform/tensor.js'
import { madeInputs, madeState, relativeDifference, smallPlan, smallProgram } from './small-step.js'
import { missingTensorFlow, tensorFlow } from './tensorflow-there.js'

const skipped = tensorFlow === undefined ? `, skipped: ${missingTensorFlow}` : ''

const load = async (program: Program): Promise<Executable> =>
  (await createTensorFlowEngine({ ...tensorFlow, threads: 2 })).load(program)

function inputsOf(program: Program, entry: string, seed: number): Tensors {
  const graph = program.entries[entry]
  if (graph === undefined) throw new Error(`there is no entry ${entry}`)
  return madeInputs(graph, seed)
}

function digest(tensors: readonly Tensors[]): string {
  const hash = createHash('sha256')
  for (const set of tensors) {
    for (const { data } of Object.values(set)) {
      hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    }
  }
  return hash.digest('hex')
}

describe.skipIf(tensorFlow === undefined)(`tensorflow over many steps${skipped}`, () => {
  test.each(['float32', 'bfloat16'] as const)(
    'ten runs of 200 steps end with the same bits in %s',
    async (precision) => {
      const plan = smallPlan({ width: 16, batch: 16, size: 16 })
      const program = traceProgram(plan, { layout: 'NHWC', images: 'uint8', precision })
      const batches = Array.from({ length: 5 }, (_, seed) => inputsOf(program, 'train', seed))
      const ends = new Set<string>()
      for (let run = 0; run < 10; run++) {
        const executable = await load(program)
        await executable.write(madeState(program))
        const outputs: Tensors[] = []
        for (let step = 0; step < 200; step++) {
          outputs.push(await executable.run('train', batches[step % batches.length] ?? {}))
        }
        ends.add(digest([...outputs, await executable.read()]))
        await executable.dispose()
      }
      expect(ends.size).toBe(1)
    },
  )

  test('memory does not grow over 2,000 steps', async () => {
    const program = smallProgram(smallPlan({ width: 8, batch: 16, size: 16 }), 'NHWC')
    const executable = await load(program)
    await executable.write(madeState(program))
    const inputs = inputsOf(program, 'train', 1)
    const after = async (steps: number): Promise<number> => {
      for (let step = 0; step < steps; step++) await executable.run('train', inputs)
      return process.memoryUsage.rss() / 2 ** 20
    }
    // Allocators keep what they took at first; a leak of one batch a step would be 280 MB over the rest.
    const early = await after(500)
    const late = await after(1500)
    console.log(`resident memory after 500 steps ${early.toFixed(0)} MiB, after 2,000 ${late.toFixed(0)} MiB`)
    expect(late - early).toBeLessThan(24)
    await executable.dispose()
  })
})

const python = process.env.SAURUN_TEST_PYTHON

describe.skipIf(python === undefined || tensorFlow === undefined)(
  'a written model in Python’s TensorFlow (skipped where SAURUN_TEST_PYTHON names no interpreter that has it)',
  () => {
    test('gives the outputs that the engine gives, with the same weights', async () => {
      const program = smallProgram(smallPlan({ width: 8, batch: 8, size: 16 }), 'NHWC')
      const executable = await load(program)
      const state = madeState(program)
      await executable.write(state)
      const inputs = inputsOf(program, 'evaluate:0', 1)
      const { output } = await executable.run('evaluate:0', inputs)
      // In the session's own order of kernel axes, as the signature `write` takes them.
      const { variables } = lowerProgram(program)
      const folder = mkdtempSync(join(tmpdir(), 'saurun-model-'))
      try {
        writeFileSync(join(folder, 'saved_model.pb'), savedModelBytes(lowerProgram(program)))
        writeFileSync(join(folder, 'graph.pb'), graphDefBytes(lowerProgram(program)))
        const values = Object.fromEntries(
          Object.entries(state).map(([name, { shape, data }]) => [
            name,
            { shape, data: [...data], kernel: variables.get(name)?.isKernel === true },
          ]),
        )
        const images = inputs.images?.data ?? new Uint8Array()
        writeFileSync(join(folder, 'inputs.json'), JSON.stringify({ values, images: [...images] }))
        const script = fileURLToPath(new URL('read-saved-model.py', import.meta.url))
        const ended = spawnSync(python ?? '', [script, folder], { encoding: 'utf8', maxBuffer: 2 ** 26 })
        expect(ended.status, ended.stderr).toBe(0)
        const read: { readonly output: readonly number[]; readonly nodes: number } = JSON.parse(ended.stdout)
        expect(read.nodes).toBe(lowerProgram(program).nodes.length)
        const shape = output?.shape ?? []
        const theirs = { dtype: 'float32', shape, data: Float32Array.from(read.output) } as const
        expect(relativeDifference(theirs, output)).toBeLessThan(1e-5)
      } finally {
        rmSync(folder, { recursive: true })
        await executable.dispose()
      }
    })
  },
)
