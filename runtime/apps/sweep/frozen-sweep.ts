// A sweep as it was submitted: read from the copies in its folder, so that later edits of the files change
// nothing.
import { planHash as hashOf } from '../../../compiler/plan/hash.js'
import {
  type Expansion,
  type Instance,
  instanceCompiler,
  instanceName,
  readSweep,
  type Setting,
  type Sweep,
} from '../../../compiler/sweep/index.js'
import { createDiskHost } from '../../data/host/disk-host.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { cacheFolder } from '../../platform/host/cache-folder.js'
import type { NewRun } from '../../run/process/start-training.js'
import { createEstimator } from './estimates.js'
import { type Capsule, frozenHost, type KnownInstance, readCapsule } from './folder.js'

export interface FrozenSweep {
  readonly sweep: Sweep
  readonly expansion: Expansion
  readonly capsule: Capsule
  /**
   * The experiment of an instance, compiled now. @throws RunError SAU8062 where its data is not what it was.
   */
  experimentOf(instance: KnownInstance): Omit<NewRun, 'runs' | 'settings'>
  /**
   * The instances of a setting that a search has chosen, one for each seed. @throws RunError SAU8062 where
   * one does not compile.
   */
  instancesOfSetting(setting: Setting): readonly KnownInstance[]
}

/**
 * @throws RunError SAU8061 (no sweep), SAU8062 (its copies do not compile any more: another version of
 * saurun).
 */
export function openFrozenSweep(sweepFolder: string): FrozenSweep {
  const capsule = readCapsule(sweepFolder)
  const { file, cwd, set } = capsule
  const host = frozenHost(createDiskHost({ cacheFolder: cacheFolder() }), sweepFolder, capsule)
  const { sweep, expansion, diagnostics } = readSweep(host, { file, cwd, set })
  if (sweep === undefined || expansion === undefined) {
    throw changed(`${sweepFolder} cannot be read any more: ${diagnostics[0]?.title ?? 'unknown'}`)
  }
  const compile = instanceCompiler(host, sweep, cwd)
  const estimator = createEstimator()
  const compiled = (instance: Instance) => {
    const { plan, hash, locations, sources, diagnostics: found } = compile(instance)
    const error = found.find(({ severity }) => severity === 'error')
    if (plan === undefined || hash === undefined || locations === undefined) {
      throw changed(`${instanceName(instance)} does not compile any more: ${error?.title ?? 'unknown'}`)
    }
    return {
      plan,
      hash,
      locations: plan.sources.map((_, source) => locations[source] ?? []),
      texts: [...sources].map(([path, text]) => ({ path, text })),
    }
  }
  return {
    sweep,
    expansion,
    capsule,
    experimentOf(known) {
      const { plan, hash, locations, texts } = compiled(instanceOf(known))
      if (hash !== known.planHash) {
        throw changed(`${known.name} is another experiment than when the sweep began: its data has changed`)
      }
      return {
        plan,
        planHash: hash,
        file: sweep.experiment,
        locations,
        texts,
        sweep: { instance: known.number, name: known.name },
      }
    },
    instancesOfSetting(setting) {
      const seeds = sweep.seeds.length === 0 ? [undefined] : sweep.seeds
      return seeds.map((seed, position): KnownInstance => {
        const instance = { setting, seed }
        const { plan } = compiled(instance)
        return {
          ...knownFrom(instance, setting.number * seeds.length + position),
          planHash: hashOf(plan),
          memoryBytes: estimator.estimate(plan, {}).memoryBytes,
          epochs: plan.train.epochs,
        }
      })
    },
  }
}

/** What is known of an instance before it is compiled. */
export function knownFrom(
  instance: Instance,
  number: number,
): Omit<KnownInstance, 'planHash' | 'memoryBytes' | 'epochs'> {
  const { setting, seed } = instance
  return {
    number,
    setting: setting.number,
    combination: setting.combination,
    trial: setting.trial,
    params: setting.params,
    seed,
    name: instanceName(instance),
  }
}

function instanceOf({ setting: number, combination, trial, params, seed }: KnownInstance): Instance {
  return { setting: { number, combination, trial, params }, seed }
}

function changed(message: string): RunError {
  return new RunError(
    'SAU8062',
    message,
    'put the data and the program back as they were, or start the sweep anew under another --name',
    exitCodes.dataCheckFailed,
  )
}
