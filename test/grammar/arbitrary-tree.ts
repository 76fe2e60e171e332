// Random syntax trees as the parser could have made them: parentheses stand wherever precedence asks for
// them.
import fc from 'fast-check'
import {
  type Argument,
  type BinaryOperator,
  type Declaration,
  type Expression,
  type FieldAssignment,
  type HeadDeclaration,
  type Identifier,
  infixOperators,
  type LetDeclaration,
  type LossDeclaration,
  prefixOperators,
  type SourceFile,
  type Span,
  type StringExpression,
} from '../../grammar/index.js'
import {
  allFunctionNames,
  argumentNames,
  fieldNames,
  memberNames,
  typeNames,
  unitNames,
  valueNames,
} from './vocabulary.js'

const span: Span = { start: 0, end: 0 }
const loosest = 0
const atom = 11

const word = (text: string): Identifier => ({ text, span })
const oneOf = (names: readonly string[]): fc.Arbitrary<Identifier> => fc.constantFrom(...names).map(word)
const declaredName = oneOf([...valueNames, 'dataset', 'head', 'in'])

function precedenceOf(expression: Expression): number {
  switch (expression.kind) {
    case 'if':
    case 'bound':
      return loosest
    case 'pipe':
      return infixOperators['|>'].precedence
    case 'range':
      return infixOperators['..'].precedence
    case 'binary':
      return infixOperators[expression.operator].precedence
    case 'unary':
      return prefixOperators[expression.operator]
    default:
      return atom
  }
}

function tight(expression: Expression, tightness: number): Expression {
  return precedenceOf(expression) < tightness
    ? { kind: 'parenthesized', inner: expression, span }
    : expression
}

/** An operand behind an operator; a sign needs no parentheses there. */
function rightOf(expression: Expression, tightness: number): Expression {
  const isSigned = expression.kind === 'unary' && expression.operator === '-'
  return isSigned ? expression : tight(expression, tightness)
}

function holder(expression: Expression): Expression {
  const kinds = ['name', 'member', 'call', 'list', 'string', 'parenthesized']
  return kinds.includes(expression.kind) ? expression : { kind: 'parenthesized', inner: expression, span }
}

const numberText = fc.oneof(
  fc.nat(300).map(String),
  fc.constantFrom('0.1', '5e-3', '1e-4', '0.25', '1E+2', '128', '35180', '1.50'),
)

const numberExpression: fc.Arbitrary<Expression> = fc
  .record({ text: numberText, unit: fc.option(oneOf(unitNames), { nil: undefined, freq: 3 }) })
  .map(({ text, unit }) => ({ kind: 'number', value: Number(text), text, unit, span }))

