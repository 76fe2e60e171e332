// Real profiles: a few steps of a small experiment, in the process that is made for it.
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { profileSteps } from '../../../runtime/apps/profile/process.js'
import type { Profile } from '../../../runtime/apps/profile/profile.js'
import { RunError } from '../../../runtime/platform/errors.js'
import { missingTensorFlow, tensorFlow } from '../../engines/tensorflow-there.js'
import { type SmallExperiment, smallExperiment } from './small-experiment.js'

let experiment: SmallExperiment
beforeAll(() => {
  experiment = smallExperiment()
})
afterAll(() => experiment.dispose())

async function profile(engine: 'onnx' | 'tensorflow' | 'reference', output?: string): Promise<Profile> {
  const { plan, locations, texts } = experiment
  const settings = { engine, threads: 2, workers: 0 }
  const made = await profileSteps({
    plan,
    locations,
    texts,
    settings,
    steps: 3,
    ...(output === undefined ? {} : { output }),
  })
  if (made === undefined) throw new Error('nobody ended it')
  return made
}

function expectWhole(made: Profile): void {
  expect(made).toMatchObject({ profile: 1, title: 'Small', entry: 'train', threads: 2, warmUp: 4, steps: 3 })
  expect(made.step.mapped).toBeGreaterThan(0.9)
  expect(made.step.coverage).toBeGreaterThan(0.5)
  expect(made.step.coverage).toBeLessThanOrEqual(1.01)
  const lines = new Map(made.lines.map((line) => [line.line, line]))
  for (const part of ['net(a.plain).logits', 'net(a.plain).embedding']) {
    const line = lines.get(experiment.line(part))
    expect(line?.text).toContain(part)
    expect(line?.forward).toBeGreaterThan(0)
    expect(line?.gradient).toBeGreaterThan(0)
    expect(line?.update).toBe(0)
  }
  expect(lines.get(experiment.line('train {'))).toMatchObject({ forward: 0, gradient: 0 })
  const convolutions = made.operations.filter(({ operation }) => operation === 'conv2d')
  // Two passes of seven convolutions each; an engine may run several as one.
  expect(convolutions.length).toBeGreaterThanOrEqual(7)
  expect(convolutions.every(({ part, calls }) => part === 'forward' && calls >= 3)).toBe(true)
}

describe('onnx', () => {
  test('maps at least nine tenths of the time to lines, and leaves three files', async () => {
    const output = join(experiment.folder, 'profile')
    const made = await profile('onnx', output)
    expectWhole(made)
    expect(readdirSync(output).sort()).toEqual(['profile.json', 'profile.trace.json', 'profile.txt'])
    expect(JSON.parse(readFileSync(join(output, 'profile.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(made)),
    )
    expect(readFileSync(join(output, 'profile.txt'), 'utf8')).toContain('small.sau:')
  })

  test('an aborted profile is none, and leaves nothing in the temporary folder', async () => {
    const { plan, locations, texts } = experiment
    const abort = new AbortController()
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('saurun-profile-'))
    const order = { plan, locations, texts, settings: { engine: 'onnx', workers: 0 } as const, steps: 10_000 }
    const ended = profileSteps(order, abort.signal)
    setTimeout(() => abort.abort(), 300)
    expect(await ended).toBeUndefined()
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith('saurun-profile-'))
    expect(after.filter((name) => !before.includes(name))).toEqual([])
  })
})

describe(`tensorflow${tensorFlow === undefined ? ` (skipped: ${missingTensorFlow})` : ''}`, () => {
  test.skipIf(tensorFlow === undefined)('maps at least nine tenths of the time to lines', async () => {
    expectWhole(await profile('tensorflow'))
  })
})

test('an engine that does not tell its times is an error with a way out', async () => {
  const error = await profile('reference').catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(RunError)
  expect(error).toMatchObject({
    code: 'SAU7801',
    exitCode: 2,
    help: expect.stringContaining('--engine onnx'),
  })
})
