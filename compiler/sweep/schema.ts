// The JSON Schema (draft 7, which editors' YAML servers know best) of sweep files. `docs/sweep.schema.json`
// is this object; a test says so. What it cannot say (params, their types and domains) is checked in
// `read-sweep.ts`.
import type { ParamSetting } from '../checking/template.js'
import { mostEpochs } from '../functions/bounds.js'
import { metricNames, metricTable } from '../plan/metric-table.js'
import { largestSeed } from '../plan/seeds.js'
import { mostInstances } from './sweep.js'

type Schema = Readonly<Record<string, unknown>>

/** A domain as it is written: nothing for the param's own, some values, or a range. */
export type WrittenDomain =
  | null
  | readonly ParamSetting[]
  | { readonly from: number; readonly to: number; readonly log?: boolean }

export interface WrittenDraw {
  readonly trials: number
  readonly seed?: number
  readonly params?: readonly string[] | Readonly<Record<string, WrittenDomain>>
}

export interface WrittenSearch extends WrittenDraw {
  readonly sampler?: 'tpe'
  readonly metric: string
  readonly direction?: 'maximize' | 'minimize'
  readonly startup?: number
}

export interface WrittenPruner {
  readonly metric?: string
  readonly direction?: 'maximize' | 'minimize'
}

export interface WrittenAsha extends WrittenPruner {
  readonly reduction?: number
  readonly first?: number
}

export interface WrittenMedian extends WrittenPruner {
  readonly first?: number
  readonly trials?: number
}

/** A sweep file as data, once it has the form of the schema. */
export interface WrittenSweep {
  readonly experiment: string
  readonly set?: Readonly<Record<string, ParamSetting>>
  readonly seeds?: readonly number[]
  readonly grid?: Readonly<Record<string, readonly ParamSetting[] | null>>
  readonly zip?: Readonly<Record<string, readonly ParamSetting[]>>
  readonly list?: readonly Readonly<Record<string, ParamSetting>>[]
  readonly random?: WrittenDraw
  readonly sobol?: WrittenDraw
  readonly search?: WrittenSearch
  readonly exclude?: readonly (string | Readonly<Record<string, ParamSetting | readonly ParamSetting[]>>)[]
  readonly prune?:
    | 'asha'
    | 'median'
    | { readonly asha: WrittenAsha | null }
    | { readonly median: WrittenMedian | null }
  readonly limits?: {
    readonly parallel?: number
    readonly memory?: string
    readonly time?: string
    readonly retries?: number
    readonly on_failure?: 'continue' | 'stop'
  }
  readonly compare?: {
    readonly baseline?: Readonly<Record<string, ParamSetting>>
    readonly metrics?: readonly string[]
  }
}

const text = (description: string): Schema => ({ type: 'string', minLength: 1, description })
/** @param maximum more than any sweep can want */
const whole = (minimum: number, maximum: number, description: string): Schema => ({
  type: 'integer',
  minimum,
  maximum,
  description,
})
const oneOf = (values: readonly string[], description: string): Schema => ({ enum: values, description })

const setting: Schema = { type: ['number', 'string', 'boolean'] }
const settings = (description: string): Schema => ({
  type: 'object',
  additionalProperties: setting,
  description,
})
const values: Schema = { type: 'array', items: setting, minItems: 1 }
const seed: Schema = { type: 'integer', minimum: 0, maximum: largestSeed }

/** An object with these fields and no others; names that end in `?` may be left out. */
function object(description: string, fields: Readonly<Record<string, Schema>>, more: Schema = {}): Schema {
  const names = Object.keys(fields)
  return {
    type: 'object',
    description,
    properties: Object.fromEntries(names.map((name) => [name.replace('?', ''), fields[name]])),
    required: names.filter((name) => !name.endsWith('?')),
    additionalProperties: false,
    ...more,
  }
}

const domain: Schema = {
  ...object('some values, or a range', {
    from: { type: 'number' },
    to: { type: 'number' },
    'log?': { type: 'boolean' },
  }),
  type: ['array', 'object', 'null'],
  items: setting,
  minItems: 1,
}

