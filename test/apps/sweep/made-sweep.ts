// Sweep folders as a pool leaves them, made without training: three strategies by two factors by two rates,
// two seeds each.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { planHash } from '../../../compiler/index.js'
import { instanceName, instancesOf, readSweep } from '../../../compiler/sweep/index.js'
import { type NewSweepEvent, openSweepJournal, poolFolder } from '../../../runtime/apps/sweep/events.js'
import {
  type KnownInstance,
  runFolderOf,
  writeCapsule,
  writeInstances,
} from '../../../runtime/apps/sweep/folder.js'
import { diskHost } from '../../../runtime/cli/compile-file.js'
import type { RunEnded } from '../../../runtime/run/journal/events.js'
import { makeRun, seededPlan } from '../comparison/made-runs.js'

/** What an instance has come to: top-1 after each epoch, and how it ended. */
export interface MadeInstance {
  readonly top1: readonly number[]
  readonly few?: number
  readonly calledNoise?: readonly (number | null)[]
  readonly ending?: Partial<RunEnded> | 'none'
}

export interface MadeSweep {
  readonly folder: string
  readonly instances: readonly KnownInstance[]
}

export interface MadeSweepOptions {
  readonly name?: string
  /** Text of the sweep file; the example's where left out. */
  readonly text?: string
  /** Epochs of every run. */
  readonly epochs?: number
  /** Undefined for an instance that has not begun. */
  readonly resultOf: (instance: KnownInstance) => MadeInstance | undefined
  readonly events?: readonly NewSweepEvent[]
}

const example = fileURLToPath(new URL('../../../examples/quickstart.sweep.yaml', import.meta.url))

export function makeSweep(root: string, options: MadeSweepOptions): MadeSweep {
  const { name = 'grid-sweep', text, epochs = 3, resultOf, events = [] } = options
  const host = diskHost()
  const read = {
    ...host,
    readText: (path: string) => (path === example ? text : undefined) ?? host.readText(path),
  }
  const { sweep, expansion, sources } = readSweep(read, { file: example, cwd: root })
  if (sweep === undefined || expansion === undefined) throw new Error('the sweep file is wrong')
  const folder = join(root, name)
  writeCapsule(
    folder,
    {
      format: 1,
      file: example,
      cwd: root,
      set: {},
      settings: { engine: 'reference' },
      program: 'test',
      made: 0,
    },
    sources,
  )
  // Plans that differ wherever settings do.
  const planOf = (setting: number, seed: number) => ({ seed, rate: 0.01 + setting / 1000 })
  const instances = instancesOf(sweep, expansion.settings).map((instance, number): KnownInstance => {
    const { setting, seed = 7 } = instance
    return {
      number,
      setting: setting.number,
      combination: setting.combination,
      trial: setting.trial,
      params: setting.params,
      seed: instance.seed,
      name: instanceName(instance),
      planHash: planHash(seededPlan(planOf(setting.number, seed))),
      memoryBytes: 1 << 20,
      epochs,
    }
  })
  writeInstances(folder, instances)
  for (const instance of instances) {
    const result = resultOf(instance)
    if (result === undefined) continue
    const run = runFolderOf(folder, instance)
    const { setting, seed = 7 } = instance
    makeRun(root, {
      ...planOf(setting, seed),
      ...result,
      name: run.slice(folder.length + 1),
      experiment: name,
      epochs,
    })
  }
  const pool = poolFolder(folder, 'made')
  mkdirSync(pool, { recursive: true })
  writeFileSync(join(pool, 'journal.jsonl'), '')
  const journal = openSweepJournal(pool)
  for (const event of events) journal.write(event)
  journal.close()
  return { folder, instances }
}
