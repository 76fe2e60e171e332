// Whether a sweep file has the form of its schema; errors of ajv as diagnostics with their place in the YAML.
import { Ajv, type DefinedError, type ValidateFunction } from 'ajv'
import { nearestName } from '../../grammar/nearest-name.js'
import { labelled, type Reporter } from '../diagnostics/reporter.js'
import { largestSeed } from '../plan/seeds.js'
import type { DataPath, YamlDocument } from './document.js'
import { sweepSchema, type WrittenSweep } from './schema.js'

let validator: ValidateFunction<WrittenSweep> | undefined

export interface Form {
  readonly written: WrittenSweep
  /** Whether all of the file is in `written`. */
  readonly isWhole: boolean
}

/**
 * Reports what is wrong with the form. Gives the data without the fields that are wrong, so that a misspelt
 * one does not hide what else there is to say; nothing where too little is left.
 */
export function checkForm(yaml: YamlDocument, file: string, reporter: Reporter): Form | undefined {
  validator ??= new Ajv({
    allErrors: true,
    allowUnionTypes: true,
    verbose: true,
    strictTypes: false,
  }).compile<WrittenSweep>(sweepSchema)
  const data: unknown = structuredClone(yaml.data)
  if (validator(data)) return { written: data, isWhole: true }
  const errors = errorsOf(validator)
  for (const error of errors) if (!isMisspelt(error, errors)) report(error, yaml, file, reporter)
  // What loses its last field may be wrong without it.
  for (let round = 0; round < 4; round++) {
    for (const error of errorsOf(validator)) remove(data, wrongField(error))
    if (validator(data)) return { written: data, isWhole: false }
  }
  return undefined
}

function errorsOf({ errors }: ValidateFunction): readonly DefinedError[] {
  return (errors ?? []) as DefinedError[]
}

/** Whether a missing field is there under a name that is nearly its own, which is reported. */
function isMisspelt(error: DefinedError, errors: readonly DefinedError[]): boolean {
  if (error.keyword !== 'required') return false
  const { missingProperty } = error.params
  return errors.some(
    (other) =>
      other.keyword === 'additionalProperties' &&
      other.instancePath === error.instancePath &&
      nearestName(other.params.additionalProperty, fieldsOf(other)) === missingProperty,
  )
}

/**
 * The field to take out: the unknown one, or the one whose value is wrong, with the whole list where an entry
 * is.
 */
function wrongField(error: DefinedError): DataPath {
  const path = pathOf(error)
  if (error.keyword === 'additionalProperties') return [...path, error.params.additionalProperty]
  const entry = path.findIndex((part) => /^\d+$/.test(String(part)))
  return entry < 0 ? path : path.slice(0, entry)
}

function report(error: DefinedError, yaml: YamlDocument, file: string, reporter: Reporter): void {
  const path = pathOf(error)
  const where = placeInWords(path)
  const at = { file, span: yaml.valueSpan(path) }
  switch (error.keyword) {
    // Says only that what follows it is wrong, which is reported by itself.
    case 'if':
      return
    case 'additionalProperties': {
      const name = error.params.additionalProperty
      const fields = fieldsOf(error)
      const nearest = nearestName(name, fields)
      const keyAt = { file, span: yaml.keySpan([...path, name]) }
      reporter.report('SAU8012', {
        gaps: { where, name },
        labels: [labelled(keyAt)],
        help: nearest
          ? `did you mean \`${nearest}\`?`
          : `its fields are ${fields.map((field) => `\`${field}\``).join(', ')}`,
        fix: nearest ? { title: `write ${nearest}`, ...keyAt, replacement: nearest } : undefined,
      })
      return
    }
    case 'required': {
      const name = error.params.missingProperty
      reporter.report('SAU8013', {
        gaps: { where, name, example: examples[name] ?? `${name}: ...` },
        labels: [labelled({ file, span: path.length === 0 ? firstLine(yaml) : yaml.keySpan(path) })],
      })
      return
    }
    case 'minItems':
    case 'minProperties':
    case 'minLength':
      reporter.report('SAU8015', { gaps: { where }, labels: [labelled(at)] })
      return
    default: {
      const found = error.data
      const expected = expectedOf(error)
      const choices = choicesOf(error)
      const nearest = typeof found === 'string' ? nearestName(found, choices) : undefined
      reporter.report('SAU8014', {
        gaps: { where, expected, found: foundInWords(found, yaml.written(path)) },
        labels: [labelled(at)],
        help: nearest ? `did you mean \`${nearest}\`?` : formHelp(path, found),
        fix: nearest ? { title: `write ${nearest}`, ...at, replacement: nearest } : undefined,
      })
    }
  }
}

const examples: Readonly<Record<string, string>> = {
  experiment: 'experiment: exp.sau',
  trials: 'trials: 20',
  metric: 'metric: top1',
}

function firstLine(yaml: YamlDocument) {
  const { start } = yaml.valueSpan([])
  return { start, end: start }
}

function formHelp(path: DataPath, found: unknown): string | undefined {
  const [block, name] = path
  if (path.length === 2 && (block === 'grid' || block === 'zip') && isPlain(found)) {
    return `write \`${name}: [${String(found)}]\`, or give one value with \`set\``
  }
  if (block === 'seeds') return `seeds are whole numbers from 0 to ${largestSeed}, as in \`seeds: [1, 2, 3]\``
  return undefined
}

function isPlain(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'
}

function pathOf({ instancePath }: DefinedError): DataPath {
  return instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** `` `grid.factor` ``, `` entry 2 of `list` ``, `the sweep file`. */
export function placeInWords(path: DataPath): string {
  if (path.length === 0) return 'the sweep file'
  const last = path.at(-1)
  if (path.length > 1 && /^\d+$/.test(String(last))) {
    return `entry ${Number(last) + 1} of \`${path.slice(0, -1).join('.')}\``
  }
  return `\`${path.join('.')}\``
}

function fieldsOf({ parentSchema }: DefinedError): readonly string[] {
  const properties: unknown = parentSchema?.properties
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : []
}

function choicesOf(error: DefinedError): readonly string[] {
  return error.keyword === 'enum' ? error.params.allowedValues.map(String) : []
}

const typeWords: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a map',
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
}

function expectedOf(error: DefinedError): string {
  switch (error.keyword) {
    case 'enum':
      return `one of ${choicesOf(error)
        .map((choice) => `\`${choice}\``)
        .join(', ')}`
    case 'minimum':
      return `${error.parentSchema?.type === 'integer' ? 'a whole number' : 'a number'} from ${error.params.limit}`
    case 'maximum':
      return `at most ${error.params.limit}`
    case 'maxProperties':
      return 'one of its fields'
    case 'type': {
      const types = [error.params.type].flat().flatMap((type) => typeWords[type] ?? [])
      return types.length < 2
        ? (types[0] ?? 'something else')
        : `${types.slice(0, -1).join(', ')} or ${types.at(-1)}`
    }
    default:
      return 'something else'
  }
}

function foundInWords(found: unknown, written: string): string {
  if (found === null) return 'nothing'
  if (Array.isArray(found)) return 'a list'
  if (typeof found === 'object') return 'a map'
  return `\`${written === '' ? String(found) : written}\``
}

function remove(data: unknown, path: DataPath): void {
  let inside = data
  for (const part of path.slice(0, -1)) inside = isRecord(inside) ? inside[part] : undefined
  const name = path.at(-1)
  if (isRecord(inside) && name !== undefined) delete inside[name]
}

function isRecord(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null
}
