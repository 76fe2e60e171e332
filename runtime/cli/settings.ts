// Words of a command line that set params, apart from files.

import type { RunSettings } from '../run/folder/lock.js'
import type { Options } from './declaration.js'
import type { run } from './declared/training.js'
import type { OptionsOf } from './flag.js'
import type { flags } from './flags.js'
import { UsageError } from './parser.js'
import { isForeignSetting, isSetting } from './setting-word.js'

export interface CommandWords {
  readonly files: readonly string[]
  /** Values of params as they were written, by name. */
  readonly settings: ReadonlyMap<string, string>
}

/**
 * Files, and the values of `--set` and of bare `name=value` words.
 * @throws UsageError where a param is set twice to different values, or a name is not one.
 */
export function wordsOf(words: readonly string[], options: OptionsOf<typeof flags.set>): CommandWords {
  const files = words.filter((word) => !isSetting(word))
  const settings = new Map<string, string>()
  for (const word of [...(options.set ?? []), ...words.filter(isSetting)]) {
    const equals = word.includes('=') ? word.indexOf('=') : word.length
    const name = word.slice(0, equals)
    const value = word.slice(equals + 1)
    // What Hydra would set is no param, which whoever knows the params says with those that there are.
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !isForeignSetting(word)) {
      throw new UsageError(`\`${word}\` does not name a param`, 'write it as name=value')
    }
    const before = settings.get(name)
    if (before !== undefined && before !== value) {
      throw new UsageError(`\`${name}\` is set twice, to ${before} and to ${value}`, 'keep one of them')
    }
    settings.set(name, value)
  }
  return { files, settings }
}

/** Flags that say how a run is carried out. */
type SettingOptions = OptionsOf<(typeof flags)['engine' | 'threads' | 'workers' | 'dataMemory']> &
  Pick<Options<typeof run>, 'checkpointEvery' | 'keep'>

/** Engine, threads, workers, memory and checkpoints as asked for; what was not asked for is absent. */
export function chosenSettings(options: SettingOptions): Partial<RunSettings> {
  return {
    ...(options.engine === undefined ? {} : { engine: options.engine }),
    ...(options.threads === undefined ? {} : { threads: options.threads }),
    ...(options.workers === undefined ? {} : { workers: options.workers }),
    ...(options.dataMemory === undefined ? {} : { dataMemory: options.dataMemory }),
    ...(options.checkpointEvery === undefined ? {} : { checkpointMinutes: options.checkpointEvery }),
    ...(options.keep === undefined ? {} : { keep: options.keep }),
  }
}

/** The same for a new run, which needs an engine. */
export function runSettings(options: SettingOptions): RunSettings {
  return { engine: 'auto', ...chosenSettings(options) }
}
