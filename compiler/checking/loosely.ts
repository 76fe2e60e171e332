// Expressions in places that have no type, because what they stand in is wrong.
import type { Expression } from '../../grammar/syntax.js'
import { functionsNamed } from '../functions/registry.js'
import type { WrittenCall } from './calls.js'
import type { Compilation, Scope } from './compilation.js'
import { evaluate } from './expressions.js'
import { markUsed } from './names.js'
import { childrenOf, markNames } from './walk.js'

export function checkArgumentsLoosely(c: Compilation, written: WrittenCall, scope: Scope): void {
  for (const argument of written.arguments) checkLoosely(c, argument.value, scope)
}

/**
 * Checks an expression whose place has no known type: the calls in it that mean the same in every place,
 * while bare words may be of any list and only count as used.
 */
export function checkLoosely(c: Compilation, e: Expression, scope: Scope): void {
  switch (e.kind) {
    case 'call': {
      const callee = e.callee.kind === 'name' ? e.callee.name : undefined
      const network = callee !== undefined && c.program.names.get(callee)?.node.kind === 'network'
      if (network || (callee !== undefined && functionsNamed(callee).length === 1)) evaluate(c, e, scope)
      else markNames(c, e, scope)
      return
    }
    case 'name':
      markUsed(c, scope, e.name)
      return
    case 'member':
      if (c.program.names.has(rootName(e) ?? '')) evaluate(c, e, scope)
      else markNames(c, e, scope)
      return
    // A part of a pipe means nothing without the parts before it.
    case 'pipe':
    case 'match':
      markNames(c, e, scope)
      return
    default:
      for (const child of childrenOf(e)) checkLoosely(c, child, scope)
  }
}

function rootName(e: Expression): string | undefined {
  let root = e
  while (root.kind === 'member' || root.kind === 'call')
    root = root.kind === 'member' ? root.object : root.callee
  return root.kind === 'name' ? root.name : undefined
}
