// Pipes: `x |> f(y)`. View operations, layers of heads and schedules compose; everything else is `f(x, y)`.
import type { Expression, PipeExpression } from '../../grammar/syntax.js'
import { labelled } from '../diagnostics/reporter.js'
import { functionIn } from '../functions/registry.js'
import { describeValue } from '../types/describe.js'
import type { Type } from '../types/type.js'
import { unknownLayer, unknownStep, unknownView } from '../types/unknown.js'
import { errorValue, type Value } from '../types/value.js'
import type { Given } from './arguments.js'
import { callNamed } from './calls.js'
import type { Compilation, Scope } from './compilation.js'
import { evaluate, locate } from './expressions.js'
import { groupOf } from './names.js'

export function evaluatePipe(
  c: Compilation,
  e: PipeExpression,
  scope: Scope,
  expected: Type | undefined,
): Value {
  const chain = [e.right]
  let first: Expression = e.left
  while (first.kind === 'pipe') {
    chain.push(first.right)
    first = first.left
  }
  chain.reverse()
  const group = composingGroup(expected, [first, ...chain])
  if (group) {
    const type: Type = { kind: group }
    return [first, ...chain]
      .map((part) => ({ value: evaluate(c, part, scope, type), at: locate(scope, part) }))
      .reduce((left, right) => ({ value: compose(c, left, right), at: right.at })).value
  }
  let value = evaluate(c, first, scope, expected?.kind === 'dataset' ? expected : undefined)
  let at = locate(scope, first)
  for (const part of chain) {
    const callee = part.kind === 'call' ? part.callee : part
    const callGroup = value.kind === 'dataset' ? 'dataset' : undefined
    const whole = { file: scope.file, span: { start: first.span.start, end: part.span.end } }
    value = callNamed(
      c,
      callee,
      {
        expression: part,
        arguments: part.kind === 'call' ? part.arguments : [],
        at: whole,
        callee: locate(scope, callee),
        piped: { value, at },
      },
      scope,
      value.kind === 'dataset' && expected && groupOf(expected) !== 'dataset' ? groupOf(expected) : callGroup,
    )
    at = whole
  }
  return value
}

/** The composing group that a pipe is of: the expected one, or the one that all its parts may belong to. */
function composingGroup(
  expected: Type | undefined,
  parts: readonly Expression[],
): 'view' | 'layers' | 'schedule' | undefined {
  const wanted = groupOf(expected)
  if (wanted === 'view' || wanted === 'layers' || wanted === 'schedule') return wanted
  if (wanted) return undefined
  for (const group of ['view', 'layers', 'schedule'] as const) {
    const fits = parts.every((part) => {
      const name = part.kind === 'call' ? part.callee : part
      return name.kind === 'name' && functionIn(group, name.name) !== undefined
    })
    if (fits) return group
  }
  return undefined
}

/** A view composed with itself again and again doubles each time; no experiment needs this many parts. */
const longestComposition = 1000

function lengthOf(value: Value): number {
  switch (value.kind) {
    case 'view':
      return value.operations.length
    case 'layers':
      return value.layers.length
    case 'schedule':
      return value.factors.length
    default:
      return 1
  }
}

function unknownLike(value: Value, at: Given['at']): Value {
  if (value.kind === 'view') return unknownView(unknownStep('', at, () => undefined))
  return value.kind === 'layers' ? unknownLayer(undefined, at) : value
}

function compose(c: Compilation, left: Given, right: Given): Value {
  const [a, b] = [left.value, right.value]
  // What is wrong stands for one unknown part of the chain.
  if (a.kind === 'error' && b.kind !== 'error')
    return compose(c, { ...left, value: unknownLike(b, left.at) }, right)
  if (b.kind === 'error' && a.kind !== 'error')
    return compose(c, left, { ...right, value: unknownLike(a, right.at) })
  if (a.kind === 'error' || b.kind === 'error') return errorValue
  if (lengthOf(a) + lengthOf(b) > longestComposition) {
    // What doubles once too often does so again further on.
    if (!c.overflowed) c.reporter.report('SAU1020', { gaps: {}, labels: [labelled(right.at)] })
    c.overflowed = true
    return errorValue
  }
  if (a.kind === 'view' && b.kind === 'view') {
    return { kind: 'view', operations: [...a.operations, ...b.operations], identity: undefined }
  }
  if (a.kind === 'layers' && b.kind === 'layers')
    return { kind: 'layers', layers: [...a.layers, ...b.layers] }
  if (a.kind === 'schedule' && b.kind === 'schedule') {
    const per = a.per === 'step' || b.per === 'step' ? 'step' : 'epoch'
    return { kind: 'schedule', factors: [...a.factors, ...b.factors], per }
  }
  c.reporter.report('SAU3007', {
    gaps: { operator: '|>', left: describeValue(a), right: describeValue(b) },
    labels: [labelled(right.at, describeValue(b)), labelled(left.at, describeValue(a))],
  })
  const known = [a, b].find(({ kind }) => kind === 'view' || kind === 'layers')
  return known
    ? compose(c, { ...left, value: known }, { ...right, value: unknownLike(known, right.at) })
    : errorValue
}
