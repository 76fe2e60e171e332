// Text to tokens. Whatever is no token of the language becomes a problem here, and where it is plain what was
// meant, the token that was meant goes on in its place.
import type { IToken, Lexer as LexerType } from 'chevrotain'
import { createTokenInstance, Lexer } from './chevrotain.js'
import { plainNumber } from './number-text.js'
import type { SyntaxProblem } from './problems.js'
import type { Comment, Span } from './syntax.js'
import {
  Dot,
  impostorOf,
  isDotNumber,
  isForeignNumber,
  lexicalTokens,
  Newline,
  NumberLiteral,
  Plus,
  StringLiteral,
  UnterminatedString,
  Word,
} from './tokens.js'

export interface LexedText {
  /** All tokens but space and comments; ends of lines are tokens. */
  readonly tokens: readonly IToken[]
  readonly comments: readonly Comment[]
  readonly problems: readonly SyntaxProblem[]
  /** Those of the problems that left a gap or an unfinished token behind. */
  readonly gaps: readonly SyntaxProblem[]
}

let sharedLexer: LexerType | undefined

function lexer(): LexerType {
  sharedLexer ??= new Lexer(lexicalTokens, { skipValidations: true, positionTracking: 'full' })
  return sharedLexer
}

export function spanOf(token: IToken): Span {
  return { start: token.startOffset, end: (token.endOffset ?? token.startOffset - 1) + 1 }
}

