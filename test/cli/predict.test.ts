// `saurun predict` as a user types it, on a tiny run.
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compiledEntry } from '../../runtime/platform/compiled-entry.js'
import { temporaryFolder } from '../data/files.js'
import { finish, type RunHarness, runHarness } from '../run/session/run-harness.js'
import { tinyPlan } from '../run/session/tiny-experiment.js'

const folder = temporaryFolder()
let harness: RunHarness
let run = ''
beforeAll(async () => {
  harness = runHarness()
  const training = harness.start(tinyPlan({ epochs: 1 }))
  await finish(training)
  run = basename(training.runFolder)
  mkdirSync(join(folder, 'photos', 'more'), { recursive: true })
  const image = (size: number, red: number) =>
    sharp({ create: { width: size, height: size, channels: 3, background: { r: red, g: 90, b: 20 } } })
  await image(8, 200)
    .png()
    .toFile(join(folder, 'photos', 'b.png'))
  await image(8, 10)
    .jpeg()
    .toFile(join(folder, 'photos', 'more', 'a.jpg'))
  await image(40, 100).png().toFile(join(folder, 'large.png'))
  writeFileSync(join(folder, 'broken.png'), 'no image')
})
afterAll(() => harness.dispose())

function saurun(...words: readonly string[]) {
  const { FORCE_COLOR: _, ...inherited } = process.env
  const env = {
    ...inherited,
    SAURUN_CACHE: join(folder, 'cache'),
    SAURUN_HOME: join(folder, 'home'),
    SAURUN_RUNS_DIR: harness.runs,
  }
  return new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    const main = compiledEntry('runtime/cli/main.js')
    execFile(process.execPath, [main, ...words], { cwd: folder, env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : error.code, out, err })
    })
  })
}

describe('predict', () => {
  test('prints a line for each image of a folder, in order', async () => {
    const { code, out, err } = await saurun('predict', 'last', 'photos', '--engine', 'reference')
    expect([code, err]).toEqual([0, ''])
    const lines = out.trimEnd().split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/^photos\/b\.png {6} [012] +\d+\.\d % {2}[012] +\d+\.\d % {2}[012] +\d+\.\d %$/)
    expect(lines[1]).toMatch(/^photos\/more\/a\.jpg {2}[012] /)
  })

  test('goes on after what it cannot read, names it, and ends with 4; as JSON too', async () => {
    const words = ['broken.png', 'large.png', 'absent.png', '--top', '1', '--engine', 'reference', '--json']
    const { code, out, err } = await saurun('predict', run, ...words)
    expect(code).toBe(4)
    expect(JSON.parse(out)).toEqual({
      run,
      checkpoint: 'step-000003',
      epoch: 0,
      engine: 'reference',
      images: [{ file: 'large.png', top: [{ class: expect.any(String), probability: expect.any(Number) }] }],
      failed: [
        { file: 'absent.png', code: 'SAU7854', message: '`absent.png` is not there' },
        { file: 'broken.png', code: 'SAU7854', message: '`broken.png` is a text, and no image' },
      ],
    })
    expect(err).toContain('note: large.png resized to 8 x 8 pixels')
    expect(err.match(/error\[SAU7854\]/g)).toHaveLength(2)
  })

  test('prints CSV with a row for each class', async () => {
    const { code, out } = await saurun(
      ...['predict', run, 'photos/b.png', '--csv', '--top', '2', '--engine', 'reference'],
    )
    expect(code).toBe(0)
    expect(out).toMatch(
      /^file,rank,class,probability\nphotos\/b\.png,1,[012],0\.\d+\nphotos\/b\.png,2,[012],0\.\d+\n$/,
    )
  })

  test('refuses what is no run, no best checkpoint, or two forms at once, with 2', async () => {
    expect(await saurun('predict', 'nothing', 'large.png')).toMatchObject({ code: 2 })
    expect(await saurun('predict', run)).toMatchObject({ code: 2 })
    const best = await saurun('predict', run, 'large.png', '--checkpoint', 'best')
    expect([best.code, best.err]).toEqual([2, expect.stringContaining('SAU7852')])
    expect(await saurun('predict', run, 'large.png', '--csv', '--json')).toMatchObject({ code: 2 })
  })

  test('predicts the same on the engine of choice', async () => {
    const probabilities = async (engine: string): Promise<readonly number[]> => {
      const { out } = await saurun('predict', run, 'photos', '--csv', '--engine', engine)
      return out
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => Number(line.split(',')[3]))
    }
    const [reference, onnx] = [await probabilities('reference'), await probabilities('onnx')]
    expect(onnx).toHaveLength(6)
    for (const [i, value] of onnx.entries()) expect(value).toBeCloseTo(reference[i] ?? Number.NaN, 5)
  })
})
