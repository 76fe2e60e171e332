// One meaning on every engine: the same steps from the same start, and checkpoints that go from one to
// another.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileExperiment } from '../../compiler/compile.js'
import { traceProgram } from '../../compiler/graph/index.js'
import { createDiskHost } from '../../runtime/data/host/disk-host.js'
import { loadData } from '../../runtime/data/load.js'
import { createBatchSource } from '../../runtime/data/views/source.js'
import type { Engine, Executable } from '../../runtime/engines/engine.js'
import { engineNames } from '../../runtime/engines/names.js'
import { createReferenceEngine } from '../../runtime/engines/reference/index.js'
import { selectEngine } from '../../runtime/engines/select.js'
import { createControl } from '../../runtime/run/loop/control.js'
import { initialValues } from '../../runtime/run/loop/initialize.js'
import { renewMemory } from '../../runtime/run/loop/memory.js'
import { stepTime } from '../../runtime/run/loop/schedule.js'
import { runStep } from '../../runtime/run/loop/training-step.js'
import { startTraining } from '../../runtime/run/process/start-training.js'
import { atEpoch, finish } from '../run/session/run-harness.js'
import { missingTensorFlow, tensorFlow } from './tensorflow-there.js'

const quickstart = fileURLToPath(new URL('../../examples/quickstart.sau', import.meta.url))
const steps = 20

const names = engineNames.filter((name) => name !== 'reference')
const isMissing = (name: string): boolean => name === 'tensorflow' && tensorFlow === undefined
const titled = (name: string): string => (isMissing(name) ? `${name} (skipped: ${missingTensorFlow})` : name)

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-engines-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The quickstart with settings, on data it draws itself. */
function compiled(set: Readonly<Record<string, string>> = {}, edit = (text: string): string => text) {
  const host = createDiskHost({ cacheFolder: join(folder, 'cache') })
  const text = edit(readFileSync(quickstart, 'utf8'))
  const result = compileExperiment(
    { ...host, readText: (path) => (path === quickstart ? text : host.readText(path)) },
    { file: quickstart, cwd: folder, set },
  )
  const { plan, hash, locations } = result
  if (plan === undefined || hash === undefined || locations === undefined) throw new Error('no plan')
  return { plan, hash, locations: plan.sources.map((_, position) => locations[position] ?? []), text }
}

/**
 * Every loss of the first steps of the quickstart, beginning from its own initial weights, at a small
 * learning rate. At the quickstart's own rounding grows tenfold with a step: a value before a ReLU that lies
 * within rounding of zero passes its gradient on one engine and not on another.
 */
async function lossesOn(engine: Engine): Promise<readonly (readonly number[])[]> {
  const { plan, locations } = compiled({}, (text) => text.replace('lr: 0.05', 'lr: 5e-4'))
  const program = traceProgram(plan, { layout: engine.layout, images: 'uint8' })
  const data = await loadData(plan, locations)
  const executable: Executable = await engine.load(program, { threads: 2 })
  const batches = createBatchSource(plan, data, { workers: 0 })
  const training = {
    plan,
    data,
    program,
    executable,
    batches,
    control: createControl(undefined, { record() {} }),
    emit() {},
    rounded: (values: Float64Array) => values,
    async save() {},
  }
  try {
    await executable.write(initialValues(program))
    for (const memory of plan.memories.keys()) await renewMemory(training, memory, 0)
    const losses: (readonly number[])[] = []
    for await (const { inputs, step } of batches.epoch(0, 0)) {
      const result = await runStep(training, inputs, stepTime(plan.train, step), step)
      losses.push([result.loss, ...result.losses])
      if (losses.length === steps) break
    }
    return losses
  } finally {
    await batches.dispose()
    await executable.dispose()
  }
}

describe('twenty training steps from one start', () => {
  let expected: readonly (readonly number[])[] = []
  beforeAll(async () => {
    expected = await lossesOn(createReferenceEngine())
  })

  for (const name of names) {
    test.skipIf(isMissing(name))(
      `have the losses of the reference engine on ${titled(name)}, within 1e-3`,
      async () => {
        const { engine } = await selectEngine(name, { threads: 2 })
        const losses = await lossesOn(engine)
        expect(losses).toHaveLength(steps)
        losses.forEach((row, step) => {
          row.forEach((loss, position) => {
            const wanted = expected[step]?.[position] ?? Number.NaN
            expect(Math.abs(loss / wanted - 1), `loss ${position} of step ${step}`).toBeLessThan(1e-3)
          })
        })
      },
    )
  }
})

describe('a checkpoint of one engine', () => {
  const there = names.filter((name) => !isMissing(name))
  const pairs = there.map((name, position) => [name, there[(position + 1) % there.length] ?? name] as const)
  test.each(pairs.filter(([first, second]) => first !== second))(
    'of %s resumes on %s',
    async (first, second) => {
      const { plan, hash, locations, text } = compiled({}, (source) =>
        source.replace(/epochs\s*= 8/, 'epochs = 2').replaceAll('per_class: 300', 'per_class: 60'),
      )
      const started = startTraining({
        plan,
        planHash: hash,
        file: quickstart,
        locations,
        texts: [{ path: quickstart, text }],
        runs: join(folder, 'runs'),
        settings: { engine: first, workers: 0, threads: 2 },
      })
      const stopped = await finish(
        started,
        atEpoch(1, (pid) => process.kill(pid, 'SIGTERM')),
      )
      expect(stopped.exitCode).toBe(75)
      const resumed = startTraining({ resume: started.runFolder, settings: { engine: second } })
      const { events, exitCode } = await finish(resumed)
      expect(exitCode).toBe(0)
      const warned = events.flatMap((event) => (event.event === 'warned' ? event.message : []))
      expect(warned.join()).toContain(`goes on with engine ${second} after ${first}`)
    },
  )
})
