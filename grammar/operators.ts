// The operators with their precedence, for the parser and the printer alike.
import type { IToken } from 'chevrotain'
import { spanOf } from './lexer.js'
import type { BinaryOperator, Expression, Span } from './syntax.js'

export interface InfixOperatorRule {
  /** A greater number binds tighter. */
  readonly precedence: number
  /** How `a op b op c` groups. */
  readonly groups: 'left' | 'right'
}

const left = (precedence: number): InfixOperatorRule => ({ precedence, groups: 'left' })

/** What stands between two operands, loosest first. */
export const infixOperators: Readonly<Record<BinaryOperator | '..' | '|>', InfixOperatorRule>> = {
  '|>': left(1),
  or: left(2),
  and: left(3),
  '==': left(5),
  '!=': left(5),
  '<': left(5),
  '<=': left(5),
  '>': left(5),
  '>=': left(5),
  '..': left(6),
  '+': left(7),
  '-': left(7),
  '*': left(8),
  '/': left(8),
  '^': { precedence: 10, groups: 'right' },
}

/** What stands before one operand. */
export const prefixOperators: Readonly<Record<'-' | 'not', number>> = { not: 4, '-': 9 }

/** Binds tighter than any operator: names, calls, brackets. */
export const atomPrecedence = 11

export type ExpressionPart =
  | { readonly part: 'operand'; readonly expression: Expression }
  | { readonly part: 'prefix' | 'infix'; readonly token: IToken }

/**
 * Groups `- a ^ b + c` and the like by the precedence of its operators. `parts` alternates: any number of
 * prefixes and an operand, then an infix operator, and so on; it ends with an operand.
 */
export function groupByPrecedence(parts: readonly ExpressionPart[]): Expression {
  const [only] = parts
  if (parts.length === 1 && only?.part === 'operand') return only.expression
  let position = 0

  const readOperand = (): Expression => {
    const part = parts[position++]
    if (part === undefined) throw new Error('an expression ends with an operand')
    if (part.part === 'operand') return part.expression
    const operator = part.token.image === 'not' ? 'not' : '-'
    const operand = read(prefixOperators[operator])
    return {
      kind: 'unary',
      operator,
      operand,
      span: { start: part.token.startOffset, end: operand.span.end },
    }
  }

  const read = (minimum: number): Expression => {
    let expression = readOperand()
    for (;;) {
      const part = parts[position]
      if (part?.part !== 'infix') return expression
      const operator = infixOf(part.token)
      const { precedence, groups } = infixOperators[operator]
      if (precedence < minimum) return expression
      position++
      const right = read(groups === 'right' ? precedence : precedence + 1)
      expression = join(operator, expression, right, spanOf(part.token))
    }
  }

  return read(0)
}

function isInfix(text: string): text is keyof typeof infixOperators {
  return Object.hasOwn(infixOperators, text)
}

/** The operator that a token is or stands for (`&&` for `and`). */
function infixOf(token: IToken): keyof typeof infixOperators {
  if (isInfix(token.image)) return token.image
  const label = token.tokenType.LABEL?.slice(1, -1) ?? ''
  if (isInfix(label)) return label
  throw new Error(`no infix operator: ${token.image}`)
}

function join(
  operator: keyof typeof infixOperators,
  leftSide: Expression,
  right: Expression,
  operatorSpan: Span,
): Expression {
  const span = { start: leftSide.span.start, end: right.span.end }
  switch (operator) {
    case '|>':
      return { kind: 'pipe', left: leftSide, right, span }
    case '..':
      return { kind: 'range', from: leftSide, to: right, span }
    default:
      return { kind: 'binary', operator, left: leftSide, right, operatorSpan, span }
  }
}
