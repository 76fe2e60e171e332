// What of a Plan is its identity: all but the fields that the schema declares to be for people.
import { isOutside, type Schema } from './fields.js'
import type { Plan } from './plan.js'
import { planSchema } from './schema.js'

/** Takes away what is for people; undefined where nothing is. */
type Taking = ((value: unknown) => unknown) | undefined

let taking: Taking

/**
 * The Plan without what is for people: where things come from and lie, titles, and params, whose effects are
 * in the rest.
 */
export function identityOf(plan: Plan): unknown {
  taking ??= takingOf(planSchema, schemaIn(planSchema, '$defs'), new Map())
  return taking?.(plan)
}

function takingOf(schema: Schema, definitions: Schema, known: Map<string, Taking>): Taking {
  const inner = (of: Schema): Taking => takingOf(of, definitions, known)
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.replace('#/$defs/', '')
    if (!known.has(name)) {
      // Definitions may name themselves.
      known.set(name, undefined)
      known.set(name, inner(schemaIn(definitions, name)))
    }
    return known.get(name)
  }
  if (Array.isArray(schema.oneOf)) return takingOfOptions(schema.oneOf, inner)
  if (isSchema(schema.items)) {
    const item = inner(schema.items)
    return item && ((value) => (Array.isArray(value) ? value.map(item) : value))
  }
  return isSchema(schema.properties) ? takingOfFields(schema.properties, inner) : undefined
}

function takingOfFields(properties: Schema, inner: (of: Schema) => Taking): Taking {
  const fields = Object.entries(properties).flatMap(([name, of]) => {
    if (!isSchema(of)) return []
    if (isOutside(of)) return [[name, () => undefined] as const]
    const take = inner(of)
    return take === undefined ? [] : [[name, take] as const]
  })
  if (fields.length === 0) return undefined
  return (value) => {
    if (!isSchema(value)) return value
    const kept = { ...value }
    for (const [name, take] of fields) if (name in kept) kept[name] = take(kept[name])
    return kept
  }
}

/** Operations and sources are told apart by the first of their fields. */
function takingOfOptions(options: readonly unknown[], inner: (of: Schema) => Taking): Taking {
  const takings = new Map<unknown, Taking>()
  let tag = ''
  for (const option of options) {
    const take = isSchema(option) ? inner(option) : undefined
    if (take === undefined || !isSchema(option)) continue
    const [[name, values] = []] = Object.entries(schemaIn(option, 'properties'))
    tag = name ?? ''
    for (const value of isSchema(values)
      ? [values.const, ...(Array.isArray(values.enum) ? values.enum : [])]
      : [])
      takings.set(value, take)
  }
  if (takings.size === 0) return undefined
  return (value) => {
    const take = isSchema(value) ? takings.get(value[tag]) : undefined
    return take === undefined ? value : take(value)
  }
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function schemaIn(schema: Schema, name: string): Schema {
  const found = schema[name]
  return isSchema(found) ? found : {}
}
