import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runSummary } from '../../../runtime/observe/text/summary.js'
import { startTraining } from '../../../runtime/run/process/start-training.js'
import { emptyRunView, reduceRunView } from '../../../runtime/run/view/run-view.js'
import { finalState, finish } from '../../run/session/run-harness.js'
import { type SmallExperiment, smallExperiment } from './small-experiment.js'

let experiment: SmallExperiment
beforeAll(() => {
  experiment = smallExperiment()
})
afterAll(() => experiment.dispose())

function start(engine: 'onnx' | 'reference', profile: boolean) {
  const { plan, planHash, file, locations, texts, folder } = experiment
  const settings = { engine, threads: 2, workers: 0 }
  return startTraining({
    plan,
    planHash,
    file,
    locations,
    texts,
    runs: join(folder, 'runs'),
    settings,
    profile,
  })
}

test('a run with a profile trains to the same bits as one without, and tells of it', async () => {
  const plain = start('onnx', false)
  await finish(plain)
  const profiled = start('onnx', true)
  const { events, exitCode } = await finish(profiled)
  expect(exitCode).toBe(0)
  expect(finalState(profiled.runFolder)).toEqual(finalState(plain.runFolder))

  const kinds = events.map((event) => (event.event === 'phase_started' ? event.phase : event.event))
  expect(kinds.slice(0, 4)).toEqual(['run_started', 'profile', 'profiled', 'data'])
  const told = events.find((event) => event.event === 'profiled')
  expect(told).toMatchObject({ engine: 'onnx', steps: 20, path: join(profiled.runFolder, 'profile.txt') })
  const profile = JSON.parse(readFileSync(join(profiled.runFolder, 'profile.json'), 'utf8'))
  expect(told).toMatchObject({ milliseconds: profile.step.milliseconds, mapped: profile.step.mapped })
  expect(existsSync(join(plain.runFolder, 'profile.json'))).toBe(false)

  const summary = runSummary(events.reduce(reduceRunView, emptyRunView), {
    folder: undefined,
    resume: undefined,
  })
  const shown = summary.findIndex((line) => line.startsWith('  profile '))
  expect(summary[shown]).toMatch(/20 steps, [\d.]+ ms each: .* mapped to lines \(profile\.txt\)$/)
  expect(summary[shown + 2]).toMatch(/small\.sau:\d+ +[\d.]+ +[\d.]+ % {2}\S/)
})

test('a run whose engine tells no times is warned, and trains', async () => {
  const training = start('reference', true)
  const { events } = await finish(training, (event) => {
    if (event.event === 'phase_started' && event.phase === 'train')
      training.tell({ command: 'stop_now' }, 'the test')
  })
  expect(events).toContainEqual(expect.objectContaining({ event: 'phase_started', phase: 'train' }))
  const warned = events.find((event) => event.event === 'warned')
  expect(warned).toMatchObject({ code: 'SAU7801', message: expect.stringMatching(/^no profile: /) })
})
