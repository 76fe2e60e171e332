import { describe, expect, test } from 'vitest'
import { parse, type SyntaxProblem } from '../../grammar/index.js'

/** The problems of a text behind `sau 1`: kind and marked text. */
function problemsOf(source: string): [SyntaxProblem['kind'], string][] {
  const text = `sau 1\n${source}`
  return parse(text).problems.map(({ kind, span }) => [kind, text.slice(span.start, span.end)])
}

function declared(source: string): string[] {
  return parse(`sau 1\n${source}`).tree.declarations.map((declaration) => {
    const name = 'name' in declaration ? ` ${declaration.name?.text}` : ''
    const value = 'value' in declaration ? ` ${declaration.value.kind}` : ''
    return `${declaration.kind}${name}${value}`
  })
}

describe('one mistake is one problem', () => {
  const cases: [string, string, SyntaxProblem['kind'], string][] = [
    ['a parenthesis left open', 'dataset a = f("x", split: train\nview v = g', 'missing_closing_bracket', ''],
    ['a list left open', 'let a = [1, 2\nlet b = 3', 'missing_closing_bracket', ''],
    ['a branch left open', 'branch b {\n  loss x = f(1)\n\nminimize b.x', 'missing_closing_bracket', ''],
    ['a block left open at the end', 'train {\n  epochs = 8', 'missing_closing_bracket', ''],
    [
      'a parenthesis left open in a block',
      'branch b {\n  loss x = f(a\n}\nminimize b.x',
      'missing_closing_bracket',
      '',
    ],
    ['one before the next field', 'train {\n  a = sgd(1\n  b = 2\n}', 'missing_closing_bracket', ''],
    [
      'one before the next `let`',
      'branch b {\n  let z = f(1\n  loss x = z\n}',
      'missing_closing_bracket',
      '',
    ],
    ['one before the block', 'network n = f(1 {\n  head h = g(1)\n}', 'missing_closing_bracket', ''],
    ['one before a misspelt kind would hide it', 'let a = f(1\nview v = g', 'missing_closing_bracket', ''],
    ['an arm block left open', 'train {\n  a = match s { x -> 1\n  b = 2\n}', 'missing_closing_bracket', ''],
    ['a list closed with a parenthesis', 'let a = [1, 2)\nlet b = 1', 'missing_closing_bracket', ')'],
    [
      'no opening parenthesis',
      'dataset a = f 1, b: 2, view: 3)\nlet b = 1',
      'unexpected_closing_bracket',
      ')',
    ],
    ['no opening parenthesis in a list', 'let a = [f 1, b: 2), 3]', 'unexpected_closing_bracket', ')'],
    ['no opening bracket of a list', 'let a = f(views: b, c], every: 1)', 'unexpected_closing_bracket', ']'],
    [
      'no opening parenthesis in a field',
      'train {\n  o = sgd lr: 1, m: 2)\n  b = 2\n}',
      'unexpected_closing_bracket',
      ')',
    ],
    ['no name of a field', 'train {\n  = sgd(lr: 1)\n  b = 2\n}', 'unexpected_token', '='],
    ['no name of a function', 'dataset a = b |> (profile: exp, factor: 2)', 'unexpected_token', ','],
    ['a parenthesis too many', 'let a = f(1))', 'unexpected_closing_bracket', ')'],
    ['a brace too many', 'train { }\n}\nlet a = 1', 'unexpected_closing_bracket', '}'],
    ['no brace', 'train\n  epochs = 8\n  batch = 2\n}\nlet a = 1', 'missing_opening_brace', ''],
    ['no brace and no closing one', 'train\n  epochs = 8\nlet a = 1', 'missing_opening_brace', ''],
    ['no brace at a branch', 'branch b\n  let z = 1\n  loss x = z\n}', 'missing_opening_brace', ''],
    ['no brace at a network', 'network n = f()\n  head h = g(1)\n}', 'missing_opening_brace', ''],
    ['no brace at an evaluation', 'evaluate test\n  using = n.h\n}', 'missing_opening_brace', ''],
    ['a brace on its own line', 'evaluate test\n{\n  using = n.h\n}', 'missing_opening_brace', ''],
    [
      'a string left open in a call',
      'dataset a = f("x, split: train)\nlet b = 1',
      'unterminated_string',
      '"x, split: train)',
    ],
    [
      'a string left open in a long call',
      'dataset a = f(\n  "x,\n  split: train)\nlet b = 1',
      'unterminated_string',
      '"x,',
    ],
    ['a stray character', 'let a = b $ c', 'bad_character', '$'],
    ['a foreign letter', 'let größe = 3', 'bad_character', 'öß'],
    ['a missing operand', 'let a = b +', 'missing_expression', ''],
    ['a missing first operand', 'let a = * b', 'missing_expression', '*'],
    ['a missing value', 'param x : int =\nlet a = 1', 'missing_expression', ''],
    ['an empty argument', 'let a = f(1, , 2)', 'missing_expression', ','],
    ['an empty pair of parentheses', 'let a = ()', 'missing_expression', ''],
    ['a missing comma', 'let a = f(x y, 1)', 'unexpected_token', 'y'],
    ['a missing comma before a name', 'let a = f(3 x: 1)', 'unexpected_token', 'x'],
    ['a missing `=`', 'dataset a f(1)', 'unexpected_token', 'f'],
    ['a missing type', 'param x = 3', 'unexpected_token', '='],
    ['a missing `else`', 'let a = if b then c', 'unexpected_token', ''],
    ['a comma in parentheses', 'let a = (1, 2)', 'unexpected_token', ','],
    ['something behind a path', 'import "a.sau" as b', 'unexpected_token', 'as'],
    ['no path', 'import base', 'unexpected_token', 'base'],
    ['a keyword as a name', 'let match = 3', 'reserved_word', 'match'],
    ['a keyword as a field', 'let a = b.if', 'reserved_word', 'if'],
    ['two statements on a line', 'branch b { let z = f() loss x = z }', 'missing_separator', 'loss'],
    ['two fields on a line', 'train { epochs = 8 batch = 64 }', 'missing_separator', 'batch'],
    ['commas between fields', 'train {\n  epochs = 8,\n  batch = 64,\n  seed = 1\n}', 'wrong_separator', ','],
    ['`=` in an argument', 'let a = sgd(lr = 0.1)', 'wrong_separator', '='],
    ['`:` in a field', 'train { epochs: 8 }', 'wrong_separator', ':'],
    ['`:` in a declaration', 'dataset a: f(1)', 'wrong_separator', ':'],
    ['a bound as a value', 'let a = > 3', 'bound_outside_argument', '>'],
    ['a bound as an item', 'let a = f([<= 3])', 'bound_outside_argument', '<='],
    ['an argument by place behind one by name', 'let a = f(x: 1, 2)', 'positional_after_named', '2'],
    ['a misspelt kind', 'datset a = f(1)', 'misspelt_declaration_kind', 'datset'],
    [
      'a misspelt kind with a block',
      'evalaute test {\n  using = n.h\n}',
      'misspelt_declaration_kind',
      'evalaute',
    ],
    ['a misspelt kind in a block', 'branch b {\n  los x = 1\n}', 'misspelt_declaration_kind', 'los'],
    ['an unknown kind', 'function f = 3', 'misspelt_declaration_kind', 'function'],
    ['no kind', 'epochs = 3', 'missing_declaration_kind', 'epochs'],
    ['a loss outside a branch', 'loss x = 3', 'misplaced_declaration', 'loss'],
    [
      'a dataset in a branch',
      'branch b {\n  dataset d = f()\n  loss x = 2\n}',
      'misplaced_declaration',
      'dataset',
    ],
    ['an import in a block', 'train {\n  import "a.sau"\n  epochs = 1\n}', 'misplaced_declaration', 'import'],
    ['a second version', 'let a = 1\nsau 1', 'misplaced_version', 'sau 1'],
    ['a number with a bare dot', 'let a = .5 + 1', 'malformed_number', '.5'],
    ['a number that ends in a dot', 'let a = 1. + b', 'malformed_number', '1.'],
    ['a number out of range', 'let a = 1e999', 'malformed_number', '1e999'],
    ['a number as a field', 'let a = x.5', 'malformed_number', '.5'],
    ['no mark at all', '= 3', 'unexpected_token', '='],
  ]
  test.each(cases)('%s', (_, source, kind, marked) => {
    expect(problemsOf(source)).toEqual([[kind, marked]])
  })
})

