// Between lexer and parser: brackets are matched, and each bracketed part becomes one token that holds its
// content.
//
// The parser then reads short flat runs of tokens, and a mistake inside brackets cannot leave them. Brackets
// that do not match are settled here, by how the lines look: a line that starts a declaration ends whatever
// was left open. Here also ends of lines are dropped where they mean nothing: inside `(` and `[`, and before
// a line that starts with `|>`.
import type { IToken, TokenType } from 'chevrotain'
import { createTokenInstance } from './chevrotain.js'
import { spanOf } from './lexer.js'
import type { SyntaxProblem } from './problems.js'
import type { Span } from './syntax.js'
import {
  BlockGroup,
  brackets,
  Colon,
  Comma,
  Equals,
  In,
  ListGroup,
  Match,
  Newline,
  NumberLiteral,
  ParenthesisGroup,
  Pipe,
  Semicolon,
  StringLiteral,
  UnterminatedString,
  Word,
} from './tokens.js'
import { type DeclarationKind, fileDeclarationKinds } from './words.js'

/** The content of a pair of brackets, or of the whole file. */
export interface Group {
  readonly content: readonly IToken[]
  /** Just behind the opening bracket to just before the closing one. */
  readonly inside: Span
}

export interface GroupToken extends IToken {
  readonly group: Group
  /** The block of a `match`, not of a declaration. */
  readonly isMatchBlock: boolean
}

export function isGroup(token: IToken): token is GroupToken {
  return 'group' in token
}

/** Whether a token is of a type or of one of its categories. */
export function isOf(token: IToken | undefined, type: TokenType): boolean {
  return (
    token !== undefined && (token.tokenType === type || token.tokenType.CATEGORIES?.includes(type) === true)
  )
}

type ClosingBracket = ')' | ']' | '}'
const closingOf = { '(': ')', '[': ']', '{': '}' } as const
const groupTypes = { '(': ParenthesisGroup, '[': ListGroup, '{': BlockGroup } as const

interface OpenGroup {
  readonly bracket: '(' | '[' | '{' | 'file'
  /** The opening bracket, or the token behind which a missing one was assumed. */
  readonly opening: IToken | undefined
  readonly isMissing: boolean
  readonly isMatchBlock: boolean
  /** First word of the statement whose block this is. */
  readonly owner: string | undefined
  /** Column of the first token of the line it was opened on. */
  readonly indentation: number
  readonly content: IToken[]
  /** `match` words in the present statement whose block has not come yet. */
  pendingMatches: number
  /** Where in `content` the present statement starts. */
  statementStart: number
}

export interface GroupedText {
  readonly file: Group
  readonly problems: readonly SyntaxProblem[]
}

