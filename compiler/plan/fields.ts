// What the Plan is declared with: a field has its JSON Schema, and its type follows from it. Operations that
// exist at two levels, while a file is checked and in the Plan, are declared once, as rows of fields with
// holes in them: what a hole holds (a node, a stream, a dataset) is an object at the one level and a position
// at the other.
import { largestSeed } from './seeds.js'

export type Schema = Readonly<Record<string, unknown>>

export interface Field<T> {
  readonly schema: Schema
  /** The hole that it is, or is a list of. */
  readonly hole?: string
  /** Never there: only the compiler asks. */
  readonly holds?: T
}

/** A field that may be left out. */
export interface Optional<T> extends Field<T> {
  readonly optional: true
}

/** What stands in a field until a level says what it is there. */
export interface Hole<Name extends string> {
  readonly hole: Name
}

export type Fields = Readonly<Record<string, Field<unknown>>>

type Flat<T> = { readonly [K in keyof T]: T[K] }

type At<Level, T> =
  T extends Hole<infer Name>
    ? Level[Name & keyof Level]
    : T extends readonly Hole<infer Name>[]
      ? readonly Level[Name & keyof Level][]
      : T

type Held<Level, F> = F extends Field<infer T> ? At<Level, T> : never

/** An object of these fields, with the holes of a level. */
export type ObjectOf<Row, Level = unknown> = Flat<
  { readonly [K in keyof Row as Row[K] extends Optional<unknown> ? never : K]: Held<Level, Row[K]> } & {
    readonly [K in keyof Row as Row[K] extends Optional<unknown> ? K : never]?: Held<Level, Row[K]>
  }
>

/** One of the rows, told from the others by the field `Tag`. */
export type OneOf<Tag extends string, Rows, Level = unknown> = {
  [Name in keyof Rows]: Flat<{ readonly [K in Tag]: Name } & ObjectOf<Rows[Name], Level>>
}[keyof Rows]

// ---- kinds of fields --------------------------------------------------------------------------------------

const field = <T>(schema: Schema): Field<T> => ({ schema })

export const text = field<string>({ type: 'string' })
export const truth = field<boolean>({ type: 'boolean' })
export const number = field<number>({ type: 'number' })
export const whole = field<number>({ type: 'integer' })
export const count = field<number>({ type: 'integer', minimum: 1 })
/** A position in one of the Plan's lists, or a number of images. */
export const position = field<number>({ type: 'integer', minimum: 0 })
export const share = field<number>({ type: 'number', minimum: 0, maximum: 1 })

export const seed = field<number>({ type: 'integer', minimum: 0, maximum: largestSeed })

/** Numbers from, or above, a bound on. */
export const bounded = (bounds: {
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
}): Field<number> => field({ type: 'number', ...bounds })

export const integer = (minimum: number, maximum: number): Field<number> =>
  field({ type: 'integer', minimum, maximum })

export const oneOf = <const T extends string>(...values: readonly T[]): Field<T> => field({ enum: values })

export const only = <const T extends string | number>(value: T): Field<T> => field({ const: value })

/** At least `least` of them. */
export const list = <T>(items: Field<T>, least = 0): Field<readonly T[]> => ({
  schema: { type: 'array', items: items.schema, minItems: least },
  ...(items.hole !== undefined && { hole: items.hole }),
})

export const optional = <T>(of: Field<T>): Optional<T> => ({ ...of, optional: true })

/** A reference, in the Plan a position unless another field says what it is there. */
export const hole = <const Name extends string>(
  name: Name,
  inPlan: Field<unknown> = position,
): Field<Hole<Name>> => ({
  schema: inPlan.schema,
  hole: name,
})

// ---- what is read off rows --------------------------------------------------------------------------------

/** What stands in each hole at the level `To`, for what stands in it at the level `From`. */
export type Fills<From, To> = {
  readonly [Name in keyof From]: (reference: From[Name]) => To[Name & keyof To]
}

/**
 * The operation of a row with its holes filled for another level; `Result` is what the row says of that
 * level.
 */
export function refilled<From, To, Result>(
  fields: Fields,
  operation: object,
  fills: Fills<From, To>,
): Result {
  const byName = new Map<string, unknown>(Object.entries(fills))
  const entries = Object.entries(operation).flatMap(([name, value]: [string, unknown]) => {
    const fill = byName.get(fields[name]?.hole ?? '')
    if (value === undefined) return []
    if (typeof fill !== 'function') return [[name, value]]
    return [[name, Array.isArray(value) ? value.map((each) => fill(each)) : fill(value)]]
  })
  // What the row is declared with is what `Result` is made of.
  return Object.fromEntries(entries) as Result
}

/** What stands in the holes of one name, in the order of the fields. */
export function referred<Level, Name extends keyof Level & string>(
  fields: Fields,
  operation: object,
  name: Name,
): readonly Level[Name][] {
  const values = new Map<string, unknown>(Object.entries(operation))
  const found = Object.entries(fields).flatMap(([key, { hole: of }]) => {
    const value = of === name ? values.get(key) : undefined
    return value === undefined ? [] : value
  })
  // What the row is declared with is what the operation's type is made of.
  return found as Level[Name][]
}

/** An object with exactly these fields; `tag` is the name of a constant field, and what it may be. */
export function objectSchema(
  fields: Fields,
  tag?: readonly [name: string, values: readonly string[]],
): Schema {
  const [name = '', values = []] = tag ?? []
  const constant: Fields = tag === undefined ? {} : { [name]: constantField(values) }
  const all = Object.entries({ ...constant, ...fields })
  return {
    type: 'object',
    properties: Object.fromEntries(all.map(([key, { schema }]) => [key, schema])),
    required: all.flatMap(([key, of]) => ('optional' in of ? [] : [key])),
    additionalProperties: false,
  }
}

function constantField(values: readonly string[]): Field<string> {
  const [first = '', second] = values
  return second === undefined ? only(first) : oneOf(...values)
}

/** One of the rows, with the fields that all of them have. Rows that are one object are said once. */
export function rowsSchema(tag: string, rows: Readonly<Record<string, Fields>>, common: Fields = {}): Schema {
  const names = new Map<Fields, string[]>()
  for (const [name, fields] of Object.entries(rows)) names.set(fields, [...(names.get(fields) ?? []), name])
  return {
    oneOf: [...names].map(([fields, values]) => objectSchema({ ...fields, ...common }, [tag, values])),
  }
}

// ---- what is for people -----------------------------------------------------------------------------------

const outsideIdentity = Symbol('outside the identity')

/**
 * A field for people: where something comes from or lies, what it is called. Plans that differ in it alone
 * are the same experiment.
 */
export const outside = <F extends Field<unknown>>(of: F): F => ({
  ...of,
  schema: { ...of.schema, [outsideIdentity]: true },
})

/** Whether the values that a schema describes are for people. */
export function isOutside(schema: object): boolean {
  return outsideIdentity in schema
}