describe('what follows a mistake is still read', () => {
  test('three independent mistakes are three problems', () => {
    const source =
      'dataset a = f(1\nview v = crop(padding 4)\ntrain {\n  epochs = \n  batch = 2\n}\nlet z = 1'
    expect(problemsOf(source)).toEqual([
      ['missing_closing_bracket', ''],
      ['unexpected_token', '4'],
      ['missing_expression', ''],
    ])
    expect(declared(source)).toEqual(['dataset a missing', 'view v call', 'train', 'let z number'])
  })

  test('several mistakes of one statement are found when they are apart', () => {
    expect(problemsOf('let a = f(x y, , g(1 2))')).toEqual([
      ['unexpected_token', 'y'],
      ['missing_expression', ','],
      ['unexpected_token', '2'],
    ])
  })

  test('mistakes in a block leave its other statements', () => {
    const { tree, problems } = parse('sau 1\ntrain {\n  a = ]\n  b = 2\n  c d\n  e = f(\n}\nminimize x')
    expect(problems.map(({ kind }) => kind)).toEqual([
      'unexpected_closing_bracket',
      'unexpected_token',
      'missing_closing_bracket',
    ])
    const [train, minimize] = tree.declarations
    expect(train?.kind === 'train' && train.fields.map(({ name, value }) => [name.text, value.kind])).toEqual(
      [
        ['a', 'missing'],
        ['b', 'number'],
        ['c', 'name'],
        ['e', 'missing'],
      ],
    )
    expect(minimize?.kind).toBe('minimize')
  })

  test('a misspelt kind is read as the kind that was meant', () => {
    expect(declared('datset a = f(1)\nvieww v = g\nminimise a.b')).toEqual([
      'dataset a call',
      'view v name',
      'minimize member',
    ])
  })

  test('what cannot be read keeps its kind and name', () => {
    const { tree } = parse('sau 1\nparam x = 3\nfoo y = 2\nz = 1\nevaluate test using = x')
    expect(tree.declarations).toMatchObject([
      { kind: 'unreadable', declares: 'param', name: { text: 'x' } },
      { kind: 'unreadable', declares: undefined, name: { text: 'y' } },
      { kind: 'unreadable', declares: undefined, name: { text: 'z' } },
      { kind: 'unreadable', declares: 'evaluate', name: { text: 'test' } },
    ])
  })

  test('a name stays declared when its value is broken', () => {
    expect(declared('dataset a = f(1\nnetwork n = g(\nbranch b { loss x = }\nlet c = 1 2')).toEqual([
      'dataset a missing',
      'network n missing',
      'branch b',
      'let c missing',
    ])
  })
})

