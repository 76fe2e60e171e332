// Canonical text of expressions. Parentheses are kept where the tree has them, and put in where it would
// otherwise be read differently.
import { atomPrecedence, infixOperators, prefixOperators } from './operators.js'
import type { Argument, Expression } from './syntax.js'

/** How tightly an expression holds together: what it may be an operand of without parentheses. */
function precedenceOf(expression: Expression): number {
  switch (expression.kind) {
    case 'if':
    case 'bound':
      return 0
    case 'pipe':
      return infixOperators['|>'].precedence
    case 'range':
      return infixOperators['..'].precedence
    case 'binary':
      return infixOperators[expression.operator].precedence
    case 'unary':
      return prefixOperators[expression.operator]
    case 'number':
    case 'string':
    case 'name':
    case 'member':
    case 'call':
    case 'list':
    case 'match':
    case 'parenthesized':
    case 'missing':
      return atomPrecedence
  }
}

/** Text of an expression, in parentheses if it holds together less tightly than `tightness`. */
export function printExpression(expression: Expression, tightness = 0): string {
  const text = printBare(expression)
  return precedenceOf(expression) < tightness ? `(${text})` : text
}

function printBare(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return expression.unit === undefined ? expression.text : `${expression.text} ${expression.unit.text}`
    case 'string':
      return `"${expression.value}"`
    case 'name':
      return expression.name
    case 'member':
      return `${printHolder(expression.object)}.${expression.member.text}`
    case 'call':
      return `${printHolder(expression.callee)}(${expression.arguments.map(printArgument).join(', ')})`
    case 'list':
      return `[${expression.items.map((item) => printExpression(item)).join(', ')}]`
    case 'range':
      return printInfix(expression.from, '..', expression.to)
    case 'pipe':
      return printInfix(expression.left, '|>', expression.right)
    case 'binary':
      return printInfix(expression.left, expression.operator, expression.right)
    case 'unary': {
      const operand = printExpression(expression.operand, prefixOperators[expression.operator])
      return expression.operator === 'not' ? `not ${operand}` : `-${operand}`
    }
    case 'bound':
      return `${expression.operator} ${printExpression(expression.value)}`
    case 'if': {
      const condition = printExpression(expression.condition)
      return `if ${condition} then ${printExpression(expression.then)} else ${printExpression(expression.else)}`
    }
    case 'match': {
      const arms = expression.arms.map((arm) => `${arm.pattern.text} -> ${printExpression(arm.value)}`)
      const block = arms.length === 0 ? '{}' : `{ ${arms.join(', ')} }`
      return `match ${printExpression(expression.subject)} ${block}`
    }
    case 'parenthesized':
      return `(${printExpression(expression.inner)})`
    case 'missing':
      return ''
  }
}

function printInfix(left: Expression, operator: keyof typeof infixOperators, right: Expression): string {
  const { precedence, groups } = infixOperators[operator]
  const leftText = printExpression(left, groups === 'left' ? precedence : precedence + 1)
  // A sign may stand right behind any operator: `a ^ -b`.
  const isSigned = right.kind === 'unary' && right.operator === '-'
  const tightness = isSigned ? 0 : groups === 'left' ? precedence + 1 : precedence
  const between = operator === '..' ? operator : ` ${operator} `
  return `${leftText}${between}${printExpression(right, tightness)}`
}

/** What a call or a field hangs on. */
function printHolder(expression: Expression): string {
  switch (expression.kind) {
    case 'name':
    case 'member':
    case 'call':
    case 'list':
    case 'string':
    case 'parenthesized':
      return printBare(expression)
    default:
      return `(${printBare(expression)})`
  }
}

function printArgument({ name, value }: Argument): string {
  return name === undefined ? printExpression(value) : `${name.text}: ${printExpression(value)}`
}
