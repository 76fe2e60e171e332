// The JSON Schema (draft 2020-12) of the Plan, for whoever reads Plans in another language.
// `docs/plan.schema.json` is this object; a test says so.
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import { datasetOperations } from './dataset-operations.js'
import { optional, outside, rowsSchema, type Schema } from './fields.js'
import { groupMetrics, plainMetrics } from './metric-table.js'
import type { Plan } from './plan.js'
import { scalar, scalarSchema } from './scalar.js'
import { largestSeed } from './seeds.js'
import { sources } from './sources.js'
import { stepOperations } from './step-operations.js'

const text: Schema = { type: 'string' }
const truth: Schema = { type: 'boolean' }
const number: Schema = { type: 'number' }
const whole: Schema = { type: 'integer' }
/** A position in one of the Plan's lists. */
const position: Schema = { type: 'integer', minimum: 0 }
const count: Schema = { type: 'integer', minimum: 1 }
const share: Schema = { type: 'number', minimum: 0, maximum: 1 }
const level: Schema = { type: 'integer', minimum: 0, maximum: 255 }
const seed: Schema = { type: 'integer', minimum: 0, maximum: largestSeed }
const reference = (name: string): Schema => ({ $ref: `#/$defs/${name}` })
const list = (items: Schema, least = 0): Schema => ({ type: 'array', items, minItems: least })
const pair = (items: Schema): Schema => ({ type: 'array', items, minItems: 2, maxItems: 2 })
const triple = (items: Schema): Schema => ({ type: 'array', items, minItems: 3, maxItems: 3 })
const oneOf = (...values: readonly string[]): Schema => ({ enum: values })
const any = (...options: readonly Schema[]): Schema => ({ oneOf: options })

/** An object with exactly these fields; names that end in `?` may be left out. */
function object(fields: Readonly<Record<string, Schema>>): Schema {
  const names = Object.keys(fields)
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name.replace('?', ''), fields[name]])),
    required: names.filter((name) => !name.endsWith('?')),
    additionalProperties: false,
  }
}

/** An object told from others by a constant field. */
const tagged = (tag: string, value: string, fields: Readonly<Record<string, Schema>> = {}): Schema =>
  object({ [tag]: { const: value }, ...fields })

const operation = (value: string, fields: Readonly<Record<string, Schema>> = {}) =>
  tagged('op', value, fields)
/** Where in the text it stands. */
const place = optional(outside({ schema: reference('place') }))
const at = { 'at?': place.schema }
const everyEpochs = object({ value: count, unit: { const: 'epoch' } })
const size = object({ height: count, width: count, channels: count })
const split = oneOf('train', 'test')

const dataset = object({
  name: text,
  make: rowsSchema('op', datasetOperations),
  classes: list(text, 1),
  real: list(position, 1),
  synthetic: list(position, 1),
  image: any(size, { const: 'varied' }),
  'split?': split,
  ...at,
})

const viewOperation = any(
  operation('crop', { padding: position, size: count }),
  operation('resized_crop', { size: count, scale: pair(number), ratio: pair(number) }),
  operation('center_crop', { size: count }),
  operation('resize', { size: count }),
  operation('flip', { probability: share }),
  operation('rotate', { degrees: number }),
  operation('color_jitter', { brightness: number, contrast: number, saturation: number, hue: number }),
  operation('grayscale'),
  operation('gaussian_blur', { sigma: pair(number) }),
  operation('autoaugment', { policy: oneOf('cifar10', 'imagenet', 'svhn') }),
  operation('randaugment', {
    count,
    magnitude: number,
    deviation: number,
    fill: triple(level),
    increasing: truth,
  }),
  operation('cutout', { size: count, holes: count }),
  operation('maybe', { probability: share, operations: list(reference('viewOperation')) }),
)

const normalization = object({ mean: list(number, 1), deviation: list(number, 1) })

const view = object({
  name: text,
  operations: list(reference('viewOperation')),
  'normalize?': reference('normalization'),
  output: size,
  ...at,
})

const headLayer = any(
  operation('linear', { size: count, bias: truth }),
  operation('cosine', { size: count, scale: number }),
  operation('mlp', { sizes: list(count, 2), norm: oneOf('batch', 'none') }),
  operation('l2_normalize'),
)