/** The text of a string token without its quotes; the closing one may be missing. */
export function stringValue(token: IToken): string {
  return token.image.replace(/^["'“”„‘’‚]/, '').replace(/["'“”‘’]$/, '')
}

export function lex(text: string): LexedText {
  const result = lexer().tokenize(text)
  const problems: SyntaxProblem[] = []
  const gaps: SyntaxProblem[] = []
  for (const error of result.errors) {
    const characters = text.slice(error.offset, error.offset + error.length)
    const span = { start: error.offset, end: error.offset + error.length }
    gaps.push({ kind: 'bad_character', characters, suggestion: meantBy(characters), span })
  }

  const tokens: IToken[] = []
  const comments: Comment[] = []
  for (const token of result.groups.comments ?? []) comments.push(commentOf(text, token, 2))
  for (const [index, token] of result.tokens.entries()) {
    const impostor = impostorOf(token)
    if (impostor !== undefined) {
      const { suggestion, meant } = impostor
      const characters = meant === undefined ? openingMark(token) : token.image
      const span = { start: token.startOffset, end: token.startOffset + characters.length }
      const rightSpelling = meant === StringLiteral ? `"${stringValue(token)}"` : suggestion
      problems.push({ kind: 'bad_character', characters, suggestion: rightSpelling, span })
      if (meant !== undefined)
        tokens.push({ ...token, tokenType: meant, tokenTypeIdx: meant.tokenTypeIdx ?? 0 })
      else if (characters === '#') comments.push(commentOf(text, token, 1))
    } else if (isForeignNumber(token)) {
      const suggestion = plainNumber(token.image)
      problems.push({ kind: 'malformed_number', text: token.image, suggestion, span: spanOf(token) })
      tokens.push(asNumber(token, suggestion ?? '0'))
    } else if (token.tokenType === Plus && isSign(tokens.at(-1), result.tokens[index + 1], token)) {
      const number = result.tokens[index + 1]
      const span = { start: token.startOffset, end: spanOf(number ?? token).end }
      const text = `+${number?.image}`
      problems.push({ kind: 'malformed_number', text, suggestion: number?.image, span })
    } else if (isDotNumber(token)) {
      const suggestion = `0${token.image}`
      const isSecondOperand =
        tokens.at(-1)?.endOffset === token.startOffset - 1 && isOperandEnd(tokens.at(-1))
      const found = isSecondOperand ? gaps : problems
      found.push({ kind: 'malformed_number', text: token.image, suggestion, span: spanOf(token) })
      tokens.push(asNumber(token, suggestion))
    } else if (token.tokenType === Dot && isStrayDot(result.tokens, index)) {
      const number = tokens.pop()
      if (number === undefined) continue
      const span = { start: number.startOffset, end: spanOf(token).end }
      problems.push({
        kind: 'malformed_number',
        text: `${number.image}.`,
        suggestion: `${number.image}.0`,
        span,
      })
      tokens.push(number)
    } else {
      if (token.tokenType === UnterminatedString)
        gaps.push({ kind: 'unterminated_string', span: spanOf(token) })
      if (token.tokenType === NumberLiteral && !Number.isFinite(Number(token.image))) {
        problems.push({
          kind: 'malformed_number',
          text: token.image,
          suggestion: undefined,
          span: spanOf(token),
        })
      }
      tokens.push(token)
    }
  }
  comments.sort((a, b) => a.span.start - b.span.start)
  return { tokens, comments, problems: [...problems, ...gaps], gaps }
}

/** `1.` with nothing that a dot could lead to: neither a digit (then it is one number) nor a name. */
function isStrayDot(tokens: readonly IToken[], index: number): boolean {
  const before = tokens[index - 1]
  const dot = tokens[index]
  const after = tokens[index + 1]
  if (before?.tokenType !== NumberLiteral || dot === undefined) return false
  if (spanOf(before).end !== dot.startOffset) return false
  const isName = after?.tokenType.CATEGORIES?.includes(Word) === true || after?.tokenType === Word
  return after === undefined || after.startOffset !== spanOf(dot).end || !isName
}

/** `= +1`: a plus before a number, with nothing in front that it could add to. */
function isSign(before: IToken | undefined, after: IToken | undefined, plus: IToken): boolean {
  const opens = before === undefined || /^[=:,([{;\n\r]$/.test(before.image)
  return opens && after?.tokenType === NumberLiteral && after.startOffset === spanOf(plus).end
}

/** `x.5`: the number would be a second operand without an operator between. */
function isOperandEnd(token: IToken | undefined): boolean {
  return token !== undefined && /[\w"\])]$/.test(token.image)
}

function asNumber(token: IToken, image: string): IToken {
  const instance = createTokenInstance(
    NumberLiteral,
    image,
    token.startOffset,
    token.endOffset ?? token.startOffset,
    token.startLine ?? 1,
    token.endLine ?? 1,
    token.startColumn ?? 1,
    token.endColumn ?? 1,
  )
  return instance
}

function openingMark(token: IToken): string {
  return token.image.startsWith('/*') ? '/*' : token.image.slice(0, 1)
}

function commentOf(text: string, token: IToken, slashes: number): Comment {
  const before = text.slice(Math.max(lineStart(text, token.startOffset), 0), token.startOffset)
  const ownLine = before.replaceAll('\uFEFF', '').trim() === ''
  return { text: token.image.slice(slashes), ownLine, span: spanOf(token) }
}

function lineStart(text: string, offset: number): number {
  let start = offset
  while (start > 0 && text[start - 1] !== '\n' && text[start - 1] !== '\r') start--
  return start
}

function meantBy(characters: string): string | undefined {
  if (/^['`´‘’‚“”„]/.test(characters)) return '"'
  if (characters === '|') return '|>'
  if (characters === '&') return 'and'
  if (characters === '÷') return '/'
  if (/^[\u00A0\u2000-\u200B\u202F\u3000]+$/.test(characters)) return ' '
  return undefined
}

/** One token as `compile --emit tokens` and editors show it. */
export interface Token {
  /** `PlainWord`, `Number`, `String`, `Newline`, the text of a keyword, or the name of a mark. */
  readonly kind: string
  readonly text: string
  readonly span: Span
}

/** The tokens of a text in order, comments included; space is left out. */
export function tokenize(text: string): readonly Token[] {
  return tokensOf(text, lex(text))
}

export function tokensOf(text: string, { tokens, comments }: LexedText): readonly Token[] {
  const all: Token[] = tokens.map((token) => ({
    kind: token.tokenType === Newline ? 'Newline' : token.tokenType.name,
    text: text.slice(spanOf(token).start, spanOf(token).end),
    span: spanOf(token),
  }))
  for (const { span } of comments) all.push({ kind: 'Comment', text: text.slice(span.start, span.end), span })
  return all.sort((a, b) => a.span.start - b.span.start)
}