describe('the facts of a problem', () => {
  const only = (source: string): SyntaxProblem | undefined => parse(`sau 1\n${source}`).problems[0]

  test('a missing bracket knows where it was opened', () => {
    const source = 'sau 1\nlet a = f(g(1)\nlet b = 2'
    const problem = parse(source).problems[0]
    expect(problem).toEqual({
      kind: 'missing_closing_bracket',
      bracket: ')',
      opening: { start: source.indexOf('('), end: source.indexOf('(') + 1 },
      span: { start: source.indexOf('\nlet b'), end: source.indexOf('\nlet b') },
    })
  })

  test.each([
    ["let a = f('x')", "'x'", '"x"'],
    ['let a = “x”', '“x”', '"x"'],
    ['let a = “x"', '“x"', '"x"'],
    ['let a = ‘x y’', '‘x y’', '"x y"'],
    ["let a = ‘x'", "‘x'", '"x"'],
    ['let a = f(“x", "y")', '“x"', '"x"'],
    ['let a = 1 # note', '#', '//'],
    ['let a = 1 /* note */', '/*', '//'],
    ['let a = match x { y => 1 }', '=>', '->'],
    ['let a = b && c', '&&', 'and'],
    ['let a = b || c', '||', 'or'],
    ['let a = !b', '!', 'not'],
    ['let a = b ** 2', '**', '^'],
    ['let a = 1 ≤ 2', '≤', '<='],
    ['let a = b | c', '|', '|>'],
    ['let a = b\u00A0+ c', '\u00A0', ' '],
    ['let a = b @ c', '@', undefined],
  ])('%s suggests what was meant', (source, characters, suggestion) => {
    expect(parse(`sau 1\n${source}`).problems).toMatchObject([
      { kind: 'bad_character', characters, suggestion },
    ])
  })

  test('an unexpected token says what may stand there', () => {
    expect(only('let a = f(x y)')).toMatchObject({ found: '`y`', expected: ['an operator', '`,`', '`)`'] })
    expect(only('let a = [x "y"]')).toMatchObject({
      found: 'a string',
      expected: ['an operator', '`,`', '`]`'],
    })
    expect(only('let a = if b else c')).toMatchObject({ found: '`else`', expected: ['`then`'] })
    expect(only('let a = if b then c')).toMatchObject({ found: 'end of file', expected: ['`else`'] })
    expect(only('dataset = 3')).toMatchObject({ kind: 'missing_declaration_kind', name: 'dataset' })
    expect(only('dataset 3 = x')).toMatchObject({ found: '`3`', expected: ['a name'] })
    expect(only('evaluate test\nlet a = 1')).toMatchObject({ found: 'end of line', expected: ['`{`'] })
  })

  test('a misspelt kind knows the nearest one of its place', () => {
    expect(only('datset a = 1')).toMatchObject({ word: 'datset', nearest: 'dataset', place: 'file' })
    expect(only('branch b { losss x = 1 }')).toMatchObject({
      nearest: 'loss',
      place: 'branch',
      allowed: ['let', 'loss'],
    })
    expect(only('network n = f() { haed h = 1 }')).toMatchObject({ nearest: 'head', place: 'network' })
    expect(only('quux a = 1')).toMatchObject({ word: 'quux', nearest: undefined })
  })

  test('a misplaced declaration knows where it belongs', () => {
    expect(only('head h = 1')).toMatchObject({ declaration: 'head', place: 'file', belongs: 'network' })
    expect(only('train { view v = f }')).toMatchObject({
      declaration: 'view',
      place: 'train',
      belongs: 'file',
    })
  })
})