const network = object({
  name: text,
  backbone: any(
    operation('cifar_resnet', {
      blocks: list(count, 1),
      width: count,
      shortcut: oneOf('pad', 'conv'),
    }),
    operation('resnet', {
      blocks: list(count, 1),
      width: count,
      block: any(
        object({ kind: { const: 'basic' } }),
        object({ kind: { const: 'bottleneck' }, middle: count, groups: count }),
      ),
      stem: oneOf('imagenet', 'small'),
      pool: oneOf('max', 'none'),
    }),
  ),
  heads: list(
    object({
      name: text,
      layers: list(headLayer, 1),
      output: object({ kind: oneOf('logits', 'embedding'), size: count, unitLength: truth }),
      ...at,
    }),
  ),
  classes: count,
  input: size,
  seed,
  ...at,
})

const memory = object({
  name: text,
  op: { const: 'class_means' },
  network: position,
  head: text,
  over: position,
  views: list(position, 1),
  every: everyEpochs,
  classes: count,
  size: count,
  seed,
  ...at,
})

const node = rowsSchema('op', stepOperations, { at: place })

const adaptive = { rate: number, beta1: share, beta2: share, epsilon: number, weightDecay: number }
const train = object({
  epochs: count,
  batch: count,
  stepsPerEpoch: count,
  lastBatch: count,
  remainder: oneOf('keep', 'drop'),
  precision: oneOf('float32', 'bfloat16'),
  'clip?': { type: 'number', exclusiveMinimum: 0 },
  'freeze?': list(object({ network: position, backbone: list(text), heads: list(text) }), 1),
  optimizer: any(
    operation('sgd', { rate: number, momentum: share, nesterov: truth, weightDecay: number }),
    operation('adam', adaptive),
    operation('adamw', adaptive),
  ),
  schedule: object({
    per: oneOf('epoch', 'step'),
    factors: list(
      any(
        operation('constant'),
        operation('cosine'),
        operation('linear'),
        operation('multistep', { at: list(position, 1), gamma: number }),
        operation('warmup', { epochs: count }),
      ),
      1,
    ),
  }),
  ...at,
})

const group = object({ name: oneOf(...groupMetrics), rule: text, classes: list(position) })
const evaluation = object({
  dataset: position,
  network: position,
  head: text,
  every: everyEpochs,
  metrics: list(
    any(
      object({ op: oneOf(...plainMetrics, 'per_class', 'confusion') }),
      operation('ece', { bins: count }),
      operation('shots', { of: position, groups: list(group, 3) }),
    ),
    1,
  ),
  view: object({ operations: list(reference('viewOperation')), 'normalize?': reference('normalization') }),
  'best?': object({ metric: oneOf(...plainMetrics), onTestSplit: truth }),
  ...at,
})

export const planSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'saurun Plan, version 1',
  description: 'One experiment with every param resolved and every class counted.',
  ...object({
    plan: { const: 1 },
    language: { const: 1 },
    title: outside({ schema: text }).schema,
    seed,
    params: outside({
      schema: list(
        object({ name: text, type: text, value: { type: ['number', 'string', 'boolean'] }, ...at }),
      ),
    }).schema,
    sources: list(rowsSchema('format', sources), 1),
    datasets: list(dataset, 1),
    views: list(view),
    networks: list(network, 1),
    streams: list(object({ name: text, dataset: position, seed, ...at }), 1),
    memories: list(memory),
    step: list(node, 1),
    losses: list(object({ branch: text, name: text, value: position, ...at }), 1),
    objective: scalar.schema,
    train,
    evaluations: list(evaluation),
  }),
  $defs: {
    place: object({ file: text, start: position, end: position, line: whole }),
    viewOperation,
    normalization,
    scalar: scalarSchema,
  },
}

let validator: ValidateFunction<Plan> | undefined

/**
 * Whether a value is a Plan by the schema; else one line for each thing that is wrong. Loads the validator on
 * first use.
 */
export async function validatePlan(
  value: unknown,
): Promise<{ readonly plan: Plan } | { readonly faults: readonly string[] }> {
  if (!validator) {
    const { Ajv2020 } = await import('ajv/dist/2020.js')
    validator = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile<Plan>(
      planSchema,
    )
  }
  if (validator(value)) return { plan: value }
  return { faults: (validator.errors ?? []).map(describeFault) }
}

function describeFault(fault: ErrorObject): string {
  return `${fault.instancePath || '/'} ${fault.message ?? 'is wrong'}`
}
