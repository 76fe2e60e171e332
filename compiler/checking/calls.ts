// Calls of functions and networks, and pipes.
import { nearestName } from '../../grammar/nearest-name.js'
import type { Argument, CallExpression, Expression, NameExpression } from '../../grammar/syntax.js'
import { type Location, labelled } from '../diagnostics/reporter.js'
import type { Call, FunctionDeclaration, FunctionGroup } from '../functions/declaration.js'
import { functionIn, functionNames, functionsNamed } from '../functions/registry.js'
import { foreignName } from '../names/foreign-names.js'
import { callSeed } from '../plan/seeds.js'
import { type Substitution, type Type, unify } from '../types/type.js'
import { unknownOperation } from '../types/unknown.js'
import { errorValue, typeOf, type Value } from '../types/value.js'
import { placeArguments } from './arguments.js'
import type { Compilation, Scope } from './compilation.js'
import { locate } from './expressions.js'
import { checkArgumentsLoosely } from './loosely.js'
import { groupOf, markUsed, namesOfKind } from './names.js'
import { callNetwork, networkNamed } from './networks.js'
import { trainingSeed } from './seeds.js'
import { walk } from './walk.js'

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
    checkArgumentsLoosely(c, written, scope)
    if (callee.kind !== 'missing') {
      c.reporter.report('SAU3014', {
        gaps: { what: callee.kind === 'member' ? `\`${callee.member.text}\`` : 'this' },
        labels: [labelled(written.callee)],
        help: calledBare(callee, group) ?? 'only functions and networks are called, by their bare name',
      })
    }
    return unknownOperation(group, written.at)
  }
  const network = networkNamed(c, callee.name)
  if (network !== undefined) {
    if (network !== 'error') return callNetwork(c, network, written, scope)
    checkArgumentsLoosely(c, written, scope)
    return errorValue
  }
  const declaration = (group && functionIn(group, callee.name)) ?? functionsNamed(callee.name)[0]
  if (declaration) return callFunction(c, declaration, written, scope)
  const nearest = reportUnknownFunction(c, callee, written, scope, group)
  // Functions are few and known: if the arguments fit the nearest one, it is what was meant.
  const meant =
    nearest === undefined
      ? undefined
      : ((group && functionIn(group, nearest)) ?? (group ? undefined : functionsNamed(nearest)[0]))
  if (meant && argumentsFit(meant, written)) return callFunction(c, meant, written, scope)
  const meantNetwork = nearest === undefined || meant ? undefined : networkNamed(c, nearest)
  if (meantNetwork && meantNetwork !== 'error') return callNetwork(c, meantNetwork, written, scope)
  checkArgumentsLoosely(c, written, scope)
  return unknownOperation(group, written.at)
}

/** `torch.optim.SGD(...)`: the last name alone is a function here. */
function calledBare(callee: Expression, group: FunctionGroup | undefined): string | undefined {
  if (callee.kind !== 'member') return undefined
  const name = callee.member.text
  const names = functionNames(group)
  const meant = foreignName(name, names)?.name ?? names.find((known) => known === name.toLowerCase())
  return meant && `write \`${meant}(...)\`: functions are called by their bare name`
}

function argumentsFit(declaration: FunctionDeclaration, written: WrittenCall): boolean {
  const { parameters } = declaration
  const entries = Object.entries(parameters)
  const named = written.arguments.flatMap(({ name }) => (name ? [name.text] : []))
  const byPlace = written.arguments.length - named.length + (written.piped ? 1 : 0)
  const most = entries.some(([, { presence }]) => presence === 'rest')
    ? Number.POSITIVE_INFINITY
    : entries.length
  return byPlace <= most && named.every((name) => nearestName(name, Object.keys(parameters)) !== undefined)
}

function* callableNames(c: Compilation): Iterable<string> {
  yield* namesOfKind(c, 'network')
  yield* functionNames()
}

/** What may stand in a place, where nothing near was written. */
export function showFunctions(group: FunctionGroup): string {
  const names = functionNames(group).map((name) => `\`${name}\``)
  return `what may stand here: ${names.join(', ')}`
}

/**
 * Metrics are few, and other programs have many: whoever asks for one that is not there is told all of them.
 */
export function listed(suggestion: string | undefined, group: FunctionGroup | undefined): string | undefined {
  if (suggestion === undefined || group !== 'metric') return suggestion
  return `${suggestion}${suggestion.endsWith('?') ? '' : ';'} ${showFunctions(group)}`
}

function reportUnknownFunction(
  c: Compilation,
  callee: NameExpression,
  written: WrittenCall,
  scope: Scope,
  group: FunctionGroup | undefined,
): string | undefined {
  if (c.program.unreadable.has(callee.name)) return undefined
  const foreign = foreignName(callee.name, functionNames(group))
  const nearest =
    foreign?.name ??
    nearestName(callee.name, functionNames(group)) ??
    nearestName(callee.name, callableNames(c), c.effort)
  if (nearest !== undefined) markUsed(c, scope, nearest)
  else if (c.program.importsMissing) return undefined
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
    help:
      listed(foreign?.sentence, group) ??
      (nearest && `did you mean \`${nearest}\`?`) ??
      (group && showFunctions(group)),
    fix:
      nearest === undefined
        ? undefined
        : { title: `write ${nearest}`, ...written.callee, replacement: nearest },
  })
  return nearest
}

// ---- functions --------------------------------------------------------------------------------------------

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
  const { given, misplaced, unplaced } = placeArguments(c, declaration, parameters, written, scope)
  const values: Record<string, unknown> = {}
  const where: Record<string, Location> = {}
  const bound: Substitution = new Map()
  let right = misplaced.size === 0 && !unplaced
  let conflicts = 0
  for (const [name, parameter] of parameters) {
    const arguments_ = given.get(name) ?? []
    where[name] = arguments_[0]?.at ?? misplaced.get(name) ?? written.at
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
    if (parameter.presence === 'rest') values[name] = taken.filter((value) => value !== undefined)
    else if (arguments_.length > 0) values[name] = taken[0]
    else if (!misplaced.has(name)) values[name] = parameter.fallback
    for (const [position, { value, at }] of arguments_.entries()) {
      if (taken[position] === undefined || conflicts > 0) continue
      const conflict = unify(parameter.slot.type, typeOf(value), name, bound)
      if (!conflict) continue
      conflicts++
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
  const call: Call = {
    context: c.context,
    at: written.at,
    callee: written.callee,
    where,
    unplaced,
    owner: scope.owner.name,
    seed: (of) =>
      of
        ? callSeed(trainingSeed(c), of.kind, of.name, 0)
        : callSeed(trainingSeed(c), scope.owner.kind, scope.owner.name, numberOfCall(written, scope)),
  }
  return (right ? declaration.apply(values, call) : undefined) ?? declaration.recover(values, call)
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
