// Bare words: members of closed lists and operations first where one is expected, then values.
import { nearestName } from '../../grammar/nearest-name.js'
import type { NameExpression } from '../../grammar/syntax.js'
import { type Location, labelled } from '../diagnostics/reporter.js'
import type { FunctionDeclaration, FunctionGroup } from '../functions/declaration.js'
import { functionIn, functionNames, functionsNamed } from '../functions/registry.js'
import type { DeclaredNode } from '../names/declared.js'
import { foreignName } from '../names/foreign-names.js'
import { meansNoNumber, meansNothing, truthWord } from '../names/foreign-words.js'
import { closedLists, showMembers } from '../types/closed-lists.js'
import { classCountOf } from '../types/dataset-node.js'
import { type ClosedListName, describeType, type Type } from '../types/type.js'
import { unknownOperation } from '../types/unknown.js'
import { errorValue, type Value } from '../types/value.js'
import { callFunction, listed, showFunctions } from './calls.js'
import type { Compilation, Scope } from './compilation.js'
import { evaluateDeclared } from './declarations.js'
import { locate } from './expressions.js'

/** The group of functions whose results fit a type. */
export function groupOf(type: Type | undefined): FunctionGroup | undefined {
  switch (type?.kind) {
    case 'dataset':
    case 'view':
    case 'layers':
    case 'backbone':
    case 'schedule':
    case 'optimizer':
    case 'metric':
    case 'stream':
    case 'memory':
      return type.kind
    case 'prototypes':
      return 'memory'
    case 'batch':
    case 'labels':
    case 'loss':
    case 'scalar':
      return 'step'
    case 'either':
      return type.options.map(groupOf).find((group) => group !== undefined)
    case 'share_of_gap':
      return 'share_of_gap'
    default:
      return undefined
  }
}

/** Groups whose operations may be written as a bare word wherever one is expected. */
const bareGroups: ReadonlySet<FunctionGroup> = new Set(['view', 'layers', 'schedule', 'optimizer', 'metric'])

/** An operation that needs no argument. */
function standsAlone(declaration: FunctionDeclaration): boolean {
  return (
    bareGroups.has(declaration.group) &&
    Object.values(declaration.parameters).every(({ presence }) => presence === 'optional')
  )
}

function closedListsOf(type: Type | undefined): ClosedListName[] {
  if (type?.kind === 'choice') return [type.list]
  if (type?.kind === 'either') return type.options.flatMap(closedListsOf)
  return []
}

export function evaluateName(
  c: Compilation,
  e: NameExpression,
  scope: Scope,
  expected: Type | undefined,
): Value {
  const word = e.name
  for (const list of closedListsOf(expected)) {
    if (closedLists[list].members.includes(word)) return { kind: 'choice', list, member: word }
  }
  const group = groupOf(expected)
  const operation = group && bareGroups.has(group) ? functionIn(group, word) : undefined
  const at = locate(scope, e)
  if (operation) return callFunction(c, operation, { expression: e, arguments: [], at, callee: at }, scope)
  if (word === 'true' || word === 'false') return { kind: 'bool', value: word === 'true' }

  const declared = scope.branch?.lets.get(word) ?? c.program.names.get(word)
  if (declared) {
    declared.uses++
    return evaluateDeclared(c, declared, expected)
  }
  if (word === 'epoch' || word === 'progress' || word === 'step' || word === 'epochs') {
    return { kind: 'scalar', scalar: { op: 'time', name: word }, loss: false, condition: false }
  }
  if (word === 'classes' && scope.network) {
    const binding = c.context.binding(scope.network)
    const count = binding && classCountOf(binding.dataset)
    return count === undefined ? errorValue : { kind: 'number', value: count }
  }
  const bare = group ? undefined : functionsNamed(word).find(standsAlone)
  if (bare) return callFunction(c, bare, { expression: e, arguments: [], at, callee: at }, scope)
  if (c.program.unreadable.has(word)) return unknownOperation(group, at)
  const nearest = reportUnknown(c, e, scope, expected, group)
  // Functions are few and known: the nearest one is what was meant.
  const meant =
    nearest !== undefined && group && bareGroups.has(group) ? functionIn(group, nearest) : undefined
  return meant && standsAlone(meant)
    ? callFunction(c, meant, { expression: e, arguments: [], at, callee: at }, scope)
    : unknownOperation(group, at)
}

