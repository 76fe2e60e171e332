// The seed of the run, which all omitted seeds derive from.
import { seed } from '../functions/slots.js'
import type { Compilation } from './compilation.js'
import { evaluate, locate } from './expressions.js'

/** `--seed`, else `train.seed`, else 0. */
export function trainingSeed(c: Compilation): number {
  if (c.seed !== undefined) return c.seed
  c.seed = c.seedOption ?? 0
  const train = c.program.train
  const field = train?.node.fields.find(({ name }) => name.text === 'seed')
  if (c.seedOption === undefined && train && field) {
    const scope = {
      file: train.file,
      branch: undefined,
      network: undefined,
      owner: { kind: 'train', name: 'seed', root: field.value, declared: undefined },
    }
    const value = evaluate(c, field.value, scope, seed.type)
    c.seed = seed.take(value, { context: c.context, at: locate(scope, field.value), subject: '`seed`' }) ?? 0
  }
  return c.seed
}
