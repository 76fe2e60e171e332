// What an expression is worth. `expected` is the type of the place it stands in; it decides between functions
// of one name and between words of closed lists and values, nothing else: whether the value fits is the
// place's own question.
import { nearestName } from '../../grammar/nearest-name.js'
import type { Expression, Identifier, Span } from '../../grammar/syntax.js'
import { units } from '../../grammar/words.js'
import { type Location, labelled } from '../diagnostics/reporter.js'
import { describeValue } from '../types/describe.js'
import type { Type } from '../types/type.js'
import { errorValue, type Value } from '../types/value.js'
import { evaluateBinary, evaluateUnary } from './arithmetic.js'
import { evaluateIf, evaluateMatch } from './branching.js'
import { evaluateCall } from './calls.js'
import type { Compilation, Scope } from './compilation.js'
import { evaluateMember } from './members.js'
import { evaluateName, evaluateQuoted } from './names.js'
import { evaluatePipe } from './pipes.js'

/** Nesting beyond this is refused, so that no file can exhaust the stack. */
const deepest = 1000

/** How deep lists may stand in lists, by definitions too: the words for what they are grow with it. */
const deepestList = 100

/** How deep the lists in a list stand. */
const depths = new WeakMap<Value, number>()

export function locate(scope: Scope, node: { readonly span: Span }): Location {
  return { file: scope.file, span: node.span }
}

export function evaluate(c: Compilation, expression: Expression, scope: Scope, expected?: Type): Value {
  if (c.depth >= deepest) {
    c.reporter.report('SAU1020', { gaps: {}, labels: [labelled(locate(scope, expression))] })
    return errorValue
  }
  c.depth++
  try {
    return evaluateInner(c, expression, scope, expected)
  } finally {
    c.depth--
  }
}

function evaluateInner(c: Compilation, e: Expression, scope: Scope, expected: Type | undefined): Value {
  switch (e.kind) {
    case 'missing':
      return errorValue
    case 'parenthesized':
      return evaluate(c, e.inner, scope, expected)
    case 'number': {
      if (!e.unit) return { kind: 'number', value: e.value }
      const unit = Object.hasOwn(units, e.unit.text) ? units[e.unit.text] : undefined
      if (!unit) {
        reportUnknownUnit(c, e.unit, scope)
        return errorValue
      }
      return {
        kind: 'number',
        value: e.value,
        unit: { name: e.unit.text, of: unit.dimension, size: unit.factor },
      }
    }
    case 'string':
      return (
        evaluateQuoted(c, e.value, locate(scope, e), expected) ?? {
          kind: 'string',
          text: e.value,
          folder: c.host.resolve(scope.file, '..'),
        }
      )
    case 'name':
      return evaluateName(c, e, scope, expected)
    case 'member':
      return evaluateMember(c, e, scope)
    case 'call':
      return evaluateCall(c, e, scope, expected)
    case 'pipe':
      return evaluatePipe(c, e, scope, expected)
    case 'list': {
      const of = expected?.kind === 'list' ? expected.of : undefined
      const items = e.items.map((item) => ({ value: evaluate(c, item, scope, of), at: locate(scope, item) }))
      const depth = 1 + items.reduce((most, { value }) => Math.max(most, depths.get(value) ?? 0), 0)
      if (depth > deepestList) {
        c.reporter.report('SAU1020', { gaps: {}, labels: [labelled(locate(scope, e))] })
        return errorValue
      }
      const list: Value = { kind: 'list', items }
      depths.set(list, depth)
      return list
    }
    case 'range': {
      const from = plainNumber(c, e.from, scope)
      const to = plainNumber(c, e.to, scope)
      if (from === undefined || to === undefined) return errorValue
      if (from <= to) return { kind: 'range', from, to }
      c.reporter.report('SAU3003', {
        gaps: { from, to, fault: 'reversed' },
        labels: [labelled(locate(scope, e))],
      })
      return errorValue
    }
    case 'bound': {
      const value = plainNumber(c, e.value, scope)
      return value === undefined ? errorValue : { kind: 'bound', operator: e.operator, value }
    }
    case 'unary':
      return evaluateUnary(c, e, scope)
    case 'binary':
      return evaluateBinary(c, e, scope)
    case 'if':
      return evaluateIf(c, e, scope, expected)
    case 'match':
      return evaluateMatch(c, e, scope, expected)
  }
}

function reportUnknownUnit(c: Compilation, unit: Identifier, scope: Scope): void {
  const nearest = nearestName(unit.text, Object.keys(units))
  const at = locate(scope, unit)
  c.reporter.report('SAU2023', {
    gaps: { name: unit.text },
    labels: [labelled(at)],
    help: nearest
      ? `did you mean \`${nearest}\`?`
      : `units are ${Object.keys(units)
          .map((name) => `\`${name}\``)
          .join(', ')}`,
    fix: nearest === undefined ? undefined : { title: `write ${nearest}`, ...at, replacement: nearest },
  })
}

/** An end of a range, or what a bound compares with. */
function plainNumber(c: Compilation, e: Expression, scope: Scope): number | undefined {
  const value = evaluate(c, e, scope, { kind: 'float' })
  if (value.kind === 'error') return undefined
  if (value.kind === 'number' && !value.unit) return value.value
  c.reporter.report(value.kind === 'number' ? 'SAU3002' : 'SAU3001', {
    gaps: { subject: 'a range', expected: 'plain numbers', found: describeValue(value) },
    labels: [labelled(locate(scope, e))],
  })
  return undefined
}
