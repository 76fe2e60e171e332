// Reads runs of tokens with the parser and collects the problems of a file.
//
// A run gives one problem at most, and a statement whose brackets, quotes or characters are broken gives no
// other, so that one mistake is one problem.
import type { IRecognitionException, IToken } from 'chevrotain'
import { isGroup, isOf } from './brackets.js'
import { EOF } from './chevrotain.js'
import { spanOf } from './lexer.js'
import { type PendingGroup, type RunReading, runParser } from './parser.js'
import type { SyntaxProblem } from './problems.js'
import type { Run } from './statements.js'
import type { Span } from './syntax.js'
import { BlockGroup, type Colon, StringLiteral, UnterminatedString, Word } from './tokens.js'
import { reservedWords } from './words.js'

/** How many tokens may stand around an expression, counted through all the brackets it is in. */
const deepestNesting = 1000

/** What a run stands in. */
export interface Surroundings {
  /** Tokens of the runs around it. */
  readonly depth: number
  /** Its problems are not reported: its statement is broken already. */
  readonly silent: boolean
}

export interface QueuedGroup {
  readonly pending: PendingGroup
  readonly surroundings: Surroundings
}

export interface ReadRun<Node> {
  /** Undefined where not even its beginning could be read. */
  readonly node: Node | undefined
  /** What was read cannot be relied on. */
  readonly failed: boolean
}

interface Disturbance {
  readonly offset: number
  /** A bracket or quote that is not closed: nothing is sure about what stands in the statement. */
  readonly breaksStructure: boolean
}

/** Lives as long as one file is read. */
export class RunReader {
  readonly parser = runParser()
  /** Brackets of the runs read so far, to be read next. */
  readonly queue: QueuedGroup[] = []
  private readonly problems: SyntaxProblem[] = []
  private readonly disturbances: readonly Disturbance[]

  /** `gaps` are the problems that lexer and brackets left something wrong behind for. */
  constructor(
    private readonly textLength: number,
    gaps: readonly SyntaxProblem[],
  ) {
    this.disturbances = gaps
      .map(({ kind, span }) => ({
        offset: span.start,
        breaksStructure: kind === 'missing_closing_bracket' || kind === 'unterminated_string',
      }))
      .sort((a, b) => a.offset - b.offset)
  }

  report(problem: SyntaxProblem, surroundings?: Surroundings): void {
    if (surroundings?.silent !== true) this.problems.push(problem)
  }

  /** All problems in textual order, inside the text; of one kind only one at a place. */
  finish(): readonly SyntaxProblem[] {
    const inside = (offset: number): number =>
      Number.isFinite(offset) ? Math.min(Math.max(offset, 0), this.textLength) : this.textLength
    const seen = new Set<string>()
    return this.problems
      .map((problem) => {
        const start = inside(problem.span.start)
        return { ...problem, span: { start, end: Math.max(start, inside(problem.span.end)) } }
      })
      .sort((a, b) => a.span.start - b.span.start)
      .filter((problem) => {
        const key = `${problem.kind} ${problem.span.start} ${problem.span.end}`
        return !seen.has(key) && seen.add(key) !== undefined
      })
  }

  /** Reads one run by a rule; `expected` are words for what may stand behind it. */
  readRun<Node>(
    rule: () => Node,
    run: Run,
    tokens: IToken[],
    expected: readonly string[],
    surroundings: Surroundings,
  ): ReadRun<Node> {
    const depth = surroundings.depth + tokens.length
    if (depth > deepestNesting) {
      this.report({ kind: 'nested_too_deep', span: run.span }, surroundings)
      return { node: undefined, failed: true }
    }
    const disturbance = this.disturbanceOf(run)
    const silent = surroundings.silent || disturbance !== undefined
    const reading = this.parser.read(rule, tokens)
    const problem = firstProblem(reading, run, expected)
    if (problem !== undefined) this.report(problem, { depth, silent })
    for (const pending of reading.pending) {
      // Statements in a block stand for themselves: neither depth nor the mistakes of the line before go on
      // in them.
      const isBlock =
        pending.holds === 'heads' || pending.holds === 'statements' || pending.holds === 'fields'
      const inner = isBlock ? { depth: 0, silent: surroundings.silent } : { depth, silent }
      this.queue.push({ pending, surroundings: inner })
    }
    const isRedundant = reading.errors.some((error) => error.name === 'NotAllInputParsedException')
    const isUnsure = disturbance?.breaksStructure === true || (silent && problem !== undefined)
    return { node: reading.node, failed: isRedundant || isUnsure }
  }

