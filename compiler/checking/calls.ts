// Calls of functions and networks, and pipes.
import { nearestName } from '../../grammar/nearest-name.js'
import type { Argument, CallExpression, Expression, NameExpression } from '../../grammar/syntax.js'
import { type Location, labelled } from '../diagnostics/reporter.js'
import {
  type FunctionDeclaration,
  type FunctionGroup,
  type Parameter,
  signature,
} from '../functions/declaration.js'
import { functionIn, functionNames, functionsNamed } from '../functions/registry.js'
import { callSeed } from '../lowering/seeds.js'
import { counted } from '../types/describe.js'
import { describeType, type Substitution, type Type, unify } from '../types/type.js'
import { errorValue, typeOf, type Value } from '../types/value.js'
import type { Compilation, Scope } from './compilation.js'
import { evaluate, locate } from './expressions.js'
import { groupOf, markUsed } from './names.js'
import { callNetwork, networkNamed } from './networks.js'
import { trainingSeed } from './seeds.js'
import { markNames, walk } from './walk.js'

/** A call as it is written, with the value that a pipe hands in. */
export interface WrittenCall {
  /** What stands for the call in the tree: one per call in the text. */
  readonly expression: Expression
  readonly arguments: readonly Argument[]
  readonly at: Location
  readonly callee: Location
  readonly piped?: { readonly value: Value; readonly at: Location }
}

export function evaluateCall(
  c: Compilation,
  e: CallExpression,
  scope: Scope,
  expected: Type | undefined,
): Value {
  const written = {
    expression: e,
    arguments: e.arguments,
    at: locate(scope, e),
    callee: locate(scope, e.callee),
  }
  return callNamed(c, e.callee, written, scope, expected && groupOf(expected))
}

/** Calls whatever `callee` names: a network or a function, of `group` where the name stands in several. */
export function callNamed(
  c: Compilation,
  callee: Expression,
  written: WrittenCall,
  scope: Scope,
  group: FunctionGroup | undefined,
): Value {
  if (callee.kind !== 'name') {
    markArguments(c, written, scope)
    if (callee.kind !== 'missing') {
      c.reporter.report('SAU3014', {
        gaps: { what: callee.kind === 'member' ? `\`${callee.member.text}\`` : 'this' },
        labels: [labelled(written.callee)],
        help: 'only functions and networks are called, by their bare name',
      })
    }
    return errorValue
  }
  const network = networkNamed(c, callee.name)
  if (network !== undefined) {
    return network === 'error' ? failed(c, written, scope) : callNetwork(c, network, written, scope)
  }
  const declaration = (group && functionIn(group, callee.name)) ?? functionsNamed(callee.name)[0]
  if (declaration) return callFunction(c, declaration, written, scope)
  reportUnknownFunction(c, callee, written, scope, group)
  return failed(c, written, scope)
}

function failed(c: Compilation, written: WrittenCall, scope: Scope): Value {
  markArguments(c, written, scope)
  return errorValue
}

/** The names in arguments that cannot be checked count as used. */
function markArguments(c: Compilation, written: WrittenCall, scope: Scope): void {
  for (const argument of written.arguments) markNames(c, argument.value, scope)
}

function reportUnknownFunction(
  c: Compilation,
  callee: NameExpression,
  written: WrittenCall,
  scope: Scope,
  group: FunctionGroup | undefined,
): void {
  if (c.program.unreadable.has(callee.name)) return
  const networks = [...c.program.names.values()]
    .filter(({ node }) => node.kind === 'network')
    .map(({ name }) => name)
  const nearest =
    nearestName(callee.name, functionNames(group)) ??
    nearestName(callee.name, [...networks, ...functionNames()])
  if (nearest !== undefined) markUsed(c, scope, nearest)
  const value = scope.branch?.lets.get(callee.name) ?? c.program.names.get(callee.name)
  if (value) value.uses++
  c.reporter.report('SAU2002', {
    gaps: { name: callee.name },
    labels: value
      ? [
          labelled(written.callee),
          labelled({ file: value.file, span: value.node.name.span }, 'a value, not a function'),
        ]
      : [labelled(written.callee)],
    help: nearest && `did you mean \`${nearest}\`?`,
    fix:
      nearest === undefined
        ? undefined
        : { title: `write ${nearest}`, ...written.callee, replacement: nearest },
  })
}

// ---- functions --------------------------------------------------------------------------------------------

export interface Given {
  readonly value: Value
  readonly at: Location
}

/** Checks the arguments of a call against the parameters and applies the function's rule. */
export function callFunction(
  c: Compilation,
  declaration: FunctionDeclaration,
  written: WrittenCall,
  scope: Scope,
): Value {
  if (declaration.group !== 'step') return applyFunction(c, declaration, written, scope)
  const known = c.calls.get(written.expression)
  if (known) return known
  const value = applyFunction(c, declaration, written, scope)
  c.calls.set(written.expression, value)
  return value
}

