import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Declaration, type Expression, parse, printExpression, tokenize } from '../../grammar/index.js'
import { validateGrammar } from '../../grammar/parser.js'

const samples = new URL('../../../shared/design/samples/', import.meta.url)

/** The tree of a text behind `sau 1`, which must have no problem. */
function declarations(source: string): readonly Declaration[] {
  const { tree, problems } = parse(`sau 1\n${source}`)
  expect(problems).toEqual([])
  return tree.declarations
}

function expressionOf(source: string): Expression {
  const [declaration] = declarations(`let x = ${source}`)
  if (declaration?.kind !== 'let') throw new Error('not a let')
  return declaration.value
}

/** An expression with every operand in parentheses. */
function grouped(expression: Expression): string {
  switch (expression.kind) {
    case 'binary':
      return `(${grouped(expression.left)} ${expression.operator} ${grouped(expression.right)})`
    case 'pipe':
      return `(${grouped(expression.left)} |> ${grouped(expression.right)})`
    case 'range':
      return `(${grouped(expression.from)} .. ${grouped(expression.to)})`
    case 'unary':
      return `(${expression.operator} ${grouped(expression.operand)})`
    case 'if':
      return `(if ${grouped(expression.condition)} then ${grouped(expression.then)} else ${grouped(expression.else)})`
    default:
      return printExpression(expression)
  }
}

test('the grammar has no ambiguity that Chevrotain finds', () => {
  expect(validateGrammar).not.toThrow()
})

describe.skipIf(!existsSync(samples))('the samples of the language (skipped without ../shared)', () => {
  test.each(['baseline', 'quickstart', 'sau'])('%s.sau has no problem', (name) => {
    const { tree, problems } = parse(readFileSync(new URL(`${name}.sau`, samples), 'utf8'))
    expect(problems).toEqual([])
    expect(tree.declarations.some(({ kind }) => kind === 'evaluate')).toBe(true)
    expect(tree.declarations.every(({ kind }) => kind !== 'unreadable')).toBe(true)
  })
})

describe('operators', () => {
  test.each([
    ['a + b * c', '(a + (b * c))'],
    ['a * b + c', '((a * b) + c)'],
    ['a - b - c', '((a - b) - c)'],
    ['a / b * c', '((a / b) * c)'],
    ['a ^ b ^ c', '(a ^ (b ^ c))'],
    ['-a ^ b', '(- (a ^ b))'],
    ['a ^ -b', '(a ^ (- b))'],
    ['a ^ -b * c', '((a ^ (- b)) * c)'],
    ['-a * b', '((- a) * b)'],
    ['- -a', '(- (- a))'],
    ['a - -b', '(a - (- b))'],
    ['1..n + 1', '(1 .. (n + 1))'],
    ['-1..1', '((- 1) .. 1)'],
    ['a..b < c', '((a .. b) < c)'],
    ['a + 1 < b and c == d', '(((a + 1) < b) and (c == d))'],
    ['not a == b', '(not (a == b))'],
    ['not a and b', '((not a) and b)'],
    ['not not a', '(not (not a))'],
    ['a or b and c', '(a or (b and c))'],
    ['a and b or c', '((a and b) or c)'],
    ['a or b |> f', '((a or b) |> f)'],
    ['a |> f |> g', '((a |> f) |> g)'],
    ['a.b.c(1).d', 'a.b.c(1).d'],
    ['-a.b(1) ^ 2', '(- (a.b(1) ^ 2))'],
    ['if a then b else c |> f', '(if a then b else (c |> f))'],
    ['2 * if a then b else c + 1', '(2 * (if a then b else (c + 1)))'],
    ['if a then if b then c else d else e', '(if a then (if b then c else d) else e)'],
    ['a != b <= c', '((a != b) <= c)'],
  ])('%s groups as %s', (source, expected) => {
    expect(grouped(expressionOf(source))).toBe(expected)
  })
})