const draw = {
  trials: whole(1, mostInstances, 'how many settings are drawn, for each combination of grid, zip and list'),
  'seed?': { ...seed, description: 'of the draws; 0 where left out' },
  'params?': {
    type: ['array', 'object'],
    items: { type: 'string' },
    minItems: 1,
    minProperties: 1,
    additionalProperties: domain,
    description:
      'the params to draw: names, or names with domains; all params with a domain of their own that nothing else gives where left out',
  },
} satisfies Readonly<Record<string, Schema>>

const directions = ['maximize', 'minimize'] as const
const metric = text('a number that the experiment measures: top1, loss, few, ..., or test.top1')
const minimized = metricNames.filter((name) => metricTable[name].direction === 'minimize')
const direction = oneOf(
  directions,
  `maximize where left out, minimize for ${minimized.join(', ').replace(/, (?=[^,]*$)/, ' and ')}`,
)
const optional = (schema: Schema): Schema => ({ ...schema, type: ['object', 'null'] })

const asha = optional(
  object('asynchronous successive halving (Li et al. 2020)', {
    'metric?': metric,
    'direction?': direction,
    'reduction?': whole(2, 1000, 'of so many settings one goes on; 3 where left out'),
    'first?': whole(1, mostEpochs, 'epochs before the first decision; 1 where left out'),
  }),
)

const median = optional(
  object('stop what is worse than the median of the others (Golovin et al. 2017)', {
    'metric?': metric,
    'direction?': direction,
    'first?': whole(1, mostEpochs, 'epochs before the first decision; 1 where left out'),
    'trials?': whole(1, mostInstances, 'finished settings before the first decision; 5 where left out'),
  }),
)

export const sweepSchema: Schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'saurun sweep file',
  ...object('Which instances of an experiment to run, and how.', {
    experiment: text('the experiment, a .sau file; relative to this file'),
    'set?': settings('values of params that stay the same'),
    'seeds?': {
      type: 'array',
      items: seed,
      minItems: 1,
      description: 'values of train.seed: every setting is repeated with each; results are means over them',
    },
    'grid?': {
      type: 'object',
      minProperties: 1,
      additionalProperties: { ...values, type: ['array', 'null'] },
      description:
        'every combination of these values; a param without values takes the list of its own domain',
    },
    'zip?': {
      type: 'object',
      minProperties: 1,
      additionalProperties: values,
      description: 'lists of equal length: the first of each together, then the second, and so on',
    },
    'list?': {
      type: 'array',
      minItems: 1,
      items: { type: 'object', minProperties: 1, additionalProperties: setting },
      description: 'settings one by one',
    },
    'random?': object('settings drawn independently', draw),
    'sobol?': object('settings drawn evenly (Sobol sequence)', draw),
    'search?': object('settings chosen by what earlier ones came to', {
      'sampler?': oneOf(['tpe'], 'tree-structured Parzen estimator (Bergstra et al. 2011)'),
      ...draw,
      metric,
      'direction?': direction,
      'startup?': whole(1, mostInstances, 'random settings before the search begins; 10 where left out'),
    }),
    'exclude?': {
      type: 'array',
      minItems: 1,
      items: {
        type: ['string', 'object'],
        minProperties: 1,
        minLength: 1,
        additionalProperties: { type: ['number', 'string', 'boolean', 'array'], items: setting, minItems: 1 },
      },
      description:
        'settings to leave out: maps of values that all match, or conditions such as "factor >= 100 and strategy == drop"',
    },
    'prune?': {
      description: 'stop settings early that are worse than others',
      if: { type: 'string' },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { enum: ['asha', 'median'] },
      else: object(
        'one of asha and median',
        { 'asha?': asha, 'median?': median },
        { minProperties: 1, maxProperties: 1 },
      ),
    },
    'limits?': object('what the sweep may take', {
      'parallel?': whole(1, 1024, 'runs at a time'),
      'memory?': text('of all runs together, as in "16 GiB"'),
      'time?': text('of one run, as in "2 h"'),
      'retries?': whole(0, 1000, 'how often a run is tried again that was killed or ran out of memory'),
      'on_failure?': oneOf(
        ['continue', 'stop'],
        'whether a failed run stops the others; continue where left out',
      ),
    }),
    'compare?': object('what the report compares', {
      'baseline?': { ...settings('the setting that others are compared with'), minProperties: 1 },
      'metrics?': { type: 'array', items: metric, minItems: 1, description: 'the numbers that are compared' },
    }),
  }),
}
