// Cuts the content of brackets into runs, each of which the parser reads by itself: statements at ends of
// lines and `;` and behind blocks, items at commas.
import type { IToken } from 'chevrotain'
import { endsOperand, type Group, isGroup, isOf, isStrayClosing } from './brackets.js'
import { spanOf } from './lexer.js'
import type { SyntaxProblem } from './problems.js'
import type { Span } from './syntax.js'
import { BlockGroup, Colon, Comma, Dot, Equals, Match, Newline, Semicolon, Word } from './tokens.js'
import { kindsByPlace, type StatementPlace } from './words.js'

export interface Run {
  readonly tokens: readonly IToken[]
  readonly span: Span
  /** What stands behind it, in words, and where: "end of line", "`)`". */
  readonly follower: string
  readonly followerSpan: Span
}

export interface Runs {
  readonly runs: readonly Run[]
  readonly problems: readonly SyntaxProblem[]
}

/** Cuts at commas; an empty item between two commas is a run without tokens, a trailing comma is none. */
export function cutItems(group: Group, closing: ')' | ']'): readonly Run[] {
  const runs: Run[] = []
  const close = { label: `\`${closing}\``, span: { start: group.inside.end, end: group.inside.end + 1 } }
  let current: IToken[] = []
  let start = group.inside.start
  for (const token of group.content) {
    if (token.tokenType === Comma) {
      runs.push(runOf(current, start, '`,`', spanOf(token)))
      current = []
      start = spanOf(token).end
    } else if (token.tokenType !== Newline && !isStrayClosing(token)) {
      current.push(token)
    }
  }
  if (current.length > 0) runs.push(runOf(current, start, close.label, close.span))
  return runs
}

/** Cuts the content of the file or of a block into statements; empty ones are left out. */
export function cutStatements(group: Group, place: StatementPlace): Runs {
  const runs: Run[] = []
  const problems: SyntaxProblem[] = []
  const { content } = group
  let current: IToken[] = []
  let pendingMatches = 0
  let commaReported = place === 'match'
  let isBroken = isBrokenFrom(content, 0)

  const cut = (follower: string, at: Span): void => {
    if (current.length > 0) runs.push(runOf(current, at.start, follower, at))
    current = []
    pendingMatches = 0
  }

  for (let index = 0; index < content.length; index++) {
    const token = content[index]
    if (token === undefined) break
    if (token.tokenType === Newline || token.tokenType === Semicolon) {
      cut(token.tokenType === Newline ? 'end of line' : '`;`', spanOf(token))
      isBroken = isBrokenFrom(content, index + 1)
      continue
    }
    if (isStrayClosing(token)) continue
    const isSeparator = place === 'match' || (!isBroken && isBetweenStatements(content, index, place))
    if (token.tokenType === Comma && isSeparator) {
      if (!commaReported) {
        problems.push({ kind: 'wrong_separator', found: '`,`', expected: 'a new line', span: spanOf(token) })
        commaReported = true
      }
      cut('`,`', spanOf(token))
      continue
    }
    if (current.length > 0 && !isBroken && startsStatement(content, index, place, current)) {
      problems.push({ kind: 'missing_separator', span: spanOf(token) })
      cut(`\`${token.image}\``, spanOf(token))
    }
    current.push(token)
    if (token.tokenType === Match) pendingMatches++
    if (isGroup(token) && token.tokenType === BlockGroup) {
      if (token.isMatchBlock && pendingMatches > 0) pendingMatches--
      else cut('end of line', emptyAt(spanOf(token).end))
    }
  }
  const end = place === 'file' ? 'end of file' : '`}`'
  cut(end, emptyAt(group.inside.end))
  return { runs, problems }
}

/** Whether the statement that starts here lacks an opening bracket, so that its commas separate anything. */
function isBrokenFrom(content: readonly IToken[], start: number): boolean {
  for (let index = start; index < content.length; index++) {
    const token = content[index]
    if (token === undefined || token.tokenType === Newline || token.tokenType === Semicolon) return false
    if (isStrayClosing(token)) return true
  }
  return false
}

function runOf(tokens: readonly IToken[], start: number, follower: string, followerSpan: Span): Run {
  const first = tokens[0]
  const last = tokens.at(-1)
  const span =
    first === undefined || last === undefined
      ? emptyAt(start)
      : { start: first.startOffset, end: spanOf(last).end }
  return { tokens, span, follower, followerSpan }
}

function emptyAt(offset: number): Span {
  return { start: offset, end: offset }
}

/** A comma used as a separator of fields: at the end of a line, or with another field behind it. */
function isBetweenStatements(content: readonly IToken[], index: number, place: StatementPlace): boolean {
  const next = content[index + 1]
  if (next === undefined || next.tokenType === Newline) return true
  const isField = content[index + 2]?.tokenType === Equals || content[index + 2]?.tokenType === Colon
  return isOf(next, Word) && (isField || kindsByPlace[place].some((kind) => kind === next.image))
}

/** Whether a statement starts in the middle of a line, with no separator before it. */
function startsStatement(
  content: readonly IToken[],
  index: number,
  place: StatementPlace,
  current: readonly IToken[],
): boolean {
  const token = content[index]
  if (token === undefined || !isOf(token, Word)) return false
  const previous = current.at(-1)
  if (!endsOperand(previous) || previous?.tokenType === Dot) return false
  const next = content[index + 1]
  if (place === 'train' || place === 'evaluate') {
    return next?.tokenType === Equals && current.some((earlier) => earlier.tokenType === Equals)
  }
  if (!kindsByPlace[place].some((kind) => kind === token.image) || current.length < 2) return false
  const afterNext = content[index + 2]
  return isOf(next, Word) && (afterNext?.tokenType === Equals || afterNext?.tokenType === Colon)
}
