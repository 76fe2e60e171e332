// The fields of `train` and `evaluate`: which there are, of what type, and which must be given.
import { nearestName } from '../../grammar/nearest-name.js'
import type { FieldAssignment } from '../../grammar/syntax.js'
import { type Location, labelled } from '../diagnostics/reporter.js'
import type { Slot } from '../functions/declaration.js'
import { foreignName } from '../names/foreign-names.js'
import type { Compilation, Scope } from './compilation.js'
import { evaluate, locate } from './expressions.js'
import { markNames } from './walk.js'

export interface FieldRule<T> {
  readonly slot: Slot<T>
  readonly doc: string
  /** For a field that must be given: how it is written. */
  readonly example?: string
}

export type FieldRules = Readonly<Record<string, FieldRule<unknown>>>

export type FieldValues<Rules> = {
  readonly [Name in keyof Rules]?: Rules[Name] extends FieldRule<infer T> ? T : never
}

export interface CheckedFields<Rules> {
  /** Values of the fields that were given and fit. */
  readonly values: FieldValues<Rules>
  readonly where: ReadonlyMap<string, Location>
  /** No field is wrong, and none is missing. */
  readonly complete: boolean
}

/** Checks the fields of one block. `block` is its word, `keyword` where that stands. */
export function checkFields<Rules extends FieldRules>(
  c: Compilation,
  block: string,
  keyword: Location,
  fields: readonly FieldAssignment[],
  rules: Rules,
  scopeOf: (field: FieldAssignment) => Scope,
): CheckedFields<Rules> {
  const values: Record<string, unknown> = {}
  const where = new Map<string, Location>()
  const names = new Map<string, Location>()
  let complete = true
  for (const field of fields) {
    const name = field.name.text
    const scope = scopeOf(field)
    const nameAt = { file: scope.file, span: field.name.span }
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    const first = names.get(name)
    if (!rule || first) {
      complete = false
      markNames(c, field.value, scope)
      if (name === '') continue
      if (first) {
        c.reporter.report('SAU2017', {
          gaps: { name },
          labels: [labelled(nameAt, 'again'), labelled(first, 'first')],
        })
        continue
      }
      const foreign = foreignName(name, Object.keys(rules))
      const nearest = foreign ? foreign.name : nearestName(name, Object.keys(rules))
      if (nearest !== undefined) names.set(nearest, nameAt)
      c.reporter.report('SAU2004', {
        gaps: { block, name },
        labels: [labelled(nameAt)],
        help:
          foreign?.sentence ??
          (nearest
            ? `did you mean \`${nearest}\`?`
            : `it has ${Object.keys(rules)
                .map((known) => `\`${known}\``)
                .join(', ')}`),
        fix:
          nearest === undefined ? undefined : { title: `write ${nearest}`, ...nameAt, replacement: nearest },
      })
      continue
    }
    names.set(name, nameAt)
    const at = locate(scope, field.value)
    where.set(name, at)
    const value = rule.slot.take(evaluate(c, field.value, scope, rule.slot.type), {
      context: c.context,
      at,
      subject: `\`${name}\``,
    })
    if (value === undefined) complete = false
    else values[name] = value
  }
  for (const [name, { example }] of Object.entries(rules)) {
    if (example === undefined || names.has(name)) continue
    complete = false
    // It may stand in the part that could not be read.
    if (c.reporter.hasSyntaxErrors) continue
    c.reporter.report('SAU2016', { gaps: { block, name, example }, labels: [labelled(keyword)] })
  }
  // Every value was taken by the slot of its own rule.
  return { values: values as FieldValues<Rules>, where, complete }
}
