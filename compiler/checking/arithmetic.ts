// Operators on numbers, truths, paths, words, and on numbers that change while training.
import type { BinaryExpression, UnaryExpression } from '../../grammar/syntax.js'
import { type Location, labelled } from '../diagnostics/reporter.js'
import { partsOf } from '../plan/scalar.js'
import { describeValue } from '../types/describe.js'
import type { DraftScalar } from '../types/step-draft.js'
import type { Type } from '../types/type.js'
import { errorValue, type ScalarValue, type Value } from '../types/value.js'
import type { Compilation, Scope } from './compilation.js'
import { evaluate, locate } from './expressions.js'

/** A scalar added to itself again and again doubles each time; no experiment needs this many parts. */
const largestScalar = 10_000

/**
 * How deep the parts of a scalar may stand in one another: what walks them later does so by calling itself.
 */
const deepestScalar = 1000

interface Extent {
  /** How many parts a scalar has when it is written out. */
  readonly size: number
  readonly depth: number
}

const extents = new WeakMap<DraftScalar, Extent>()

/** The value, or an error where it is a scalar of too many parts. */
export function limitSize(c: Compilation, value: Value, at: Location): Value {
  if (value.kind !== 'scalar') return value
  const { size, depth } = extentOf(value.scalar)
  if (size <= largestScalar && depth <= deepestScalar) return value
  if (size > largestScalar) {
    c.reporter.report('SAU1021', { gaps: { what: 'this', most: '10,000' }, labels: [labelled(at)] })
  } else c.reporter.report('SAU1020', { gaps: {}, labels: [labelled(at)] })
  return errorValue
}

/** Parts of a scalar, written out; each part is counted once, however many scalars it is part of. */
export function extentOf(scalar: DraftScalar): Extent {
  const known = extents.get(scalar)
  if (known !== undefined) return known
  const parts = partsOf(scalar).map(extentOf)
  const extent = {
    size: parts.reduce((total, part) => total + part.size, 1),
    depth: 1 + Math.max(0, ...parts.map(({ depth }) => depth)),
  }
  extents.set(scalar, extent)
  return extent
}

export function evaluateUnary(c: Compilation, e: UnaryExpression, scope: Scope): Value {
  const value = evaluate(c, e.operand, scope)
  if (value.kind === 'error') return value
  if (e.operator === '-') {
    if (value.kind === 'number' && !value.unit) return { kind: 'number', value: -value.value }
    if (value.kind === 'scalar' && !value.condition) {
      const negated: Value = { ...value, scalar: { op: 'negate', value: value.scalar } }
      return limitSize(c, negated, locate(scope, e))
    }
  } else {
    if (value.kind === 'bool') return { kind: 'bool', value: !value.value }
    if (value.kind === 'scalar' && value.condition) {
      const inverse: Value = { ...value, scalar: { op: 'not', value: value.scalar } }
      return limitSize(c, inverse, locate(scope, e))
    }
  }
  c.reporter.report('SAU3007', {
    gaps: { operator: e.operator, left: describeValue(value), right: 'nothing' },
    labels: [labelled(locate(scope, e.operand), describeValue(value))],
    help: e.operator === '-' ? '`-` takes a number' : '`not` takes true or false',
  })
  return errorValue
}

export function evaluateBinary(c: Compilation, e: BinaryExpression, scope: Scope): Value {
  const left = evaluate(c, e.left, scope)
  // A word of a closed list means something only beside a value of that list.
  const expected: Type | undefined = left.kind === 'choice' ? { kind: 'choice', list: left.list } : undefined
  const right = evaluate(c, e.right, scope, expected)
  if (left.kind === 'error' || right.kind === 'error') return errorValue
  const value = combine(c, e, left, right, scope)
  if (value) return limitSize(c, value, locate(scope, e))
  c.reporter.report('SAU3007', {
    gaps: { operator: e.operator, left: describeValue(left), right: describeValue(right) },
    labels: [
      labelled({ file: scope.file, span: e.operatorSpan }),
      labelled(locate(scope, e.left), describeValue(left)),
      labelled(locate(scope, e.right), describeValue(right)),
    ],
  })
  return errorValue
}

function combine(
  c: Compilation,
  e: BinaryExpression,
  left: Value,
  right: Value,
  scope: Scope,
): Value | undefined {
  const { operator } = e
  if (operator === '/' && isPathLike(left) && isPathLike(right)) {
    if (left.kind === 'string' && right.kind === 'path') return undefined
    return joinPaths(c, left, right, locate(scope, e))
  }
  if (operator === '==' || operator === '!=') {
    const equal = sameWord(left, right)
    if (equal !== undefined) return { kind: 'bool', value: equal === (operator === '==') }
  }
  if (operator === 'and' || operator === 'or') return combineTruths(operator, left, right)
  if (left.kind === 'number' && right.kind === 'number') {
    if (left.unit || right.unit) return undefined
    return combineNumbers(c, e, left.value, right.value, scope)
  }
  const [a, b] = [asScalar(left), asScalar(right)]
  if (!a || !b || a.condition || b.condition) return undefined
  return combineScalars(operator, a, b)
}