/** Matches the brackets of a whole file. */
export function groupBrackets(tokens: readonly IToken[], textLength: number): GroupedText {
  const problems: SyntaxProblem[] = []
  const file = openGroup('file', undefined, 0)
  const stack: OpenGroup[] = []
  let top = file
  let indentation = 1
  let previous: IToken | undefined
  let brokenLine = -1
  /** How many brackets are open that each closing one would close. */
  const openCounts: Record<ClosingBracket, number> = { ')': 0, ']': 0, '}': 0 }

  const push = (token: IToken): void => {
    top.content.push(token)
    const endsStatement = token.tokenType === Newline || token.tokenType === Semicolon
    if (token.tokenType === Match) top.pendingMatches++
    if (endsStatement) top.pendingMatches = 0
    if (endsStatement || (isGroup(token) && token.tokenType === BlockGroup && !token.isMatchBlock)) {
      top.statementStart = top.content.length
    }
  }

  const open = (bracket: '(' | '[' | '{', opening: IToken, isMissing: boolean): void => {
    const isMatchBlock = bracket === '{' && top.pendingMatches > 0
    if (isMatchBlock) top.pendingMatches--
    const owner = top.content[top.statementStart]?.image
    stack.push(top)
    openCounts[closingOf[bracket]]++
    top = { ...openGroup(bracket, opening, indentation), isMissing, isMatchBlock, owner }
  }

  /** Ends the innermost group; `closing` is undefined where its bracket is missing. */
  const close = (closing: IToken | undefined): void => {
    const { bracket, opening, content, isMatchBlock, isMissing } = top
    const parent = stack.pop()
    if (parent === undefined || bracket === 'file' || opening === undefined) return
    openCounts[closingOf[bracket]]--
    const openingSpan = spanOf(opening)
    const lastInside = content.findLast((token) => token.tokenType !== Newline) ?? opening
    const insideEnd = closing === undefined ? spanOf(lastInside).end : spanOf(closing).start
    const end = closing === undefined ? insideEnd : spanOf(closing).end
    if (closing === undefined && !isMissing && opening.startLine !== brokenLine) {
      const span = { start: insideEnd, end: insideEnd }
      problems.push({
        kind: 'missing_closing_bracket',
        bracket: closingOf[bracket],
        opening: openingSpan,
        span,
      })
    }
    const start = isMissing ? openingSpan.end : openingSpan.start
    const group = { content, inside: { start: openingSpan.end, end: insideEnd } }
    const token: GroupToken = {
      ...createTokenInstance(
        groupTypes[bracket],
        bracket,
        start,
        end - 1,
        opening.startLine ?? 1,
        (closing ?? lastInside).endLine ?? 1,
        opening.startColumn ?? 1,
        (closing ?? lastInside).endColumn ?? 1,
      ),
      group,
      isMatchBlock,
    }
    top = parent
    push(token)
  }

  const isParenthesis = (group: OpenGroup): boolean => group.bracket === '(' || group.bracket === '['

  /** Ends groups that cannot hold a line that starts like this one. */
  const closeBefore = (line: LineStart, token: IToken, newline: IToken | undefined): void => {
    const column = token.startColumn ?? 1
    const depth = stack.length
    const continues = previous?.tokenType === Comma || previous === top.opening
    for (;;) {
      const outside = column <= top.indentation
      const ends =
        (isParenthesis(top) && (line !== 'field' || (outside && !continues))) ||
        (top.bracket === '{' && outside && (line === 'declaration' || isMisplacedLet(token, top))) ||
        (top.bracket === '{' && top.isMatchBlock && line !== 'declaration')
      if (!ends) break
      close(undefined)
    }
    if (stack.length < depth && newline !== undefined && top.content.at(-1)?.tokenType !== Newline)
      push(newline)
  }

  const closeThrough = (closing: ClosingBracket, token: IToken, index: number): void => {
    if (top.bracket !== 'file' && closingOf[top.bracket] === closing) {
      close(token)
      return
    }
    const openers = openCounts[closing] === 0 ? [] : [...stack.slice(1), top].reverse()
    const position = openers.findIndex(
      (group) => group.bracket !== 'file' && closingOf[group.bracket] === closing,
    )
    const crossesBlock = openers.slice(0, Math.max(position, 0)).some((group) => group.bracket === '{')
    const meant = top.bracket === 'file' ? undefined : closingOf[top.bracket]
    const isMeant = position < 0 && closing !== '}' && isParenthesis(top) && meant !== undefined
    if (isMeant && top.opening !== undefined && !closesOnLine(tokens, index, meant)) {
      const opening = spanOf(top.opening)
      problems.push({ kind: 'missing_closing_bracket', bracket: meant, opening, span: spanOf(token) })
      close(token)
      return
    }
    if (stack.length === 0 || position < 0 || (crossesBlock && closesOnLine(tokens, index, '}'))) {
      problems.push({ kind: 'unexpected_closing_bracket', bracket: closing, span: spanOf(token) })
      push(token)
      return
    }
    for (let missing = 0; missing < position; missing++) close(undefined)
    close(token)
  }

  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]
    if (token === undefined) break
    if (token.tokenType === Newline) {
      if (previous !== undefined && previous.startLine === brokenLine) {
        while (isParenthesis(top) && top.opening?.startLine === brokenLine) close(undefined)
      }
      const next = skipNewlines(tokens, index)
      index = next - 1
      if (isParenthesis(top) || tokens[next]?.tokenType === Pipe) continue
      const missingBrace = braceMissingAt(top, next, tokens)
      if (missingBrace !== undefined && previous !== undefined) {
        const end = spanOf(previous).end
        problems.push({ kind: 'missing_opening_brace', declaration: missingBrace, span: { start: end, end } })
        if (tokens[next]?.tokenType !== brackets['{']) open('{', previous, true)
        continue
      }
      if (top.content.at(-1)?.tokenType !== Newline) push(token)
      continue
    }
    const newline = tokens[index - 1]?.tokenType === Newline ? tokens[index - 1] : undefined
    if (newline !== undefined || index === 0) {
      const line = lineStart(tokens, index)
      if (line !== undefined) closeBefore(line, token, newline)
      indentation = token.startColumn ?? 1
    }
    switch (token.tokenType) {
      case brackets['(']:
        open('(', token, false)
        break
      case brackets['[']:
        open('[', token, false)
        break
      case brackets['{']:
        while (isParenthesis(top) && top.pendingMatches === 0 && blockIsAwaited(stack)) close(undefined)
        open('{', token, false)
        break
      case brackets[')']:
        closeThrough(')', token, index)
        break
      case brackets[']']:
        closeThrough(']', token, index)
        break
      case brackets['}']:
        closeThrough('}', token, index)
        break
      default:
        if (token.tokenType === UnterminatedString) brokenLine = token.startLine ?? -1
        push(token)
    }
    previous = token
  }
  while (stack.length > 0) close(undefined)
  return { file: { content: file.content, inside: { start: 0, end: textLength } }, problems }
}