function applyFunction(
  c: Compilation,
  declaration: FunctionDeclaration,
  written: WrittenCall,
  scope: Scope,
): Value {
  const parameters = Object.entries(declaration.parameters)
  const given = placeArguments(c, declaration, parameters, written, scope)
  if (!given) return errorValue
  const values: Record<string, unknown> = {}
  const where: Record<string, Location> = {}
  const bound: Substitution = new Map()
  let right = true
  for (const [name, parameter] of parameters) {
    const arguments_ = given.get(name) ?? []
    where[name] = arguments_[0]?.at ?? written.at
    const taken = arguments_.map(({ value, at }) =>
      parameter.slot.take(value, {
        context: c.context,
        at,
        subject:
          parameter.presence === 'rest'
            ? `\`${declaration.name}\``
            : `\`${name}\` of \`${declaration.name}\``,
      }),
    )
    if (taken.includes(undefined)) right = false
    if (parameter.presence === 'rest') values[name] = taken
    else values[name] = arguments_.length > 0 ? taken[0] : parameter.fallback
    for (const { value, at } of arguments_) {
      const conflict = right ? unify(parameter.slot.type, typeOf(value), name, bound) : undefined
      if (!conflict) continue
      right = false
      c.reporter.report('SAU3110', {
        gaps: { variable: conflict.variable, first: conflict.first.size, second: conflict.second.size },
        labels: [
          labelled(at, `${conflict.second.size} here`),
          labelled(where[conflict.first.parameter] ?? written.at, `${conflict.first.size} here`),
        ],
      })
    }
  }
  if (!right) return errorValue
  const value = declaration.apply(values, {
    context: c.context,
    at: written.at,
    callee: written.callee,
    where,
    owner: scope.owner.name,
    seed: (of) =>
      of
        ? callSeed(trainingSeed(c), of.kind, of.name, 0)
        : callSeed(trainingSeed(c), scope.owner.kind, scope.owner.name, numberOfCall(written, scope)),
  })
  return value ?? errorValue
}

/** Which of the seeded calls of its declaration a call is, in textual order, from 0. */
function numberOfCall(written: WrittenCall, scope: Scope): number {
  const { root } = scope.owner
  if (!root) return 0
  let before = 0
  walk(root, (e) => {
    if (e.kind === 'call' && e.callee.kind === 'name' && e.callee.span.start < written.callee.span.start) {
      if (functionsNamed(e.callee.name).some((known) => 'seed' in known.parameters)) before++
    }
  })
  return before
}

/** Pairs arguments with parameters and evaluates them; undefined where the call itself is wrong. */
function placeArguments(
  c: Compilation,
  declaration: FunctionDeclaration,
  parameters: readonly (readonly [string, Parameter<unknown>])[],
  written: WrittenCall,
  scope: Scope,
): Map<string, Given[]> | undefined {
  const given = new Map<string, Given[]>()
  let right = true
  let next = 0
  const put = (name: string, argument: Given) => given.set(name, [...(given.get(name) ?? []), argument])
  const placed = () => {
    const entry = parameters[next]
    if (entry && entry[1].presence !== 'rest') next++
    return entry
  }
  if (written.piped) {
    const entry = placed()
    if (entry) put(entry[0], written.piped)
    else right = reportTooMany(c, declaration, parameters.length, written.piped.at)
  }
  let named = false
  for (const argument of written.arguments) {
    const at = locate(scope, argument.value)
    const name = argument.name
    named ||= name !== undefined
    if (named && !name) {
      // An argument by place behind one by name has been reported for its form.
      markNames(c, argument.value, scope)
      right = false
      continue
    }
    const entry = name ? parameters.find(([known]) => known === name.text) : placed()
    if (!entry || (name && entry[1].presence === 'rest')) {
      right = name
        ? reportUnknownArgument(c, declaration, name.text, { file: scope.file, span: name.span })
        : reportTooMany(c, declaration, parameters.length, at)
      markNames(c, argument.value, scope)
      continue
    }
    if (given.has(entry[0]) && entry[1].presence !== 'rest') {
      c.reporter.report('SAU2015', {
        gaps: { name: entry[0], function: declaration.name },
        labels: [
          labelled(locate(scope, argument), 'again'),
          ...(given.get(entry[0]) ?? []).map((first) => labelled(first.at, 'first')),
        ],
      })
      right = false
      continue
    }
    put(entry[0], { value: evaluate(c, argument.value, scope, entry[1].slot.type), at })
  }
  for (const [name, { presence, slot, doc }] of parameters) {
    if (presence !== 'required' || given.has(name)) continue
    c.reporter.report('SAU2013', {
      gaps: { function: declaration.name, name, type: doc },
      labels: [labelled(written.callee)],
      help: `\`${declaration.name}(${signature(declaration)})\`; \`${name}\` is ${describeType(slot.type)}`,
    })
    right = false
  }
  return right ? given : undefined
}

function reportTooMany(c: Compilation, declaration: FunctionDeclaration, most: number, at: Location): false {
  c.reporter.report('SAU2014', {
    gaps: {
      function: declaration.name,
      most: most === 0 ? 'no argument' : counted(most, 'argument'),
      signature: signature(declaration),
    },
    labels: [labelled(at)],
  })
  return false
}

function reportUnknownArgument(
  c: Compilation,
  declaration: FunctionDeclaration,
  name: string,
  at: Location,
): false {
  const known = Object.entries(declaration.parameters).flatMap(([parameter, { presence }]) =>
    presence === 'rest' ? [] : [parameter],
  )
  const nearest = nearestName(name, known)
  c.reporter.report('SAU2003', {
    gaps: { function: declaration.name, name },
    labels: [labelled(at)],
    help: nearest
      ? `did you mean \`${nearest}\`?`
      : known.length > 0
        ? `it has ${known.map((one) => `\`${one}\``).join(', ')}`
        : 'it has none',
    fix: nearest === undefined ? undefined : { title: `write ${nearest}`, ...at, replacement: nearest },
  })
  return false
}
