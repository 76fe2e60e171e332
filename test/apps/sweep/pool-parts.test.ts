// What a pool decides by: how much fits, which failures are tried again, what the sweep was told, whose
// folder it is.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compileInstances, instancesOf, readSweep } from '../../../compiler/sweep/index.js'
import { capacityFor, type Machine, processBytes, visibleGpus } from '../../../runtime/apps/sweep/capacity.js'
import { openSweepCommands, tellSweep } from '../../../runtime/apps/sweep/commands.js'
import { createEstimator } from '../../../runtime/apps/sweep/estimates.js'
import { openSweepJournal, poolFolder, readSweepEvents } from '../../../runtime/apps/sweep/events.js'
import { type EndedRun, isBroken, isWorthAnotherTry } from '../../../runtime/apps/sweep/failures.js'
import { readInstances } from '../../../runtime/apps/sweep/folder.js'
import { openFrozenSweep } from '../../../runtime/apps/sweep/frozen-sweep.js'
import { prepareSweep, type SubmittedSweep } from '../../../runtime/apps/sweep/prepare-sweep.js'
import { createDiskHost } from '../../../runtime/data/host/disk-host.js'
import { RunError } from '../../../runtime/platform/errors.js'
import { temporaryFolder } from '../../data/files.js'

const machine: Machine = { cores: 8, memory: 64e9, freeMemory: 32e9, gpus: [] }
const request = { parallel: undefined, memory: undefined, runBytes: 1e9, threads: undefined, usesGpu: false }

describe('capacity', () => {
  test('is half of the cores, each run with its share of threads', () => {
    expect(capacityFor(request, machine)).toEqual({ parallel: 4, threads: 2, gpus: [] })
  })

  test('is what was asked for, where memory holds it', () => {
    expect(capacityFor({ ...request, parallel: 6 }, machine)).toMatchObject({ parallel: 6, threads: 1 })
    expect(capacityFor({ ...request, parallel: 64 }, machine).parallel).toBe(
      Math.floor((0.8 * 32e9) / (1e9 + processBytes)),
    )
    expect(capacityFor({ ...request, parallel: 6, memory: 3e9 }, machine).parallel).toBe(2)
  })

  test('is never less than one run', () => {
    expect(capacityFor({ ...request, runBytes: 1e12 }, machine).parallel).toBe(1)
  })

  test('is one run a GPU where runs use them', () => {
    const gpus = ['0', '3']
    expect(capacityFor({ ...request, usesGpu: true, parallel: 5 }, { ...machine, gpus })).toMatchObject({
      parallel: 2,
      gpus,
    })
    expect(capacityFor({ ...request, parallel: 5 }, { ...machine, gpus })).toMatchObject({ gpus: [] })
  })

  test.each([
    ['0,2', ['0', '2']],
    ['', []],
    ['1,-1,2', ['1']],
  ])('CUDA_VISIBLE_DEVICES=%j shows %j', (visible, gpus) => {
    expect(visibleGpus({ CUDA_VISIBLE_DEVICES: visible }, '/nowhere')).toEqual(gpus)
  })
})

/** So many seeds of each setting. */
const ended =
  (seeds: number) =>
  (instance: number, exitCode: number, code?: string): EndedRun => ({
    instance,
    setting: Math.floor(instance / seeds),
    exitCode,
    code,
  })

describe('failures', () => {
  test('that may be otherwise another time are tried again', () => {
    expect(isWorthAnotherTry({ exitCode: 5, code: 'SAU7301' })).toBe(true)
    expect(isWorthAnotherTry({ exitCode: 1, code: 'SAU7302' })).toBe(true)
    expect(isWorthAnotherTry({ exitCode: 6, code: 'SAU7201' })).toBe(false)
    expect(isWorthAnotherTry({ exitCode: 4, code: 'SAU8001' })).toBe(false)
  })

  test('three equal ones of different settings in a row break the sweep', () => {
    const run = ended(1)
    expect(isBroken([run(1, 4, 'SAU8001'), run(2, 4, 'SAU8001'), run(3, 4, 'SAU8001')], 12)).toBe(true)
    expect(isBroken([run(1, 4, 'SAU8001'), run(2, 0), run(3, 4, 'SAU8001')], 12)).toBe(false)
    expect(isBroken([run(1, 4, 'SAU8001'), run(2, 6, 'SAU7201'), run(3, 4, 'SAU8001')], 12)).toBe(false)
    expect(isBroken([run(1, 1, 'SAU7302'), run(1, 1, 'SAU7302'), run(1, 1, 'SAU7302')], 12)).toBe(false)
    // Tried again and failed again: still three.
    expect(
      isBroken(
        [1, 1, 2, 2, 3].map((instance) => run(instance, 1, 'SAU7302')),
        12,
      ),
    ).toBe(true)
  })

  test('a setting that fails with all its seeds does not break it, as long as there are others', () => {
    const run = ended(3)
    const first = [0, 1, 2].map((instance) => run(instance, 5, 'SAU7301'))
    expect(isBroken(first, 2)).toBe(false)
    expect(isBroken([...first, run(3, 5, 'SAU7301')], 2)).toBe(true)
    expect(isBroken([...first, run(3, 5, 'SAU7301')], 4)).toBe(false)
    expect(isBroken(first, 1)).toBe(true)
  })

  test('runs that diverged or took too long were trained, and never break it', () => {
    const run = ended(1)
    for (const [exitCode, code] of [
      [6, 'SAU7201'],
      [1, 'SAU8063'],
    ] as const) {
      expect(
        isBroken(
          [0, 1, 2, 3, 4, 5].map((instance) => run(instance, exitCode, code)),
          12,
        ),
      ).toBe(false)
    }
  })
})

