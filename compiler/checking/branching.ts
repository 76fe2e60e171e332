// `if` and `match`. Both sides are checked; the side that this experiment does not take is checked for names
// and types only, and the passes in it are not made.
import { nearestName } from '../../grammar/nearest-name.js'
import type { IfExpression, MatchExpression } from '../../grammar/syntax.js'
import { labelled } from '../diagnostics/reporter.js'
import { closedLists, showMembers } from '../types/closed-lists.js'
import { describeValue } from '../types/describe.js'
import { describeType, type Type } from '../types/type.js'
import { errorValue, typeOf, type Value } from '../types/value.js'
import { asScalar, limitSize } from './arithmetic.js'
import type { Compilation, Scope } from './compilation.js'
import { evaluate, locate } from './expressions.js'

export function evaluateIf(c: Compilation, e: IfExpression, scope: Scope, expected: Type | undefined): Value {
  const condition = evaluate(c, e.condition, scope, { kind: 'bool' })
  const take = (branch: typeof e.then, taken: boolean) =>
    taken
      ? evaluate(c, branch, scope, expected)
      : c.reporter.untaken(() => evaluate(c, branch, scope, expected))
  if (condition.kind === 'bool') {
    const yes = take(e.then, condition.value)
    const no = take(e.else, !condition.value)
    if (!agree(c, [yes, no], [e.then, e.else], scope)) return errorValue
    return condition.value ? yes : no
  }
  const yes = evaluate(c, e.then, scope, expected)
  const no = evaluate(c, e.else, scope, expected)
  if (condition.kind === 'scalar' && condition.condition) {
    const [a, b] = [asScalar(yes), asScalar(no)]
    if (a && b && a.condition === b.condition) {
      const chosen: Value = {
        kind: 'scalar',
        // biome-ignore lint/suspicious/noThenProperty: the Plan's `if` has a branch of this name; nothing awaits it
        scalar: { op: 'if', condition: condition.scalar, then: a.scalar, else: b.scalar },
        loss: condition.loss || a.loss || b.loss,
        condition: a.condition,
      }
      return limitSize(c, chosen, locate(scope, e))
    }
    if (yes.kind !== 'error' && no.kind !== 'error') {
      c.reporter.report('SAU3001', {
        gaps: {
          subject: 'a choice that changes while training',
          expected: 'numbers or losses',
          found: describeValue(a ? no : yes),
        },
        labels: [
          labelled(locate(scope, a ? e.else : e.then)),
          labelled(locate(scope, e.condition), 'changes while training'),
        ],
      })
    }
    return errorValue
  }
  if (condition.kind !== 'error') {
    c.reporter.report('SAU3008', {
      gaps: { found: describeValue(condition) },
      labels: [labelled(locate(scope, e.condition))],
    })
  }
  return errorValue
}

export function evaluateMatch(
  c: Compilation,
  e: MatchExpression,
  scope: Scope,
  expected: Type | undefined,
): Value {
  const subject = evaluate(c, e.subject, scope)
  const members =
    subject.kind === 'choice'
      ? closedLists[subject.list].members
      : subject.kind === 'bool'
        ? ['true', 'false']
        : undefined
  const chosen =
    subject.kind === 'choice' ? subject.member : subject.kind === 'bool' ? String(subject.value) : ''
  if (!members && subject.kind !== 'error') {
    c.reporter.report('SAU3013', {
      gaps: { found: describeValue(subject) },
      labels: [labelled(locate(scope, e.subject))],
    })
  }
  const seen = new Set<string>()
  const values: Value[] = []
  let result: Value | undefined
  for (const { pattern, value: body } of e.arms) {
    const at = { file: scope.file, span: pattern.span }
    if (seen.has(pattern.text)) {
      c.reporter.report('SAU2022', { gaps: { name: pattern.text }, labels: [labelled(at)] })
    } else if (members && !members.includes(pattern.text)) {
      const nearest = nearestName(pattern.text, members)
      c.reporter.report('SAU2019', {
        gaps: {
          name: pattern.text,
          list: subject.kind === 'choice' ? `\`${subject.list}\`` : 'the truths',
          members: subject.kind === 'choice' ? showMembers(subject.list) : '`true`, `false`',
        },
        labels: [labelled(at)],
        help: nearest && `did you mean \`${nearest}\`?`,
        fix: nearest === undefined ? undefined : { title: `write ${nearest}`, ...at, replacement: nearest },
      })
      if (nearest) seen.add(nearest)
    }
    const taken = pattern.text === chosen && !seen.has(pattern.text)
    seen.add(pattern.text)
    const value = taken
      ? evaluate(c, body, scope, expected)
      : c.reporter.untaken(() => evaluate(c, body, scope, expected))
    values.push(value)
    if (taken) result = value
  }
  const missing = members?.filter((member) => !seen.has(member)) ?? []
  if (missing.length > 0) {
    c.reporter.report('SAU2021', {
      gaps: { missing: missing.map((member) => `\`${member}\``).join(', ') },
      labels: [labelled(locate(scope, e))],
    })
  }
  const bodies = e.arms.map((arm) => arm.value)
  return agree(c, values, bodies, scope) ? (result ?? errorValue) : errorValue
}

/** All branches give values of one kind. */
function agree(
  c: Compilation,
  values: readonly Value[],
  written: readonly { readonly span: { readonly start: number; readonly end: number } }[],
  scope: Scope,
): boolean {
  const first = values.findIndex((value) => value.kind !== 'error')
  const reference = values[first]
  const place = written[first]
  if (!reference || !place) return true
  for (const [position, value] of values.entries()) {
    const other = written[position]
    if (!other || value.kind === 'error' || sameKind(reference, value)) continue
    c.reporter.report('SAU3009', {
      gaps: { left: describeType(typeOf(reference)), right: describeType(typeOf(value)) },
      labels: [
        labelled(locate(scope, other), describeType(typeOf(value))),
        labelled(locate(scope, place), describeType(typeOf(reference))),
      ],
    })
    return false
  }
  return true
}

function sameKind(a: Value, b: Value): boolean {
  const loose = (value: Value) =>
    value.kind === 'number' || (value.kind === 'scalar' && !value.condition)
      ? 'number'
      : value.kind === 'string' || value.kind === 'path'
        ? 'path'
        : value.kind
  return loose(a) === loose(b)
}
