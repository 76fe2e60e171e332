// The kinds of token. Keywords are words too: a rule that wants a name takes them by their category.
import type { IToken, TokenType } from 'chevrotain'
import { createToken, Lexer } from './chevrotain.js'
import { declarationKinds, type reservedWords } from './words.js'

// ---- words ------------------------------------------------------------------------------------------------

/** Any word that can be a name, contextual keywords included. */
export const Word = createToken({ name: 'Word', pattern: Lexer.NA, label: 'a name' })
const PlainWord = createToken({ name: 'PlainWord', pattern: /[A-Za-z_][A-Za-z0-9_]*/, categories: [Word] })

function contextualKeyword(text: string): TokenType {
  return createToken({
    name: text,
    pattern: text,
    label: `\`${text}\``,
    longer_alt: PlainWord,
    categories: [Word],
  })
}

/** The words of declarations, `sau` and `in` and `log`: names everywhere but in their own place. */
export const keywords: ReadonlyMap<string, TokenType> = new Map(
  ['sau', 'in', 'log', ...declarationKinds].map((text) => [text, contextualKeyword(text)]),
)

function keywordToken(text: string): TokenType {
  const token = keywords.get(text)
  if (token === undefined) throw new Error(`no keyword ${text}`)
  return token
}
export const In = keywordToken('in')
export const Log = keywordToken('log')

// ---- operators --------------------------------------------------------------------------------------------

/** Any operator that stands between two operands. */
export const InfixOperator = createToken({ name: 'InfixOperator', pattern: Lexer.NA, label: 'an operator' })
export const PrefixOperator = createToken({ name: 'PrefixOperator', pattern: Lexer.NA, label: 'an operator' })
/** `<`, `<=`, `>`, `>=`: also a prefix in an argument. */
export const BoundOperator = createToken({ name: 'BoundOperator', pattern: Lexer.NA, label: 'a comparison' })

function punctuation(name: string, text: string, ...categories: TokenType[]): TokenType {
  return createToken({ name, pattern: text, label: `\`${text}\``, categories })
}
function reservedWord(text: (typeof reservedWords)[number], ...categories: TokenType[]): TokenType {
  return createToken({ name: text, pattern: text, label: `\`${text}\``, longer_alt: PlainWord, categories })
}

export const If = reservedWord('if')
export const Then = reservedWord('then')
export const Else = reservedWord('else')
export const Match = reservedWord('match')
const And = reservedWord('and', InfixOperator)
const Or = reservedWord('or', InfixOperator)
const Not = reservedWord('not', PrefixOperator)

export const Pipe = punctuation('Pipe', '|>', InfixOperator)
const DotDot = punctuation('DotDot', '..', InfixOperator)
export const Dot = punctuation('Dot', '.')
export const Arrow = punctuation('Arrow', '->')
const LessEqual = punctuation('LessEqual', '<=', InfixOperator, BoundOperator)
const GreaterEqual = punctuation('GreaterEqual', '>=', InfixOperator, BoundOperator)
const EqualEqual = punctuation('EqualEqual', '==', InfixOperator)
const NotEqual = punctuation('NotEqual', '!=', InfixOperator)
const Less = punctuation('Less', '<', InfixOperator, BoundOperator)
const Greater = punctuation('Greater', '>', InfixOperator, BoundOperator)
export const Equals = punctuation('Equals', '=')
export const Plus = punctuation('Plus', '+', InfixOperator)
const Minus = punctuation('Minus', '-', InfixOperator, PrefixOperator)
const Times = punctuation('Times', '*', InfixOperator)
const Divide = punctuation('Divide', '/', InfixOperator)
const Power = punctuation('Power', '^', InfixOperator)
export const Colon = punctuation('Colon', ':')
export const Comma = punctuation('Comma', ',')
export const Semicolon = punctuation('Semicolon', ';')

// ---- brackets ---------------------------------------------------------------------------------------------

export const brackets = {
  '(': punctuation('OpenParenthesis', '('),
  ')': punctuation('CloseParenthesis', ')'),
  '[': punctuation('OpenSquare', '['),
  ']': punctuation('CloseSquare', ']'),
  '{': punctuation('OpenBrace', '{'),
  '}': punctuation('CloseBrace', '}'),
} as const

/** A whole bracketed part, made from its tokens before parsing (see `brackets.ts`). */
export const ParenthesisGroup = createToken({ name: 'ParenthesisGroup', pattern: Lexer.NA, label: '`(`' })
export const ListGroup = createToken({ name: 'ListGroup', pattern: Lexer.NA, label: '`[`' })
export const BlockGroup = createToken({ name: 'BlockGroup', pattern: Lexer.NA, label: '`{`' })

// ---- literals, space --------------------------------------------------------------------------------------

