// A JSON Schema as a form, for the words that the Plan's schema uses. Ajv takes half a second to compile that
// schema, which every command that reads a run would pay.
import { type Fault, type Form, fault, isRecord, joined } from './json-form.js'

type Schema = Readonly<Record<string, unknown>>
type Check = (value: unknown) => Fault | undefined

/** Words that say nothing of a value. */
const silent: ReadonlySet<string> = new Set(['$schema', '$defs', 'title', 'description', 'required', 'items'])

/**
 * The form of what `schema` describes; T is what the caller knows it to be.
 * @throws TypeError for a word of JSON Schema that is not known here.
 */
export function formOfSchema<T>(schema: Schema): Form<T> {
  const definitions = isRecord(schema.$defs) ? schema.$defs : {}
  const made = new Map<string, Check>()
  const named = (name: string): Check => {
    const known = made.get(name)
    if (known !== undefined) return known
    // Definitions may name themselves.
    made.set(name, (value) => made.get(name)?.(value))
    const check = checkOf(schemaOf(definitions[name]), named)
    made.set(name, check)
    return check
  }
  return { fault: checkOf(schema, named) }
}

function checkOf(schema: Schema, named: (name: string) => Check): Check {
  const checks: Check[] = []
  for (const [word, content] of Object.entries(schema)) {
    if (silent.has(word)) continue
    checks.push(checkOfWord(word, content, schema, named))
  }
  const [only] = checks
  if (checks.length === 1 && only !== undefined) return only
  return (value) => {
    for (const check of checks) {
      const found = check(value)
      if (found !== undefined) return found
    }
    return undefined
  }
}

function checkOfWord(word: string, content: unknown, schema: Schema, named: (name: string) => Check): Check {
  switch (word) {
    case '$ref':
      return named(String(content).replace('#/$defs/', ''))
    case 'type':
      return typeCheck(Array.isArray(content) ? content.map(String) : [String(content)], schema, named)
    case 'const':
      return (value) => (value === content ? undefined : fault(`is not ${JSON.stringify(content)}`))
    case 'enum': {
      const values: readonly unknown[] = Array.isArray(content) ? content : []
      const names = values.map((value) => JSON.stringify(value)).join(', ')
      return (value) => (values.includes(value) ? undefined : fault(`is none of ${names}`))
    }
    case 'oneOf':
      return oneOfCheck(
        Array.isArray(content) ? content.map((option) => checkOf(schemaOf(option), named)) : [],
      )
    case 'properties':
      return propertiesCheck(schemaOf(content), schema, named)
    case 'additionalProperties':
      // Looked at together with `properties`.
      return () => undefined
    case 'minItems':
      return (value) =>
        Array.isArray(value) && value.length < Number(content)
          ? fault(`has less than ${content} entries`)
          : undefined
    case 'maxItems':
      return (value) =>
        Array.isArray(value) && value.length > Number(content)
          ? fault(`has more than ${content} entries`)
          : undefined
    case 'minimum':
      return (value) => (Number(value) < Number(content) ? fault(`is below ${content}`) : undefined)
    case 'exclusiveMinimum':
      return (value) => (Number(value) <= Number(content) ? fault(`is not above ${content}`) : undefined)
    case 'maximum':
      return (value) => (Number(value) > Number(content) ? fault(`is above ${content}`) : undefined)
    default:
      throw new TypeError(`the word '${word}' of JSON Schema is not known here`)
  }
}

function typeCheck(types: readonly string[], { items }: Schema, named: (name: string) => Check): Check {
  const wrong = fault(`is no ${types.join(' or ')}`)
  const entry = items === undefined ? undefined : checkOf(schemaOf(items), named)
  return (value) => {
    if (!types.some((type) => isOfType(value, type))) return wrong
    if (entry === undefined || !Array.isArray(value)) return undefined
    for (let i = 0; i < value.length; i++) {
      const found = entry(value[i])
      if (found !== undefined) return { path: joined(`[${i}]`, found.path), text: found.text }
    }
    return undefined
  }
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value)
    case 'number':
      return Number.isFinite(value)
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isRecord(value)
    default:
      return typeof value === type
  }
}

function propertiesCheck(properties: Schema, schema: Schema, named: (name: string) => Check): Check {
  const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : []
  const checks = new Map(
    Object.entries(properties).map(([name, property]) => [name, checkOf(schemaOf(property), named)]),
  )
  return (value) => {
    if (!isRecord(value)) return fault('is no object')
    for (const [name, check] of checks) {
      const entry = value[name]
      if (entry === undefined && !required.includes(name)) continue
      const found = entry === undefined ? fault('is missing') : check(entry)
      if (found !== undefined) return { path: joined(name, found.path), text: found.text }
    }
    if (schema.additionalProperties !== false) return undefined
    const unknown = Object.keys(value).find((name) => !checks.has(name))
    return unknown === undefined ? undefined : { path: unknown, text: 'is not known' }
  }
}

/**
 * The options of the Plan's schema exclude each other; where none fits, the fault that lies deepest counts.
 */
function oneOfCheck(options: readonly Check[]): Check {
  return (value) => {
    let deepest: Fault | undefined
    for (const option of options) {
      const found = option(value)
      if (found === undefined) return undefined
      if (deepest === undefined || found.path.length > deepest.path.length) deepest = found
    }
    return deepest
  }
}

function schemaOf(value: unknown): Schema {
  return isRecord(value) ? value : {}
}
