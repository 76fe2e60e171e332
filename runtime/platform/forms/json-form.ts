// The forms of the JSON that run and sweep folders hold. A file may have been torn, edited or filled with
// zeros by a crash: what is read is held against its form before anybody believes its type. Forms are written
// against the type that they stand for, field by field, so that a new field that no form knows does not
// compile.

/** What is wrong with a value: where in it (`processes[0].pid`, empty for the value itself), and how. */
export interface Fault {
  readonly path: string
  /** `is no text`. */
  readonly text: string
}

export interface Form<T> {
  /**
   * Undefined where the value has the form. A measure that JSON wrote as null is put back as NaN on the way.
   */
  readonly fault: (value: unknown) => Fault | undefined
  /** Never there: only the compiler asks. */
  readonly of?: T
}

/** The form of a field that may be missing. */
export interface Maybe<T> extends Form<T> {
  readonly maybe: true
}

/** A form for every field of T. */
export type Fields<T> = {
  readonly [K in keyof T]-?: undefined extends T[K] ? Maybe<NonNullable<T[K]>> : Form<T[K]>
}

interface AnyForm extends Form<unknown> {
  readonly maybe?: true
  readonly restores?: true
}

export function conforms<T>(form: Form<T>, value: unknown): value is T {
  return form.fault(value) === undefined
}

/** The value, or what is wrong with it. A form may be recursive, and a text nest deeper than any stack. */
export function checked<T>(form: Form<T>, value: unknown): { readonly value: T } | { readonly fault: Fault } {
  try {
    return conforms(form, value) ? { value } : { fault: form.fault(value) ?? fault('is wrong') }
  } catch (error) {
    if (error instanceof RangeError) return { fault: fault('nests too deeply') }
    throw error
  }
}

/** `processes[0].pid is no whole number`; of the whole value `it is no object`. */
export function faultText({ path, text }: Fault): string {
  return `${path === '' ? 'it' : path} ${text}`
}

export const fault = (text: string): Fault => ({ path: '', text })

function when<T>(isRight: (value: unknown) => boolean, otherwise: string): Form<T> {
  const wrong = fault(otherwise)
  return { fault: (value) => (isRight(value) ? undefined : wrong) }
}

export const text: Form<string> = when((value) => typeof value === 'string', 'is no text')
export const truth: Form<boolean> = when((value) => typeof value === 'boolean', 'is neither true nor false')
export const number: Form<number> = when(Number.isFinite, 'is no number')
/** A count, a position, a step. */
export const whole: Form<number> = when(
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  'is no whole number from 0 on',
)
/** A number that was computed: where it is NaN or infinite, JSON has null. */
export const measure: Form<number> & { readonly restores: true } = {
  fault: (value) => (value === null ? undefined : number.fault(value)),
  restores: true,
}

/** Whole numbers from `least` to `most`. */
export function between(least: number, most: number): Form<number> {
  return when(
    (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
    `is no whole number from ${least} to ${most}`,
  )
}

export function oneOf<const T extends string | number | boolean>(...values: readonly T[]): Form<T> {
  const known: readonly unknown[] = values
  const names = values.map((value) => JSON.stringify(value)).join(', ')
  return when(
    (value) => known.includes(value),
    values.length === 1 ? `is not ${names}` : `is none of ${names}`,
  )
}

/** A text that a pattern takes whole. */
export function matching(pattern: RegExp, what: string): Form<string> {
  return when((value) => typeof value === 'string' && pattern.test(value), `is no ${what}`)
}

export const sha256Text: Form<string> = matching(/^[0-9a-f]{64}$/, 'SHA-256 in hex')

export function maybe<T>(form: Form<T>): Maybe<T> {
  return { ...form, maybe: true }
}

export function nullable<T>(form: Form<T>): Form<T | null> {
  return { fault: (value) => (value === null ? undefined : form.fault(value)) }
}

/** The first of the forms that fits counts; where none does, the fault that lies deepest. */
export function either<T extends readonly unknown[]>(
  ...forms: {
    readonly [I in keyof T]: Form<T[I]>
  }
): Form<T[number]> {
  return {
    fault(value) {
      let deepest: Fault | undefined
      for (const form of forms) {
        const found = form.fault(value)
        if (found === undefined) return undefined
        if (deepest === undefined || found.path.length > deepest.path.length) deepest = found
      }
      return deepest
    },
  }
}

export function list<T>(form: Form<T>): Form<readonly T[]> {
  const item: AnyForm = form
  return {
    fault(value) {
      if (!Array.isArray(value)) return fault('is no list')
      for (let i = 0; i < value.length; i++) {
        if (item.restores === true && value[i] === null) {
          value[i] = Number.NaN
          continue
        }
        const found = item.fault(value[i])
        if (found !== undefined) return { path: joined(`[${i}]`, found.path), text: found.text }
      }
      return undefined
    },
  }
}

/** An object of any names. */
export function record<T>(form: Form<T>): Form<Readonly<Record<string, T>>> {
  return {
    fault(value) {
      if (!isRecord(value)) return fault('is no object')
      for (const [name, entry] of Object.entries(value)) {
        const found = form.fault(entry)
        if (found !== undefined) return { path: joined(name, found.path), text: found.text }
      }
      return undefined
    },
  }
}

/** An object with these fields; others beside them are of a later version, and no fault. */
export function object<T extends object>(fields: Fields<T>): Form<T> {
  const known: readonly (readonly [string, AnyForm])[] = Object.entries(fields)
  return {
    fault(value) {
      if (!isRecord(value)) return fault('is no object')
      for (const [name, form] of known) {
        const entry = value[name]
        if (entry === undefined) {
          if (form.maybe !== true) return { path: name, text: 'is missing' }
        } else if (entry === null && form.restores === true) value[name] = Number.NaN
        else {
          const found = form.fault(entry)
          if (found !== undefined) return { path: joined(name, found.path), text: found.text }
        }
      }
      return undefined
    },
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function joined(name: string, path: string): string {
  return path === '' || path.startsWith('[') ? `${name}${path}` : `${name}.${path}`
}

/** Milliseconds that a date can have, by ECMAScript. */
export const time = between(0, 8.64e15)

/** One line's value of a journal: its kind, its time, and what lines of this kind hold besides. */
export function eventForm<Event extends { readonly event: string; readonly time: number }>(
  contents: Readonly<Record<string, Form<unknown>>>,
): Form<Event> {
  const kinds = new Map(Object.entries(contents))
  return {
    fault(value) {
      if (!isRecord(value)) return fault('is no object')
      const content = typeof value.event === 'string' ? kinds.get(value.event) : undefined
      if (content === undefined) return { path: 'event', text: 'is of no kind that is known' }
      const late = time.fault(value.time)
      return late === undefined ? content.fault(value) : { path: 'time', text: late.text }
    },
  }
}