/** A dot belongs to a number only when a digit follows it, so that `4..256` is a range. */
export const NumberLiteral = createToken({
  name: 'Number',
  pattern: /[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/,
  label: 'a number',
})
export const StringLiteral = createToken({ name: 'String', pattern: /"[^"\n\r]*"/, label: 'a string' })
export const Newline = createToken({
  name: 'Newline',
  pattern: /\r\n|\n|\r/,
  label: 'end of line',
  line_breaks: true,
})
const Whitespace = createToken({ name: 'Whitespace', pattern: /[ \t\f\v\uFEFF]+/, group: Lexer.SKIPPED })
export const CommentToken = createToken({ name: 'Comment', pattern: /\/\/[^\n\r]*/, group: 'comments' })

// ---- what people write from habit -------------------------------------------------------------------------

export const UnterminatedString = createToken({
  name: 'UnterminatedString',
  pattern: /"[^"\n\r]*/,
  label: 'a string',
})
/**
 * A text in other quotes; where only its end is a straight one, it ends at the next bracket or comma at the
 * latest.
 */
const QuotedOtherwise = createToken({
  name: 'QuotedOtherwise',
  pattern:
    /'[^'"\n\r]*'|[“”„][^“”"\n\r]*[“”]|[“”„][^“”"(),\n\r]*"|[‘’‚][^‘’'"\n\r]*[‘’]|[‘’‚][^‘’'"(),\n\r]*['"]/,
})
const HashComment = createToken({ name: 'HashComment', pattern: /#[^\n\r]*/ })
const BlockComment = createToken({
  name: 'BlockComment',
  pattern: /\/\*[\s\S]*?\*\//,
  line_breaks: true,
})
/**
 * Numbers of other languages: `1_000`, `0x10`, `1.e3`, `1f`, `1k`, `50%`; a comma for a dot where no list
 * could be meant.
 */
const ForeignNumber = createToken({
  name: 'ForeignNumber',
  pattern:
    /0[xXoObB][0-9a-fA-F]+|(?:[0-9]+(?:_[0-9]+)+(?:\.[0-9]+)?|[0-9]+\.(?=[eE][+-]?[0-9]))(?:[eE][+-]?[0-9]+)?|[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?:[fFlLkKM](?![A-Za-z0-9_])|[ \t]?%)|(?<=[:=][ \t]*)[0-9]+,[0-9]+(?![0-9]*\.)(?=[ \t]*(?:[,)}\r\n;]|$))/,
  start_chars_hint: [...'0123456789'],
  line_breaks: false,
})
const DotNumber = createToken({ name: 'DotNumber', pattern: /\.[0-9]+(?:[eE][+-]?[0-9]+)?/ })

/**
 * A token of another language, with what it stands for here; undefined where it is dropped like a comment.
 */
interface Impostor {
  readonly suggestion: string
  readonly meant: TokenType | undefined
}
const impostors = new Map<TokenType, Impostor>([
  [QuotedOtherwise, { suggestion: '"', meant: StringLiteral }],
  [HashComment, { suggestion: '//', meant: undefined }],
  [BlockComment, { suggestion: '//', meant: undefined }],
])

function impostor(text: string, meant: TokenType, suggestion: string): TokenType {
  const token = createToken({ name: `Impostor_${text}`, pattern: text })
  impostors.set(token, { suggestion, meant })
  return token
}
const impostorTokens = [
  impostor('=>', Arrow, '->'),
  impostor('→', Arrow, '->'),
  impostor('===', EqualEqual, '=='),
  impostor('!==', NotEqual, '!='),
  impostor(':=', Equals, '='),
  impostor('&&', And, 'and'),
  impostor('||', Or, 'or'),
  impostor('!', Not, 'not'),
  impostor('**', Power, '^'),
  impostor('...', DotDot, '..'),
  impostor('…', DotDot, '..'),
  impostor('≤', LessEqual, '<='),
  impostor('≥', GreaterEqual, '>='),
  impostor('≠', NotEqual, '!='),
  impostor('−', Minus, '-'),
  impostor('–', Minus, '-'),
  impostor('×', Times, '*'),
  impostor('·', Times, '*'),
]

export function impostorOf(token: IToken): Impostor | undefined {
  return impostors.get(token.tokenType)
}
export function isForeignNumber(token: IToken): boolean {
  return token.tokenType === ForeignNumber
}
export function isDotNumber(token: IToken): boolean {
  return token.tokenType === DotNumber
}

const longImpostors = impostorTokens.filter((token) => String(token.PATTERN).length > 1)
const shortImpostors = impostorTokens.filter((token) => String(token.PATTERN).length === 1)

/** Every token that the lexer tries, longer ones before their beginnings. */
export const lexicalTokens: TokenType[] = [
  Whitespace,
  Newline,
  CommentToken,
  BlockComment,
  HashComment,
  ...keywords.values(),
  ...[If, Then, Else, Match, And, Or, Not],
  PlainWord,
  ForeignNumber,
  NumberLiteral,
  StringLiteral,
  UnterminatedString,
  QuotedOtherwise,
  ...longImpostors,
  ...[Pipe, DotDot, DotNumber, Arrow, LessEqual, GreaterEqual, EqualEqual, NotEqual],
  ...[Dot, Less, Greater, Equals, Plus, Minus, Times, Divide, Power, Colon, Comma, Semicolon],
  ...Object.values(brackets),
  ...shortImpostors,
]

/** Every token that a rule of the parser may name. */
export const grammarTokens: TokenType[] = [
  ...lexicalTokens,
  ...[Word, InfixOperator, PrefixOperator, BoundOperator, ParenthesisGroup, ListGroup, BlockGroup],
]
