// How a command that uses a trained network gets it, from its flags.
import type { NetworkChoice } from '../apps/inference/trained-network.js'
import type { Context } from './context.js'
import type { OptionsOf } from './flag.js'
import type { flags } from './flags.js'

/** The last checkpoint and the fastest engine, unless asked for otherwise; warnings go to standard error. */
export function networkChoice(
  options: OptionsOf<(typeof flags)['checkpoint' | 'engine' | 'threads']>,
  context: Context,
): NetworkChoice {
  return {
    checkpoint: options.checkpoint ?? 'last',
    engine: options.engine ?? 'auto',
    threads: options.threads,
    warn: (message) => context.note(`warning: ${message}\n`),
  }
}