type PathLike = Extract<Value, { kind: 'path' | 'string' }>

const isPathLike = (value: Value): value is PathLike => value.kind === 'path' || value.kind === 'string'

/**
 * `left / right`; a definition that joins the one before it with itself is soon longer than any system's
 * paths.
 */
function joinPaths(c: Compilation, left: PathLike, right: PathLike, at: Location): Value {
  const base = left.kind === 'path' ? left.text.replace(/\/$/, '') : left.text
  const text = left.kind === 'path' && left.text === '' ? right.text : `${base}/${right.text}`
  if (text.length > longestPath) {
    c.reporter.report('SAU3320', {
      gaps: { length: text.length, most: longestPath },
      labels: [labelled(at)],
    })
    return errorValue
  }
  const behind = (value: PathLike) => (value.kind === 'path' ? value.params : (value.from?.params ?? []))
  return left.kind === 'path'
    ? {
        kind: 'path',
        text,
        absolute: c.host.resolve(left.absolute, right.text),
        params: [...new Set([...left.params, ...behind(right)])],
      }
    : { kind: 'path', text, absolute: c.host.resolve(left.folder, text), params: behind(left) }
}

/** Letters; Linux opens no path that is longer. */
const longestPath = 4096

/** Equality of words, texts and truths; undefined where the two cannot be compared so. */
function sameWord(left: Value, right: Value): boolean | undefined {
  if (left.kind === 'choice' && right.kind === 'choice' && left.list === right.list)
    return left.member === right.member
  if (left.kind === 'string' && right.kind === 'string') return left.text === right.text
  if (left.kind === 'bool' && right.kind === 'bool') return left.value === right.value
  return undefined
}

function combineTruths(operator: 'and' | 'or', left: Value, right: Value): Value | undefined {
  if (left.kind === 'bool' && right.kind === 'bool') {
    return { kind: 'bool', value: operator === 'and' ? left.value && right.value : left.value || right.value }
  }
  const [a, b] = [asCondition(left), asCondition(right)]
  if (!a || !b) return undefined
  return {
    kind: 'scalar',
    scalar: { op: operator, left: a.scalar, right: b.scalar },
    loss: a.loss || b.loss,
    condition: true,
  }
}

function combineNumbers(
  c: Compilation,
  e: BinaryExpression,
  a: number,
  b: number,
  scope: Scope,
): Value | undefined {
  switch (e.operator) {
    case '<':
      return { kind: 'bool', value: a < b }
    case '<=':
      return { kind: 'bool', value: a <= b }
    case '>':
      return { kind: 'bool', value: a > b }
    case '>=':
      return { kind: 'bool', value: a >= b }
    case '==':
      return { kind: 'bool', value: a === b }
    case '!=':
      return { kind: 'bool', value: a !== b }
    case 'and':
    case 'or':
      return undefined
    default: {
      const value = arithmetic(e.operator, a, b)
      if (Number.isFinite(value)) return { kind: 'number', value }
      c.reporter.report('SAU3011', {
        gaps: { what: `${a} ${e.operator} ${b}` },
        labels: [labelled(locate(scope, e))],
      })
      return errorValue
    }
  }
}

function arithmetic(operator: '+' | '-' | '*' | '/' | '^', a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return b === 0 ? Number.NaN : a / b
    case '^':
      return a ** b
  }
}

function combineScalars(
  operator: BinaryExpression['operator'],
  a: ScalarValue,
  b: ScalarValue,
): Value | undefined {
  const loss = a.loss || b.loss
  const number = (scalar: DraftScalar): Value => ({ kind: 'scalar', scalar, loss, condition: false })
  const truth = (scalar: DraftScalar): Value => ({ kind: 'scalar', scalar, loss, condition: true })
  const [left, right] = [a.scalar, b.scalar]
  switch (operator) {
    case '+':
      return number({ op: 'add', left, right })
    case '-':
      return number({ op: 'subtract', left, right })
    case '*':
      return number({ op: 'multiply', left, right })
    case '/':
      return number({ op: 'divide', left, right })
    case '^':
      return number({ op: 'power', left, right })
    case '<':
      return truth({ op: 'less', left, right })
    case '<=':
      return truth({ op: 'less_equal', left, right })
    case '>':
      return truth({ op: 'less', left: right, right: left })
    case '>=':
      return truth({ op: 'less_equal', left: right, right: left })
    case '==':
      return truth({ op: 'equal', left, right })
    case '!=':
      return truth({ op: 'not', value: { op: 'equal', left, right } })
    case 'and':
    case 'or':
      return undefined
  }
}

/** A number as a scalar of the step. */
export function asScalar(value: Value): ScalarValue | undefined {
  if (value.kind === 'scalar') return value
  if (value.kind !== 'number' || value.unit) return undefined
  return { kind: 'scalar', scalar: { op: 'number', value: value.value }, loss: false, condition: false }
}

function asCondition(value: Value): ScalarValue | undefined {
  if (value.kind === 'scalar') return value.condition ? value : undefined
  if (value.kind !== 'bool') return undefined
  return {
    kind: 'scalar',
    scalar: { op: 'number', value: value.value ? 1 : 0 },
    loss: false,
    condition: true,
  }
}
