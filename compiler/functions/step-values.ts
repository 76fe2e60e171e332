// What the functions of a step share: their labels, rows that must belong to the same images, losses.
import { type Location, labelled } from '../diagnostics/reporter.js'
import type { Rows, StepNodeDraft } from '../types/step-draft.js'
import type { Type } from '../types/type.js'
import type { LabelsValue, ScalarValue } from '../types/value.js'
import type { RuleContext, Slot } from './declaration.js'
import { reportMismatch } from './slots.js'

/** The number of classes, equal wherever it stands in one call. */
export const K = { variable: 'K' }
/** The length of an embedding. */
export const d = { variable: 'd' }

/** Labels of some forms, for the function of a name. */
export function labelsOf(name: string, forms: readonly LabelsValue['form'][]): Slot<LabelsValue> {
  const type: Type = { kind: 'labels', form: forms.length === 1 ? forms[0] : undefined, classes: K }
  return {
    type,
    take(value, site) {
      if (value.kind !== 'labels') {
        return reportMismatch(site, { kind: 'labels', form: undefined, classes: undefined }, value)
      }
      if (forms.includes(value.form)) return value
      site.context.reporter.report('SAU3201', {
        gaps: { function: name, expected: forms.join(' or '), found: value.form },
        labels: [labelled(site.at, `${value.form} labels`), labelled(value.node.at, 'made here')],
        help:
          value.form === 'soft'
            ? 'mixing makes labels soft; read the labels of a stream: `stream.labels`'
            : 'corrected labels may hold noise; they are for `supcon`',
      })
      return undefined
    },
  }
}

/** Reports tensors whose rows belong to different images. */
export function checkRows(
  context: RuleContext,
  first: { readonly rows: Rows | undefined },
  firstAt: Location,
  second: { readonly rows: Rows | undefined },
  secondAt: Location,
): boolean {
  if (!first.rows || !second.rows || first.rows.key === second.rows.key) return true
  context.reporter.report('SAU3206', {
    gaps: { first: first.rows.name, second: second.rows.name },
    labels: [labelled(secondAt, `of ${second.rows.name}`), labelled(firstAt, `of ${first.rows.name}`)],
  })
  return false
}

/** A node that something wrong makes of what is right. */
export function unknownNode(
  context: RuleContext,
  at: Location,
  ...inputs: readonly ({ readonly node: StepNodeDraft } | undefined)[]
): StepNodeDraft {
  const nodes = inputs.flatMap((input) => (input ? [input.node] : []))
  return context.node({ op: 'unknown', inputs: nodes }, at)
}

/** A node that computes a loss. */
export function loss(node: StepNodeDraft): ScalarValue {
  return { kind: 'scalar', scalar: { op: 'node', node }, loss: true, condition: false }
}