describe('numbers', () => {
  test.each([
    ['5e-3', 5e-3],
    ['1E+2', 100],
    ['0.25', 0.25],
    ['35180', 35180],
  ])('%s is %d', (source, value) => {
    expect(expressionOf(source)).toMatchObject({ kind: 'number', value, text: source, unit: undefined })
  })

  test.each([
    ['0.2..1.0', 0.2, 1],
    ['4..256', 4, 256],
    ['1e-4..1.0', 1e-4, 1],
  ])('the dots of %s make a range', (source, from, to) => {
    expect(expressionOf(source)).toMatchObject({ kind: 'range', from: { value: from }, to: { value: to } })
  })

  test.each([
    ['200 epochs', 'epochs'],
    ['1 epoch', 'epoch'],
    ['8 GiB', 'GiB'],
    ['10min', 'min'],
    ['3 parsecs', 'parsecs'],
  ])('the word of %s is its unit', (source, unit) => {
    expect(expressionOf(source)).toMatchObject({ kind: 'number', unit: { text: unit } })
  })

  test('words that lead on from a number are no units', () => {
    const [param, choice] = declarations('param x : int = 3 in 1..2000 log\nlet y = if 1 then 2 else 3 and 4')
    expect(param).toMatchObject({ default: { unit: undefined }, domain: { log: true } })
    expect(choice).toMatchObject({
      value: { condition: { unit: undefined }, else: { left: { unit: undefined } } },
    })
  })

  test('a word on the next line is no unit', () => {
    const { problems } = parse('sau 1\nlet a = f(5\n  epochs)')
    expect(problems).toMatchObject([{ kind: 'unexpected_token', found: '`epochs`' }])
  })
})

describe('lines', () => {
  test('a line that starts with `|>` goes on, whatever comments and empty lines stand between', () => {
    const [view, other] = declarations(
      'view v = flip\n  // comment\n\n  |> crop(4) // more\n|> normalize\nlet a = 1',
    )
    expect(view).toMatchObject({ kind: 'view', value: { kind: 'pipe', left: { kind: 'pipe' } } })
    expect(other).toMatchObject({ kind: 'let' })
  })

  test('ends of lines mean nothing in parentheses and lists', () => {
    const [dataset] = declarations('dataset d = f(\n  1,\n\n  a: [\n    2,\n    3,\n  ],\n)')
    expect(dataset).toMatchObject({
      value: { kind: 'call', arguments: [{}, { value: { items: [{}, {}] } }] },
    })
  })

  test('ends of lines separate arms inside parentheses', () => {
    const [declaration] = declarations(
      'let a = f(match s {\n  x -> 1\n  y -> 2, z -> 3,\n\n  w -> g(\n    4)\n})',
    )
    expect(declaration).toMatchObject({ value: { arguments: [{ value: { arms: [{}, {}, {}, {}] } }] } })
  })

  test('`;` and `}` end statements', () => {
    expect(
      declarations('let a = 1; let b = 2;; branch c { let d = 1; loss e = d } minimize c.e'),
    ).toMatchObject([
      { kind: 'let' },
      { kind: 'let' },
      { kind: 'branch', statements: [{ kind: 'let' }, { kind: 'loss' }] },
      { kind: 'minimize' },
    ])
  })

  test('the `}` of a match does not end the statement', () => {
    expect(declarations('let a = match s { x -> 1 } + 2')).toMatchObject([{ value: { kind: 'binary' } }])
    expect(declarations('network n = match s { x -> f() } { head h = g() }')).toMatchObject([
      { kind: 'network', value: { kind: 'match' }, heads: [{ name: { text: 'h' } }] },
    ])
  })

  test.each(['\n', '\r\n', '\r'])('lines may end with %j', (end) => {
    expect(declarations(`let a = 1${end}let b = f(${end}2)${end}`)).toMatchObject([
      { kind: 'let' },
      { kind: 'let' },
    ])
  })
})

