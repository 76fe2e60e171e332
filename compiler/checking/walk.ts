// Walking expressions without evaluating them.
import type { Expression } from '../../grammar/syntax.js'
import type { Compilation, Scope } from './compilation.js'
import { markUsed } from './names.js'

/** The expressions directly inside one. */
export function childrenOf(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'number':
    case 'string':
    case 'name':
    case 'missing':
      return []
    case 'member':
      return [e.object]
    case 'call':
      return [e.callee, ...e.arguments.map((argument) => argument.value)]
    case 'list':
      return e.items
    case 'range':
      return [e.from, e.to]
    case 'unary':
      return [e.operand]
    case 'binary':
    case 'pipe':
      return [e.left, e.right]
    case 'bound':
      return [e.value]
    case 'if':
      return [e.condition, e.then, e.else]
    case 'match':
      return [e.subject, ...e.arms.map((arm) => arm.value)]
    case 'parenthesized':
      return [e.inner]
  }
}

/**
 * Calls `visit` for an expression and everything in it, outer ones first, in textual order; deep trees do no
 * harm.
 */
export function walk(root: Expression, visit: (e: Expression) => void): void {
  const waiting: Expression[] = [root]
  for (let e = waiting.pop(); e; e = waiting.pop()) {
    visit(e)
    const children = childrenOf(e)
    for (let at = children.length - 1; at >= 0; at--) {
      const child = children[at]
      if (child) waiting.push(child)
    }
  }
}

/**
 * Counts the names in an expression that cannot be checked as used, so that they are not called unused as
 * well.
 */
export function markNames(c: Compilation, root: Expression, scope: Scope): void {
  walk(root, (e) => {
    if (e.kind === 'name') markUsed(c, scope, e.name)
    if (e.kind === 'member') c.doubtful.add(e.member.text)
  })
}