  /** The first broken bracket, quote or character of a run, those in its blocks apart. */
  disturbanceOf(run: Run): Disturbance | undefined {
    let found: Disturbance | undefined
    const end = Math.max(run.span.end, run.followerSpan.start)
    for (let index = this.firstDisturbanceAt(run.span.start); index < this.disturbances.length; index++) {
      const disturbance = this.disturbances[index]
      if (disturbance === undefined || disturbance.offset > end) break
      if (run.tokens.some((token) => holdsInBlock(token, disturbance.offset))) continue
      if (disturbance.breaksStructure) return disturbance
      found ??= disturbance
    }
    return found
  }

  private firstDisturbanceAt(offset: number): number {
    let low = 0
    let high = this.disturbances.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.disturbances[middle]?.offset ?? 0) < offset) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Reads `lr = 0.1` in an argument as `lr: 0.1`, and the other way round in a field, and says so. */
  correctSeparator(
    tokens: IToken[],
    index: number,
    found: typeof Colon,
    meant: typeof Colon,
    surroundings: Surroundings,
  ): void {
    const token = tokens[index]
    if (token?.tokenType !== found || !isOf(tokens[index - 1], Word)) return
    const words = { found: `\`${token.image}\``, expected: meant.LABEL ?? meant.name }
    this.report({ kind: 'wrong_separator', ...words, span: spanOf(token) }, surroundings)
    tokens[index] = { ...token, tokenType: meant, tokenTypeIdx: meant.tokenTypeIdx ?? 0 }
  }
}

function holdsInBlock(token: IToken, offset: number): boolean {
  if (!isGroup(token) || token.tokenType !== BlockGroup || token.isMatchBlock) return false
  return offset > token.startOffset && offset <= spanOf(token).end
}

function firstProblem(
  reading: RunReading<unknown>,
  run: Run,
  expected: readonly string[],
): SyntaxProblem | undefined {
  const slips: SyntaxProblem[] = reading.readOver.map((slip) => {
    if (slip.kind === 'bound_outside_argument') {
      const { image } = slip.operator
      return { kind: 'bound_outside_argument', operator: image, span: spanOf(slip.operator) }
    }
    const { before, at } = slip
    const end = before === undefined ? run.span.start : spanOf(before).end
    const span: Span = at === undefined ? { start: end, end } : spanOf(at)
    return { kind: 'missing_expression', after: before && foundWords(before), span }
  })
  const isRedundant = ({ name }: IRecognitionException): boolean => name === 'NotAllInputParsedException'
  const mismatches = reading.errors.filter((error) => !isRedundant(error))
  const redundant = reading.errors.filter(isRedundant)
  // At one place the plainest comes first: what does not match, then what is missing, then what is left over.
  const problems = [
    ...mismatches.map((error) => mismatch(error, run, expected)),
    ...slips,
    ...redundant.map((error) => mismatch(error, run, expected)),
  ]
  return problems.reduce<SyntaxProblem | undefined>(
    (earliest, problem) =>
      earliest === undefined || problem.span.start < earliest.span.start ? problem : earliest,
    undefined,
  )
}

/** A token in words: "`)`", "`name`", "a string". */
export function foundWords(token: IToken): string {
  if (token.tokenType === StringLiteral || token.tokenType === UnterminatedString) return 'a string'
  return `\`${token.image.length > 40 ? `${token.image.slice(0, 40)}…` : token.image}\``
}

function mismatch(error: IRecognitionException, run: Run, expected: readonly string[]): SyntaxProblem {
  const { token } = error
  // The end of a run and tokens that recovery put in have no offsets.
  const isEnd = token.tokenType === EOF || !Number.isFinite(token.startOffset)
  const span = isEnd ? { start: run.span.end, end: run.span.end } : spanOf(token)
  const wanted = error.message === '' ? expected : error.message.split('\n')
  const reserved = reservedWords.find((word) => word === token.image)
  if (reserved !== undefined && wanted.includes('a name'))
    return { kind: 'reserved_word', word: reserved, span }
  return { kind: 'unexpected_token', found: isEnd ? run.follower : foundWords(token), expected: wanted, span }
}