describe('keywords are names elsewhere', () => {
  test('in the places of declarations', () => {
    const source = [
      'dataset train = cifar10(data / "x", split: train)',
      'dataset dataset = view',
      'param factor : factor = 100',
      'param param : log in [1]',
      'let let = let + sau',
      'network network = network(head) { head head = head }',
      'branch branch { loss loss = loss(branch.loss, in: log); let let = train }',
      'minimize minimize.minimize',
      'train { train = train; let = 3; loss = memory }',
      'evaluate evaluate { view = view }',
    ].join('\n')
    const tree = declarations(source)
    expect(
      tree.map((declaration) => [declaration.kind, 'name' in declaration && declaration.name?.text]),
    ).toEqual([
      ['dataset', 'train'],
      ['dataset', 'dataset'],
      ['param', 'factor'],
      ['param', 'param'],
      ['let', 'let'],
      ['network', 'network'],
      ['branch', 'branch'],
      ['minimize', false],
      ['train', false],
      ['evaluate', false],
    ])
    expect(tree[8]).toMatchObject({ fields: [{ name: { text: 'train' } }, { name: { text: 'let' } }, {}] })
  })

  test('in arms, arguments and fields', () => {
    expect(expressionOf('match view { train -> 1, dataset -> 2 }')).toMatchObject({
      subject: { name: 'view' },
      arms: [{ pattern: { text: 'train' } }, { pattern: { text: 'dataset' } }],
    })
    expect(expressionOf('f(train: a.stream)')).toMatchObject({ arguments: [{ name: { text: 'train' } }] })
  })
})

describe('arguments', () => {
  test('take bounds', () => {
    expect(expressionOf('shots(> 3, many: >= 100, medium: 21..100, few: < 2 * n)')).toMatchObject({
      arguments: [
        { name: undefined, value: { kind: 'bound', operator: '>', value: { value: 3 } } },
        { name: { text: 'many' }, value: { kind: 'bound', operator: '>=' } },
        { value: { kind: 'range' } },
        { value: { kind: 'bound', operator: '<', value: { kind: 'binary' } } },
      ],
    })
  })

  test('keep their spans', () => {
    const text = 'sau 1\nlet a = f( lr: 0.1 , b)'
    const [declaration] = parse(text).tree.declarations
    if (declaration?.kind !== 'let' || declaration.value.kind !== 'call') throw new Error('not a call')
    const [first] = declaration.value.arguments
    expect(text.slice(first?.span.start, first?.span.end)).toBe('lr: 0.1')
    expect(text.slice(declaration.value.span.start, declaration.value.span.end)).toBe('f( lr: 0.1 , b)')
    expect(text.slice(declaration.span.start, declaration.span.end)).toBe('let a = f( lr: 0.1 , b)')
  })
})

describe('strings and comments', () => {
  test('a string has no escapes and may hold slashes', () => {
    expect(expressionOf('"a\\n // b"')).toMatchObject({ kind: 'string', value: 'a\\n // b' })
  })

  test('comments know whether they stand alone on their line', () => {
    const { tree } = parse('// first\nsau 1 // second\n  //third')
    expect(tree.comments.map(({ text, ownLine }) => [text, ownLine])).toEqual([
      [' first', true],
      [' second', false],
      ['third', true],
    ])
  })
})

describe('tokens', () => {
  test('are listed with comments and ends of lines, each with its text', () => {
    const text = 'sau 1 // c\nlet a = f("x")'
    expect(tokenize(text).map((token) => [token.kind, token.text])).toEqual([
      ['sau', 'sau'],
      ['Number', '1'],
      ['Comment', '// c'],
      ['Newline', '\n'],
      ['let', 'let'],
      ['PlainWord', 'a'],
      ['Equals', '='],
      ['PlainWord', 'f'],
      ['OpenParenthesis', '('],
      ['String', '"x"'],
      ['CloseParenthesis', ')'],
    ])
    expect(parse(text).tokens).toEqual(tokenize(text))
  })
})
