// Arguments of a call and the parameters that they are for.
import { nearestName } from '../../grammar/nearest-name.js'
import { type Location, labelled } from '../diagnostics/reporter.js'
import { type FunctionDeclaration, type Parameter, signature } from '../functions/declaration.js'
import { foreignName } from '../names/foreign-names.js'
import { showMembers } from '../types/closed-lists.js'
import { counted } from '../types/describe.js'
import { describeType, type Type } from '../types/type.js'
import type { Value } from '../types/value.js'
import type { WrittenCall } from './calls.js'
import type { Compilation, Scope } from './compilation.js'
import { evaluate, locate } from './expressions.js'
import { checkLoosely } from './loosely.js'

export interface Given {
  readonly value: Value
  readonly at: Location
}

function describeSlot(type: Type): string {
  return type.kind === 'choice' ? `one of ${showMembers(type.list)}` : describeType(type)
}

export interface PlacedArguments {
  readonly given: ReadonlyMap<string, readonly Given[]>
  /**
   * Parameters that are missing, that were given twice, or whose name is misspelt, with the place that says
   * so.
   */
  readonly misplaced: ReadonlyMap<string, Location>
  /** Some argument belongs to no parameter. */
  readonly unplaced: boolean
}

/**
 * Pairs arguments with parameters and evaluates them. An argument whose name is misspelt is that of the
 * nearest name.
 */
export function placeArguments(
  c: Compilation,
  declaration: FunctionDeclaration,
  parameters: readonly (readonly [string, Parameter<unknown>])[],
  written: WrittenCall,
  scope: Scope,
): PlacedArguments {
  const given = new Map<string, Given[]>()
  const misplaced = new Map<string, Location>()
  let lost = 0
  let next = 0
  const put = (name: string, argument: Given) => {
    const known = given.get(name)
    if (known) known.push(argument)
    else given.set(name, [argument])
  }
  const placed = () => {
    const entry = parameters[next]
    if (entry && entry[1].presence !== 'rest') next++
    return entry
  }
  if (written.piped) {
    const entry = placed()
    if (entry) put(entry[0], written.piped)
    else {
      reportTooMany(c, declaration, parameters.length, written.piped.at)
      lost++
    }
  }
  const names = new Set(written.arguments.flatMap(({ name }) => (name ? [name.text] : [])))
  let named = false
  for (const argument of written.arguments) {
    const at = locate(scope, argument.value)
    const name = argument.name
    named ||= name !== undefined
    if (named && !name) {
      // An argument by place behind one by name has been reported for its form.
      checkLoosely(c, argument.value, scope)
      lost++
      continue
    }
    let entry = name ? parameters.find(([known]) => known === name.text) : placed()
    if (!entry || (name && entry[1].presence === 'rest')) {
      if (!name) reportTooMany(c, declaration, parameters.length, at)
      const nameAt = name && { file: scope.file, span: name.span }
      const meant = nameAt && reportUnknownArgument(c, declaration, name.text, nameAt)
      entry = parameters.find(([known]) => known === meant && !names.has(known) && !given.has(known))
      if (!entry) {
        checkLoosely(c, argument.value, scope)
        lost++
        continue
      }
      misplaced.set(entry[0], at)
    } else if (given.has(entry[0]) && entry[1].presence !== 'rest') {
      c.reporter.report('SAU2015', {
        gaps: { name: entry[0], function: declaration.name },
        labels: [
          labelled(locate(scope, argument), 'again'),
          ...(given.get(entry[0]) ?? []).map((first) => labelled(first.at, 'first')),
        ],
      })
      misplaced.set(entry[0], at)
      checkLoosely(c, argument.value, scope)
      continue
    }
    put(entry[0], { value: evaluate(c, argument.value, scope, entry[1].slot.type), at })
  }
  const missing = parameters.filter(([name, { presence }]) => presence === 'required' && !given.has(name))
  for (const [name] of missing) misplaced.set(name, written.at)
  // An argument that is called otherwise is not missing as well.
  for (const [name, { slot, doc }] of missing.slice(named ? lost : 0)) {
    c.reporter.report('SAU2013', {
      gaps: { function: declaration.name, name, type: doc },
      labels: [labelled(written.callee)],
      help: `\`${declaration.name}(${signature(declaration)})\`; \`${name}\` is ${describeSlot(slot.type)}`,
    })
  }
  return { given, misplaced, unplaced: lost > 0 }
}

function reportTooMany(c: Compilation, declaration: FunctionDeclaration, most: number, at: Location): void {
  c.reporter.report('SAU2014', {
    gaps: {
      function: declaration.name,
      most: most === 0 ? 'no argument' : counted(most, 'argument'),
      signature: signature(declaration),
    },
    labels: [labelled(at)],
  })
}

function reportUnknownArgument(
  c: Compilation,
  declaration: FunctionDeclaration,
  name: string,
  at: Location,
): string | undefined {
  const known = Object.entries(declaration.parameters).flatMap(([parameter, { presence }]) =>
    presence === 'rest' ? [] : [parameter],
  )
  const foreign = foreignName(name, known)
  const nearest = foreign ? foreign.name : nearestName(name, known)
  c.reporter.report('SAU2003', {
    gaps: { function: declaration.name, name },
    labels: [labelled(at)],
    help:
      foreign?.sentence ??
      (nearest
        ? `did you mean \`${nearest}\`?`
        : known.length > 0
          ? `it has ${known.map((one) => `\`${one}\``).join(', ')}`
          : 'it has none'),
    fix: nearest === undefined ? undefined : { title: `write ${nearest}`, ...at, replacement: nearest },
  })
  return nearest
}