function openGroup(
  bracket: OpenGroup['bracket'],
  opening: IToken | undefined,
  indentation: number,
): OpenGroup {
  return {
    bracket,
    opening,
    indentation,
    isMissing: false,
    isMatchBlock: false,
    owner: undefined,
    content: [],
    pendingMatches: 0,
    statementStart: 0,
  }
}

function skipNewlines(tokens: readonly IToken[], index: number): number {
  let next = index
  while (tokens[next]?.tokenType === Newline) next++
  return next
}

function closesOnLine(tokens: readonly IToken[], index: number, closing: ClosingBracket): boolean {
  for (let next = index + 1; next < tokens.length; next++) {
    const type = tokens[next]?.tokenType
    if (type === Newline) return false
    if (type === brackets[closing]) return true
  }
  return false
}

// ---- what a line starts with ------------------------------------------------------------------------------

/**
 * `dataset x`, `train {`: only at the top level; `loss x =`: in some block; `x =`: a field, or a mistaken
 * argument.
 */
type LineStart = 'declaration' | 'binding' | 'field'

const declarationWords: ReadonlySet<string> = new Set(fileDeclarationKinds)
const blockWords: ReadonlySet<string> = new Set(['let', 'loss', 'head'])
const blockDeclarations: readonly DeclarationKind[] = ['network', 'branch', 'train', 'evaluate']

function lineStart(tokens: readonly IToken[], index: number): LineStart | undefined {
  const first = tokens[index]
  const second = tokens[index + 1]
  if (first === undefined || second === undefined || !isOf(first, Word)) return undefined
  if (second.tokenType === Equals) return 'field'
  const isBinding = isOf(second, Word) && tokens[index + 2]?.tokenType === Equals
  if (blockWords.has(first.image)) return isBinding ? 'binding' : undefined
  if (isBinding) return 'declaration'
  if (!declarationWords.has(first.image)) return undefined
  switch (first.image) {
    case 'experiment':
    case 'import':
      return isOf(second, StringLiteral) || isOf(second, UnterminatedString) ? 'declaration' : undefined
    case 'train':
      return second.tokenType === brackets['{'] ? 'declaration' : undefined
    case 'minimize':
      if (isOf(second, NumberLiteral)) return 'declaration'
      break
    case 'param':
      return isOf(second, Word) && tokens[index + 2]?.tokenType === Colon ? 'declaration' : undefined
  }
  return isOf(second, Word) && second.tokenType !== In ? 'declaration' : undefined
}

/** `let` in a block that holds none; in a branch it may stand. */
function isMisplacedLet(token: IToken, block: OpenGroup): boolean {
  return token.image === 'let' && !block.isMatchBlock && block.owner !== 'branch'
}

/**
 * The declaration whose block should have been opened on the line that ends here, if the next line goes on as
 * if it had been: with the brace itself, or with what such a block holds.
 */
function braceMissingAt(
  top: OpenGroup,
  next: number,
  tokens: readonly IToken[],
): DeclarationKind | undefined {
  const head = top.content[top.statementStart]
  if (top.bracket !== 'file' || head === undefined) return undefined
  const declaration = blockDeclarations.find((kind) => kind === head.image)
  if (declaration === undefined) return undefined
  const size = top.content.length - top.statementStart
  if (tokens[next]?.tokenType === brackets['{']) return top.pendingMatches === 0 ? declaration : undefined
  const line = lineStart(tokens, next)
  const word = tokens[next]?.image ?? ''
  switch (declaration) {
    case 'train':
      return size === 1 && line === 'field' ? declaration : undefined
    case 'evaluate':
      return size > 1 && line === 'field' ? declaration : undefined
    case 'branch':
      return size === 2 && line === 'binding' ? declaration : undefined
    default:
      return size > 3 && line === 'binding' && word === 'head' ? declaration : undefined
  }
}

/** Whether a `{` right here would open the block of a declaration that some bracket is still open in. */
function blockIsAwaited(stack: readonly OpenGroup[]): boolean {
  const file = stack[0]
  const head = file?.content[file.statementStart]
  return stack.length === 1 && blockDeclarations.some((kind) => kind === head?.image)
}

/**
 * A closing bracket that nothing opened: it stays in the content, so that its statement is known to be
 * broken.
 */
export function isStrayClosing({ tokenType }: IToken): boolean {
  return tokenType === brackets[')'] || tokenType === brackets[']'] || tokenType === brackets['}']
}

/** Whether an operand can end with this token, so that a word behind it starts something new. */
export function endsOperand(token: IToken | undefined): boolean {
  if (token === undefined) return false
  if (isGroup(token)) return true
  return (
    isOf(token, Word) ||
    isOf(token, NumberLiteral) ||
    isOf(token, StringLiteral) ||
    isOf(token, UnterminatedString)
  )
}
