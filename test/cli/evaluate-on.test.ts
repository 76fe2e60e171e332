// `saurun evaluate --on FILE:dataset`, on a tiny run and files that declare data.

import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Plan } from '../../compiler/plan/plan.js'
import { shapeNames } from '../../compiler/plan/shapes.js'
import { compiledEntry } from '../../runtime/platform/compiled-entry.js'
import { confusionReader } from '../../runtime/run/folder/confusions.js'
import type { JournalEvent } from '../../runtime/run/journal/events.js'
import { writeDataset } from '../apps/inference/trained-tiny.js'
import { temporaryFolder } from '../data/files.js'
import { finish, type RunHarness, runHarness } from '../run/session/run-harness.js'
import { tinyPlan } from '../run/session/tiny-experiment.js'

const folder = temporaryFolder()
let harness: RunHarness
let runFolder = ''
let events: readonly JournalEvent[]
beforeAll(async () => {
  harness = runHarness()
  const tiny = tinyPlan({ epochs: 1 })
  const classes = shapeNames.slice(0, 3)
  const plan: Plan = { ...tiny, datasets: tiny.datasets.map((dataset) => ({ ...dataset, classes })) }
  const training = harness.start(plan)
  events = (await finish(training)).events
  runFolder = training.runFolder
  writeFileSync(
    join(folder, 'data.sau'),
    `sau 1

param number : int = 5

dataset test      = shapes(classes: 3, per_class: 3, size: 8, seed: number)
dataset source    = shapes(classes: 3, per_class: 5, size: 8, seed: 3)
dataset large     = shapes(classes: 3, per_class: 3, size: 16, seed: 5)
dataset reduced   = large |> resize(8)
dataset more      = shapes(classes: 4, per_class: 3, size: 8, seed: 5)
dataset synthetic = shapes(classes: 3, per_class: 3, size: 8, seed: 5, origin: synthetic)
`,
  )
})
afterAll(() => harness.dispose())

function evaluateRun(run: string, ...words: readonly string[]) {
  const { FORCE_COLOR: _, ...inherited } = process.env
  const env = {
    ...inherited,
    SAURUN_CACHE: join(folder, 'cache'),
    SAURUN_HOME: join(folder, 'home'),
    SAURUN_RUNS_DIR: harness.runs,
  }
  return new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    const main = compiledEntry('runtime/cli/main.js')
    const all = [main, 'evaluate', run, '--engine', 'reference', ...words]
    execFile(process.execPath, all, { cwd: folder, env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : error.code, out, err })
    })
  })
}

/** On the run of the file. */
function evaluate(...words: readonly string[]) {
  return evaluateRun(runFolder, ...words)
}

describe('evaluate --on', () => {
  test('the same data in another file gives what the journal says', async () => {
    const { code, out, err } = await evaluate('--on', 'data.sau:test', '--json')
    expect([code, err]).toEqual([0, ''])
    const answer = JSON.parse(out)
    expect(answer.on).toBe('data.sau:test')
    const last = events.findLast(({ event }) => event === 'evaluated')
    if (last?.event !== 'evaluated') throw new Error('not evaluated')
    const { event: _, time: __, seconds: ___, ...measured } = last
    const confusion = confusionReader(runFolder)(last)
    expect(answer.evaluations).toEqual([JSON.parse(JSON.stringify({ ...measured, confusion }))])
  })

  test('labels of a folder of images, whose classes are in the order of their names, are put into that of the network', async () => {
    const classes = ['square', 'triangle', 'disc']
    const tiny = tinyPlan({ epochs: 1 })
    const training = harness.start({
      ...tiny,
      datasets: tiny.datasets.map((dataset) => ({ ...dataset, classes })),
    })
    const ran = (await finish(training)).events
    const { files } = await writeDataset(tinyPlan(), 4, join(folder, 'all'))
    for (const [i, { path, label }] of files.entries()) {
      const of = join(folder, 'photos', classes[label] ?? '')
      mkdirSync(of, { recursive: true })
      copyFileSync(path, join(of, `${i}.png`))
    }
    writeFileSync(join(folder, 'photos.sau'), `sau 1\n\ndataset photos = image_folder("photos")\n`)
    const { code, out, err } = await evaluateRun(training.runFolder, '--on', 'photos.sau:photos', '--json')
    expect([code, err]).toEqual([0, ''])
    const [result] = JSON.parse(out).evaluations
    const last = ran.findLast(({ event }) => event === 'evaluated')
    if (last?.event !== 'evaluated') throw new Error('not evaluated')
    const confusion = confusionReader(training.runFolder)(last)
    expect(result).toMatchObject({ dataset: 'photos', top1: last.top1, confusion })
    expect(result.loss).toBeCloseTo(last.loss, 10)
  })

  test('takes params of that file, and data that was resized', async () => {
    const other = await evaluate('--on', 'data.sau:test', 'number=6')
    expect([other.code, other.err]).toEqual([0, ''])
    expect(other.out).toMatch(/^ {2}test {8}top-1 [\d.]+ % {3}\(after epoch 1, 9 images\)$/m)
    expect(await evaluate('--on', 'data.sau:reduced')).toMatchObject({ code: 0, err: '' })
  })

  test.each([
    ['source', 4, 'SAU7859', 'trained on 9 of the images of `source`'],
    ['large', 4, 'SAU7857', '`large |> resize(8)`'],
    ['more', 4, 'SAU7856', 'the network does not know'],
    ['synthetic', 4, 'SAU7858', '9 synthetic images'],
    ['tset', 2, 'SAU7855', 'did you mean `test`?'],
  ])('refuses `%s` with %i and %s', async (name, expected, error, sentence) => {
    const { code, out, err } = await evaluate('--on', `data.sau:${name}`)
    expect([code, out]).toEqual([expected, ''])
    expect(err).toContain(`error[${error}]`)
    expect(err).toContain(sentence)
  })

  test('refuses files with errors, no file, and settings without a file', async () => {
    writeFileSync(join(folder, 'wrong.sau'), 'sau 1\n\ndataset test = shapse(classes: 3)\n')
    expect(await evaluate('--on', 'wrong.sau:test')).toMatchObject({ code: 3, out: '' })
    expect(await evaluate('--on', 'data.sau')).toMatchObject({ code: 2 })
    expect(await evaluate('number=6')).toMatchObject({ code: 2 })
  })
})