describe('the first line', () => {
  const version = (text: string): [number | undefined, SyntaxProblem['kind'][]] => {
    const { tree, problems } = parse(text)
    return [tree.version?.value, problems.map(({ kind }) => kind)]
  }

  test.each<[string, number | undefined, SyntaxProblem['kind'][]]>([
    ['sau 1', 1, []],
    ['sau 2\nlet a = 1', 2, []],
    ['// about\n\nsau 1; let a = 2', 1, []],
    ['\uFEFFsau 1\r\nlet a = 1\r\n', 1, []],
    ['sau 1\rlet a = 1', 1, []],
    ['', undefined, ['missing_version']],
    ['let a = 1', undefined, ['missing_version']],
    ['sau', undefined, ['unreadable_version']],
    ['sau one', undefined, ['unreadable_version']],
    ['sau 1.5', undefined, ['unreadable_version']],
    ['sau "1"', undefined, ['unreadable_version']],
    ['1\nlet a = 1', undefined, ['unreadable_version']],
    ['Sau 1', undefined, ['unreadable_version']],
    ['let a = 1\nsau 1', 1, ['misplaced_version']],
    ['sau 1 let a = 2', 1, ['missing_separator']],
  ])('%j', (text, value, problems) => {
    expect(version(text)).toEqual([value, problems])
  })
})