test('commands are taken once, torn and foreign lines never, and added trials stay added', () => {
  const folder = temporaryFolder()
  tellSweep(folder, { command: 'add_trials', trials: 3 }, 'test')
  const commands = openSweepCommands(folder)
  expect(commands.take()).toEqual([])
  tellSweep(folder, { command: 'prune', setting: 2 }, 'test')
  appendFileSync(join(folder, 'commands.jsonl'), '{"command":"explode"}\n{"command":"add_tri')
  expect(commands.take()).toEqual([{ command: { command: 'prune', setting: 2 }, by: 'test' }])
  expect(commands.take()).toEqual([])
  appendFileSync(join(folder, 'commands.jsonl'), 'als","trials":2}\n')
  expect(commands.take()).toHaveLength(1)
  expect(commands.addedTrials()).toBe(5)
})

test('journals of several pools are one history, and a torn line harms only itself', () => {
  const folder = temporaryFolder()
  for (const pool of ['a', 'b']) {
    mkdirSync(poolFolder(folder, pool), { recursive: true })
    const journal = openSweepJournal(poolFolder(folder, pool))
    journal.write({ event: 'setting_pruned', setting: pool === 'a' ? 0 : 1, epoch: 1, by: pool })
    journal.close()
  }
  const path = join(poolFolder(folder, 'a'), 'journal.jsonl')
  appendFileSync(path, '{"time":1,"event":"pool_e')
  const again = openSweepJournal(poolFolder(folder, 'a'))
  again.write({ event: 'setting_pruned', setting: 2, epoch: 1, by: 'a' })
  again.close()
  const settings = readSweepEvents(folder).flatMap((event) =>
    event.event === 'setting_pruned' ? event.setting : [],
  )
  expect(settings.toSorted()).toEqual([0, 1, 2])
})

describe('the folder of a sweep', () => {
  function submitted(folder: string, seeds: string): SubmittedSweep {
    const file = join(folder, 'small.sweep.yaml')
    const experiment = join(folder, 'exp.sau')
    if (!existsSync(experiment))
      writeFileSync(experiment, readFileSync(resolve('examples/quickstart-varied.sau')))
    writeFileSync(file, `experiment: exp.sau\nseeds: [${seeds}]\ngrid: { rate: [0.02, 0.05] }\n`)
    const host = createDiskHost({ cacheFolder: join(folder, 'cache') })
    const { sweep, expansion, sources } = readSweep(host, { file, cwd: folder })
    if (sweep === undefined || expansion === undefined) throw new Error('the sweep file is wrong')
    const estimator = createEstimator()
    const compiled = compileInstances(
      host,
      sweep,
      folder,
      instancesOf(sweep, expansion.settings),
      (plan) => ({
        ...estimator.estimate(plan, {}),
        epochs: plan.train.epochs,
      }),
    )
    const texts = new Map([...sources, ...compiled.sources])
    return { sweep, instances: compiled.instances, texts, cwd: folder, set: {}, settings: { engine: 'onnx' } }
  }

  test('freezes the files: later edits change nothing of what was submitted', () => {
    const folder = temporaryFolder()
    const sweepFolder = join(folder, 'runs', 'small-sweep')
    expect(prepareSweep(sweepFolder, submitted(folder, '1'))).toBe(false)
    writeFileSync(join(folder, 'exp.sau'), 'sau 1\nexperiment "Another"\n')
    writeFileSync(join(folder, 'small.sweep.yaml'), 'nonsense')
    const frozen = openFrozenSweep(sweepFolder)
    const [first] = readInstances(sweepFolder)
    if (first === undefined) throw new Error('no instance')
    expect(first.name).toBe('rate=0.02 seed=1')
    expect(frozen.experimentOf(first)).toMatchObject({ planHash: first.planHash, sweep: { instance: 0 } })
  })

  test('is gone on with by the same file, also with limits changed, and refuses another sweep', () => {
    const folder = temporaryFolder()
    const sweepFolder = join(folder, 'runs', 'small-sweep')
    prepareSweep(sweepFolder, submitted(folder, '1'))
    expect(prepareSweep(sweepFolder, submitted(folder, '1'))).toBe(true)
    const refused = (act: () => unknown): RunError => {
      try {
        act()
      } catch (error) {
        if (error instanceof RunError) return error
        throw error
      }
      throw new Error('was not refused')
    }
    const error = refused(() => prepareSweep(sweepFolder, submitted(folder, '2')))
    expect(error).toMatchObject({ code: 'SAU8060', exitCode: 2 })
    expect(error.message).toContain('2 of its 2 instances')
    mkdirSync(join(folder, 'runs', 'taken'))
    writeFileSync(join(folder, 'runs', 'taken', 'file'), '')
    expect(refused(() => prepareSweep(join(folder, 'runs', 'taken'), submitted(folder, '1'))).code).toBe(
      'SAU8060',
    )
  })
})