const stringText = fc.oneof(
  fc.constantFrom('data', './base.sau', 'cifar-10-batches-bin', '', '// no comment', "it's"),
  fc.string({ maxLength: 8 }).map((text) => text.replaceAll(/["\n\r]/g, '')),
)
const stringExpression: fc.Arbitrary<StringExpression> = stringText.map((value) => ({
  kind: 'string',
  value,
  span,
}))

const nameExpression: fc.Arbitrary<Expression> = fc
  .constantFrom(...valueNames, ...allFunctionNames)
  .map((name) => ({ kind: 'name', name, span }))

const binaryOperators: readonly BinaryOperator[] = [
  ...(['+', '-', '*', '/', '^', '<', '<=', '>', '>=', '==', '!=', 'and', 'or'] as const),
]

const { expression } = fc.letrec<{ expression: Expression; argument: Argument; call: Expression }>((tie) => ({
  argument: fc
    .record({
      name: fc.option(oneOf(argumentNames), { nil: undefined }),
      value: fc.oneof(
        { weight: 6, arbitrary: tie('expression') },
        {
          weight: 1,
          arbitrary: fc
            .record({ operator: fc.constantFrom('<', '<=', '>', '>='), value: tie('expression') })
            .map(({ operator, value }): Expression => ({ kind: 'bound', operator, value, span })),
        },
      ),
    })
    .map(({ name, value }) => ({ name, value, span })),
  call: fc
    .record({
      callee: fc.oneof({ weight: 5, arbitrary: nameExpression }, { weight: 1, arbitrary: tie('expression') }),
      parameters: fc.array(tie('argument'), { maxLength: 4 }),
    })
    .map(({ callee, parameters }) => {
      const inOrder = [
        ...parameters.filter((parameter) => parameter.name === undefined),
        ...parameters.filter((parameter) => parameter.name !== undefined),
      ]
      return { kind: 'call', callee: holder(callee), arguments: inOrder, span }
    }),
  expression: fc.oneof(
    { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
    nameExpression,
    numberExpression,
    stringExpression,
    tie('call'),
    fc
      .record({ object: tie('expression'), member: oneOf(memberNames) })
      .map(({ object, member }): Expression => ({ kind: 'member', object: holder(object), member, span })),
    fc.array(tie('expression'), { maxLength: 4 }).map((items): Expression => ({ kind: 'list', items, span })),
    fc.record({ left: tie('expression'), right: tie('expression') }).map(({ left, right }): Expression => {
      return { kind: 'pipe', left: tight(left, 1), right: rightOf(right, 2), span }
    }),
    fc.record({ from: tie('expression'), to: tie('expression') }).map(({ from, to }): Expression => {
      return { kind: 'range', from: tight(from, 6), to: rightOf(to, 7), span }
    }),
    fc
      .record({
        operator: fc.constantFrom(...binaryOperators),
        left: tie('expression'),
        right: tie('expression'),
      })
      .map(({ operator, left, right }): Expression => {
        const { precedence, groups } = infixOperators[operator]
        const leftSide = tight(left, groups === 'left' ? precedence : precedence + 1)
        const rightSide = rightOf(right, groups === 'left' ? precedence + 1 : precedence)
        return { kind: 'binary', operator, left: leftSide, right: rightSide, operatorSpan: span, span }
      }),
    fc
      .record({ operator: fc.constantFrom('-' as const, 'not' as const), operand: tie('expression') })
      .map(({ operator, operand }): Expression => {
        return { kind: 'unary', operator, operand: tight(operand, prefixOperators[operator]), span }
      }),
    tie('expression').map((inner): Expression => ({ kind: 'parenthesized', inner, span })),
    fc
      .record({ condition: tie('expression'), chosen: tie('expression'), otherwise: tie('expression') })
      .map(({ condition, chosen: then, otherwise }): Expression => {
        return { kind: 'if', condition, then, else: otherwise, span }
      }),
    fc
      .record({
        subject: tie('expression'),
        arms: fc.array(fc.record({ pattern: oneOf(valueNames), value: tie('expression') }), { maxLength: 3 }),
      })
      .map(({ subject, arms }): Expression => {
        return { kind: 'match', subject, arms: arms.map((arm) => ({ ...arm, span })), span }
      }),
  ),
}))

export const arbitraryExpression: fc.Arbitrary<Expression> = expression

const binding = fc.record({ name: declaredName, value: arbitraryExpression })
const letDeclaration = binding.map((parts): LetDeclaration => ({ kind: 'let', ...parts, span }))
const lossDeclaration = binding.map((parts): LossDeclaration => ({ kind: 'loss', ...parts, span }))
const headDeclaration = binding.map((parts): HeadDeclaration => ({ kind: 'head', ...parts, span }))
const fieldAssignment = fc
  .record({ name: oneOf(fieldNames), value: arbitraryExpression })
  .map((parts): FieldAssignment => ({ kind: 'field', ...parts, span }))

const declarationArbitraries: fc.Arbitrary<Declaration>[] = [
  stringExpression.map((title) => ({ kind: 'experiment', title, span })),
  stringExpression.map((path) => ({ kind: 'import', path, span })),
  fc.record({
    kind: fc.constant('param' as const),
    name: declaredName,
    type: oneOf(typeNames),
    default: fc.option(arbitraryExpression, { nil: undefined }),
    domain: fc.option(fc.record({ value: arbitraryExpression, log: fc.boolean(), span: fc.constant(span) }), {
      nil: undefined,
    }),
    span: fc.constant(span),
  }),
  letDeclaration,
  fc
    .record({ kind: fc.constantFrom('dataset', 'view', 'stream', 'memory'), binding })
    .map(({ kind, binding: parts }): Declaration => ({ kind, ...parts, span })),
  fc
    .record({ binding, heads: fc.array(headDeclaration, { maxLength: 3 }) })
    .map(({ binding: parts, heads }): Declaration => ({ kind: 'network', ...parts, heads, span })),
  fc
    .record({
      name: declaredName,
      statements: fc.array(fc.oneof(letDeclaration, lossDeclaration), { maxLength: 4 }),
    })
    .map(({ name, statements }): Declaration => ({ kind: 'branch', name, statements, span })),
  arbitraryExpression.map((value) => ({ kind: 'minimize', value, span })),
  fc
    .array(fieldAssignment, { maxLength: 4 })
    .map((fields) => ({ kind: 'train', fields, keyword: span, span })),
  fc
    .record({ dataset: arbitraryExpression, fields: fc.array(fieldAssignment, { maxLength: 4 }) })
    .map(({ dataset, fields }): Declaration => ({ kind: 'evaluate', dataset, fields, keyword: span, span })),
]

export const arbitraryDeclaration: fc.Arbitrary<Declaration> = fc.oneof(...declarationArbitraries)

/** A whole file without comments, of version 1. Its spans are all empty. */
export const arbitraryTree: fc.Arbitrary<SourceFile> = fc
  .array(arbitraryDeclaration, { maxLength: 8 })
  .map((declarations) => ({ kind: 'file', version: { value: 1, span }, declarations, comments: [], span }))

/** A copy of a tree with every span left out and what is only about the text: for comparing trees. */
export function withoutSpans(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSpans)
  if (typeof value !== 'object' || value === null) return value
  const spans = ['span', 'operatorSpan', 'keyword']
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, field]) => !spans.includes(key) && field !== undefined)
      .map(([key, field]) => [key, withoutSpans(field)]),
  )
}