/** A text where an operation is expected: `metrics = ["top1"]`. Undefined where none is. */
export function evaluateQuoted(
  c: Compilation,
  text: string,
  at: Location,
  expected: Type | undefined,
): Value | undefined {
  const isList = expected?.kind === 'list'
  const group = groupOf(isList ? expected.of : expected)
  if (expected === undefined || !group || !bareGroups.has(group)) return undefined
  const names = functionNames(group)
  const meant = names.includes(text) ? text : (foreignName(text, names)?.name ?? nearestName(text, names))
  const written = meant && isList ? `[${meant}]` : meant
  c.reporter.report('SAU3001', {
    gaps: { subject: 'what stands here', expected: describeType(expected), found: `the text "${text}"` },
    labels: [labelled(at)],
    help: written === undefined ? showFunctions(group) : `write \`${written}\` without quotes`,
    fix: written === undefined ? undefined : { title: `write ${written}`, ...at, replacement: written },
  })
  return unknownOperation(group, at)
}

function reportUnknown(
  c: Compilation,
  e: NameExpression,
  scope: Scope,
  expected: Type | undefined,
  group: FunctionGroup | undefined,
): string | undefined {
  const [list] = closedListsOf(expected)
  const foreign = foreignName(e.name, candidatesFor(c, scope, expected, group))
  const nearest =
    foreign?.name ??
    nearestName(e.name, candidatesFor(c, scope, expected, group), c.effort) ??
    nearestName(e.name, ['true', 'false'])
  if (nearest !== undefined) markUsed(c, scope, nearest)
  else if (c.program.importsMissing && !list) return undefined
  const at = locate(scope, e)
  const fix =
    nearest === undefined || lossNamed(c, e.name)
      ? undefined
      : { title: `write ${nearest}`, ...at, replacement: nearest }
  const suggestion = listed(foreign?.sentence, group) ?? (nearest && `did you mean \`${nearest}\`?`)
  if (list) {
    c.reporter.report('SAU2019', {
      gaps: { name: e.name, list: `\`${list}\``, members: showMembers(list) },
      labels: [labelled(at)],
      help: suggestion,
      fix,
    })
    return nearest
  }
  c.reporter.report('SAU2001', {
    gaps: { name: e.name },
    labels: [labelled(at)],
    help:
      lossNamed(c, e.name) ??
      suggestion ??
      explainWord(e.name) ??
      (group && bareGroups.has(group) ? showFunctions(group) : undefined),
    fix,
  })
  return nearest
}

/** What a word that is not known may have been, in the order in which equally near ones are preferred. */
function* candidatesFor(
  c: Compilation,
  scope: Scope,
  expected: Type | undefined,
  group: FunctionGroup | undefined,
): Iterable<string> {
  const [list] = closedListsOf(expected)
  if (list) yield* closedLists[list].members
  if (group && bareGroups.has(group)) yield* functionNames(group)
  yield* scope.branch?.lets.keys() ?? []
  yield* c.program.names.keys()
  if (scope.network) yield 'classes'
  if (groupOf(expected) === 'step') yield* ['epoch', 'epochs', 'progress', 'step']
}

/** A loss is reached through its branch only. */
function lossNamed(c: Compilation, name: string): string | undefined {
  for (const branch of c.program.branches.values()) {
    const loss = branch.losses.get(name)
    if (!loss) continue
    loss.uses++
    return `write \`${branch.name}.${name}\`: a loss is read through its branch`
  }
  return undefined
}

function explainWord(word: string): string | undefined {
  const truth = truthWord(word)
  if (truth !== undefined) return `write \`${truth}\``
  if (meansNothing(word))
    return 'there is no word for what is absent: leave the argument or the field out, and it has its default'
  if (meansNoNumber(word)) return 'every number is finite: write one, or leave the argument or the field out'
  if (word === 'classes')
    return '`classes` is the number of classes of a network, and stands in its heads only'
  if (functionsNamed(word).length > 0) return `\`${word}\` is a function: write \`${word}(...)\``
  return undefined
}

/** Counts a name as used though nothing could be made of the use. */
export function markUsed(c: Compilation, scope: Scope, name: string): void {
  const declared = scope.branch?.lets.get(name) ?? c.program.names.get(name)
  if (declared) declared.uses++
}

/** Names of all declarations of one kind, in the order of the text. */
export function* namesOfKind(c: Compilation, kind: DeclaredNode['kind']): Iterable<string> {
  for (const { name, node } of c.program.names.values()) if (node.kind === kind) yield name
}
