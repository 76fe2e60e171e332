// Text to syntax tree, with every problem of form. Never throws: a wrong file gives a tree with gaps.
//
// The tree is read from the outside in. One run of tokens is parsed at a time; the brackets in it wait in a queue
// until their content is cut into runs in turn. A run gives one problem at most, and a statement whose brackets or
// quotes are broken gives no other, so that one mistake is one problem.
import type { IRecognitionException, IToken } from 'chevrotain'
import { groupBrackets, isGroup, isOf } from './brackets.js'
import { EOF } from './chevrotain.js'
import { lex, spanOf, type Token, tokensOf } from './lexer.js'
import { nearestName } from './nearest-name.js'
import { isBindingKind, type PendingGroup, type RunReading, runParser } from './parser.js'
import type { SyntaxProblem } from './problems.js'
import { cutItems, cutStatements, type Run } from './statements.js'
import type {
  Argument,
  Declaration,
  Expression,
  FieldAssignment,
  HeadDeclaration,
  LetDeclaration,
  LossDeclaration,
  SourceFile,
  Span,
  UnreadableDeclaration,
} from './syntax.js'
import {
  BlockGroup,
  Colon,
  Equals,
  keywords,
  NumberLiteral,
  StringLiteral,
  UnterminatedString,
  Word,
} from './tokens.js'
import {
  type DeclarationKind,
  declarationKinds,
  kindsByPlace,
  reservedWords,
  type StatementPlace,
} from './words.js'

export interface ParseResult {
  readonly tree: SourceFile
  /** Made when asked for. */
  readonly tokens: readonly Token[]
  /** In textual order. */
  readonly problems: readonly SyntaxProblem[]
}

/** How many tokens may stand around an expression, counted through all the brackets it is in. */
const deepestNesting = 1000

interface QueuedGroup {
  readonly pending: PendingGroup
  readonly depth: number
  /** Problems of this part are not reported: its statement is broken already. */
  readonly silent: boolean
}

/**
 * Reads a whole file.
 *
 * The problems are all problems of form that the file has; every span lies inside the text. Where there are none, the
 * tree holds no `missing` expression and no `unreadable` declaration.
 */
export function parse(text: string): ParseResult {
  const lexed = lex(text)
  const grouped = groupBrackets(lexed.tokens, text.length)
  const reader = new SourceReader(text, [...lexed.gaps, ...grouped.problems])
  reader.report(...lexed.problems, ...grouped.problems)
  const { runs, problems } = cutStatements(grouped.file, 'file')
  reader.report(...problems)
  const version = reader.readVersion(runs)
  const declarations = runs
    .filter((run) => run !== version.run)
    .map((run) => reader.readStatement(run, 'file', 0))
    .filter((declaration): declaration is Declaration => declaration !== undefined)
  reader.readPending()
  const tree: SourceFile = {
    kind: 'file',
    version: version.version,
    declarations,
    comments: lexed.comments,
    span: { start: 0, end: text.length },
  }
  return {
    tree,
    problems: reader.finish(),
    get tokens() {
      return tokensOf(text, lexed)
    },
  }
}

type BlockStatement = LetDeclaration | LossDeclaration | HeadDeclaration

/** Reads the runs of one file; lives as long as that takes. */
class SourceReader {
  private readonly parser = runParser()
  private readonly queue: QueuedGroup[] = []
  private readonly problems: SyntaxProblem[] = []
  /** Where brackets, quotes or characters are wrong, in order. */
  private readonly disturbances: readonly { readonly offset: number; readonly breaksStructure: boolean }[]

  constructor(
    private readonly text: string,
    gaps: readonly SyntaxProblem[],
  ) {
    this.disturbances = gaps
      .map((problem) => ({
        offset: problem.span.start,
        breaksStructure: problem.kind === 'missing_closing_bracket' || problem.kind === 'unterminated_string',
      }))
      .sort((a, b) => a.offset - b.offset)
  }

  report(...problems: readonly SyntaxProblem[]): void {
    this.problems.push(...problems)
  }

  /** All problems in textual order, inside the text, none twice. */
  finish(): readonly SyntaxProblem[] {
    const inside = (offset: number): number =>
      Number.isFinite(offset) ? Math.min(Math.max(offset, 0), this.text.length) : this.text.length
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

  // ---- the first line -------------------------------------------------------------------------------------

  readVersion(runs: readonly Run[]): {
    readonly version: SourceFile['version']
    readonly run: Run | undefined
  } {
    const run = runs.find(({ tokens }) => {
      const [first, second] = tokens
      return first?.image === 'sau' && second?.tokenType !== Equals && second?.tokenType !== Colon
    })
    if (run === undefined) {
      this.report({ kind: 'missing_version', span: { start: 0, end: 0 } })
      return { version: undefined, run }
    }
    const number = run.tokens[1]
    if (run !== runs[0]) this.report({ kind: 'misplaced_version', span: run.span })
    if (run.tokens.length !== 2 || number?.tokenType !== NumberLiteral || !/^[0-9]+$/.test(number.image)) {
      if (this.disturbanceOf(run) === undefined) this.report({ kind: 'unreadable_version', span: run.span })
      return { version: undefined, run }
    }
    return { version: { value: Number(number.image), span: spanOf(number) }, run }
  }

  // ---- statements -----------------------------------------------------------------------------------------

  readStatement(run: Run, place: 'file', depth: number): Declaration | undefined {
    const [first, second] = run.tokens
    if (first === undefined) return undefined
    const kind = this.kindOf(run, place)
    if (kind === undefined) return this.unreadable(run, undefined)
    if (isBindingKind(kind)) {
      const declaration = this.readBinding(run, place, kind, depth)
      if (declaration.kind !== 'head' && declaration.kind !== 'loss') return declaration
      return this.unreadable(run, declaration.kind)
    }
    const { parser } = this
    const tokens = [retyped(first, kind), ...run.tokens.slice(1)]
    const read = <Node extends Declaration>(rule: () => Node): Declaration => {
      const { node, failed } = this.readRun(rule, run, tokens, statementEnd, depth)
      return node === undefined ? this.unreadable(run, kind) : failed ? withoutValue(node) : node
    }
    switch (kind) {
      case 'experiment':
      case 'import':
        return read(parser.titled)
      case 'param':
        return read(parser.param)
      case 'network':
        if (second !== undefined) this.correctSeparator(tokens, 2, Colon, Equals)
        return read(parser.network)
      case 'branch':
        return read(parser.branch)
      case 'minimize':
        return read(parser.minimize)
      case 'train':
        return read(parser.train)
      case 'evaluate':
        return read(parser.evaluate)
    }
  }

  private readBlockStatement(
    run: Run,
    place: 'network' | 'branch',
    depth: number,
    silent: boolean,
  ): BlockStatement | undefined {
    const kind = this.kindOf(run, place)
    if (kind !== 'let' && kind !== 'loss' && kind !== 'head') return undefined
    const declaration = this.readBinding(run, place, kind, depth, silent)
    return declaration.kind === 'let' || declaration.kind === 'loss' || declaration.kind === 'head'
      ? declaration
      : undefined
  }

  private readBinding(
    run: Run,
    place: StatementPlace,
    kind: DeclarationKind,
    depth: number,
    silent = false,
  ): LetDeclaration | LossDeclaration | HeadDeclaration | Exclude<Declaration, { kind: 'network' }> {
    const tokens = run.tokens.map((token, index) => (index === 0 ? retyped(token, kind) : token))
    this.correctSeparator(tokens, 2, Colon, Equals)
    const expected = place === 'file' ? statementEnd : blockStatementEnd
    const { node, failed } = this.readRun(this.parser.binding, run, tokens, expected, depth, silent)
    if (node !== undefined) return failed ? { ...node, value: missingBehind(node) } : node
    const name = nameIn(run, 1)
    if (name === undefined || place === 'file') return this.unreadable(run, kind)
    const value: Expression = { kind: 'missing', span: { start: run.span.end, end: run.span.end } }
    return { kind: kind === 'loss' || kind === 'head' ? kind : 'let', name, value, span: run.span }
  }

  private unreadable(run: Run, kind: DeclarationKind | undefined): UnreadableDeclaration {
    const first = run.tokens[0]
    const word = kind ?? declarationKinds.find((known) => known === first?.image)
    const isAssignment = run.tokens[1]?.tokenType === Equals
    const name = nameIn(run, isAssignment ? 0 : 1)
    return { kind: 'unreadable', declares: isAssignment ? undefined : word, name, span: run.span }
  }

  /** What a statement declares by its first word; reports where that is nothing that may stand here. */
  private kindOf(run: Run, place: StatementPlace): DeclarationKind | undefined {
    const [first, second] = run.tokens
    const allowed = kindsByPlace[place]
    if (first === undefined) return undefined
    const span = spanOf(first)
    const disturbed = this.disturbanceOf(run) !== undefined
    if (!isOf(first, Word)) {
      const expected = allowed.map((kind) => `\`${kind}\``)
      if (!disturbed) this.report({ kind: 'unexpected_token', found: foundWords(first), expected, span })
      return undefined
    }
    const word = first.image
    if (word === 'sau' && place === 'file' && second?.tokenType !== Equals) {
      this.report({ kind: 'misplaced_version', span: run.span })
      return undefined
    }
    if (second?.tokenType === Equals) {
      this.report({ kind: 'missing_declaration_kind', name: word, place, allowed, span })
      return undefined
    }
    const exact = allowed.find((kind) => kind === word)
    if (exact !== undefined) return exact
    const elsewhere = declarationKinds.find((kind) => kind === word)
    const leadsOn =
      isOf(second, Word) || second?.tokenType === StringLiteral || second?.tokenType === UnterminatedString
    if (elsewhere !== undefined && (leadsOn || second?.tokenType === BlockGroup)) {
      const belongs = placeOf(elsewhere)
      this.report({ kind: 'misplaced_declaration', declaration: elsewhere, place, belongs, span })
      return undefined
    }
    const near = nearestName(word, allowed)
    const nearest = allowed.find((kind) => kind === near)
    if (disturbed && nearest === undefined) return undefined
    this.report({ kind: 'misspelt_declaration_kind', word, nearest, place, allowed, span })
    return nearest
  }

  /** Reads `lr = 0.1` in an argument as `lr: 0.1`, and the other way round in a field, and says so. */
  private correctSeparator(tokens: IToken[], index: number, found: typeof Colon, meant: typeof Colon): void {
    const token = tokens[index]
    if (token?.tokenType !== found || !isOf(tokens[index - 1], Word)) return
    const expected = `\`${meant.LABEL?.slice(1, -1) ?? meant.name}\``
    this.report({ kind: 'wrong_separator', found: `\`${token.image}\``, expected, span: spanOf(token) })
    tokens[index] = { ...token, tokenType: meant, tokenTypeIdx: meant.tokenTypeIdx ?? 0 }
  }

  // ---- brackets -------------------------------------------------------------------------------------------

  readPending(): void {
    for (let index = 0; index < this.queue.length; index++) {
      const queued = this.queue[index]
      if (queued !== undefined) this.readGroup(queued)
    }
  }

  private readGroup({ pending, depth, silent }: QueuedGroup): void {
    const { group } = pending.token
    switch (pending.holds) {
      case 'parenthesized': {
        const [run, ...more] = cutItems(group, ')')
        const { inner } = pending.into
        const value = run === undefined ? undefined : this.readItem(run, ['`)`'], depth, silent)
        if (run === undefined) this.reportMissing(inner.span, '`(`', silent)
        else if (more.length > 0 && !silent) {
          const found = '`,`'
          this.report({ kind: 'unexpected_token', found, expected: ['`)`'], span: run.followerSpan })
        }
        pending.into.inner = more.length > 0 ? { kind: 'missing', span: group.inside } : (value ?? inner)
        return
      }
      case 'items':
        for (const run of cutItems(group, ']')) {
          pending.into.push(this.readItem(run, ['`,`', '`]`'], depth, silent))
        }
        return
      case 'arguments':
        this.readArguments(pending.into, cutItems(group, ')'), depth, silent)
        return
      case 'arms':
        for (const run of this.cutBlock(pending.token, 'match', silent)) {
          const tokens = [...run.tokens]
          const { node, failed } = this.readRun(this.parser.arm, run, tokens, armEnd, depth, silent)
          if (node !== undefined) pending.into.push(failed ? { ...node, value: missingBehind(node) } : node)
        }
        return
      case 'heads':
        for (const run of this.cutBlock(pending.token, 'network', silent)) {
          const statement = this.readBlockStatement(run, 'network', depth, silent)
          if (statement?.kind === 'head') pending.into.push(statement)
        }
        return
      case 'statements':
        for (const run of this.cutBlock(pending.token, 'branch', silent)) {
          const statement = this.readBlockStatement(run, 'branch', depth, silent)
          if (statement?.kind === 'let' || statement?.kind === 'loss') pending.into.push(statement)
        }
        return
      case 'fields':
        for (const run of this.cutBlock(pending.token, pending.place, silent)) {
          const field = this.readField(run, pending.place, depth, silent)
          if (field !== undefined) pending.into.push(field)
        }
    }
  }

  private cutBlock(token: PendingGroup['token'], place: StatementPlace, silent: boolean): readonly Run[] {
    const { runs, problems } = cutStatements(token.group, place)
    if (!silent) this.report(...problems)
    return runs
  }

  private readField(
    run: Run,
    place: StatementPlace,
    depth: number,
    silent: boolean,
  ): FieldAssignment | undefined {
    const [first, second] = run.tokens
    if (first === undefined) return undefined
    const elsewhere = declarationKinds.find((kind) => kind === first.image)
    const declares =
      isOf(second, Word) || second?.tokenType === BlockGroup || second?.tokenType === StringLiteral
    if (elsewhere !== undefined && declares) {
      const belongs = placeOf(elsewhere)
      if (!silent) {
        this.report({
          kind: 'misplaced_declaration',
          declaration: elsewhere,
          place,
          belongs,
          span: spanOf(first),
        })
      }
      return undefined
    }
    const tokens = [...run.tokens]
    if (!silent) this.correctSeparator(tokens, 1, Colon, Equals)
    const { node, failed } = this.readRun(this.parser.field, run, tokens, blockStatementEnd, depth, silent)
    if (node !== undefined) return failed ? { ...node, value: missingBehind(node) } : node
    const name = nameIn(run, 0)
    const value: Expression = { kind: 'missing', span: { start: run.span.end, end: run.span.end } }
    return name === undefined ? undefined : { kind: 'field', name, value, span: run.span }
  }

  private readArguments(into: Argument[], runs: readonly Run[], depth: number, silent: boolean): void {
    let named: Span | undefined
    for (const run of runs) {
      const tokens = [...run.tokens]
      if (run.tokens.length === 0) {
        this.reportMissing(run.followerSpan, undefined, silent)
        into.push({ name: undefined, value: { kind: 'missing', span: run.span }, span: run.span })
        continue
      }
      if (!silent) this.correctSeparator(tokens, 1, Equals, Colon)
      const { node, failed } = this.readRun(this.parser.argument, run, tokens, argumentEnd, depth, silent)
      const missing: Expression = { kind: 'missing', span: run.span }
      const argument = node ?? { name: undefined, value: missing, span: run.span }
      into.push(failed ? { ...argument, value: missing } : argument)
      if (argument.name !== undefined) named ??= argument.name.span
      else if (named !== undefined && !silent && !failed && node !== undefined) {
        this.report({ kind: 'positional_after_named', named, span: node.span })
      }
    }
  }

  private readItem(run: Run, expected: readonly string[], depth: number, silent: boolean): Expression {
    const missing: Expression = { kind: 'missing', span: run.span }
    if (run.tokens.length === 0) {
      this.reportMissing(run.followerSpan, undefined, silent)
      return missing
    }
    const { node, failed } = this.readRun(this.parser.item, run, [...run.tokens], expected, depth, silent)
    return failed || node === undefined ? missing : node
  }

  private reportMissing(span: Span, after: string | undefined, silent: boolean): void {
    if (!silent) this.report({ kind: 'missing_expression', after, span })
  }

  // ---- runs -----------------------------------------------------------------------------------------------

  /** Reads one run and reports its first problem. `failed` where what was read cannot be relied on. */
  private readRun<Node>(
    rule: () => Node,
    run: Run,
    tokens: IToken[],
    expected: readonly string[],
    depth: number,
    silent = false,
  ): { readonly node: Node | undefined; readonly failed: boolean } {
    const inner = depth + tokens.length
    if (inner > deepestNesting) {
      if (!silent) this.report({ kind: 'nested_too_deep', span: run.span })
      return { node: undefined, failed: true }
    }
    const disturbance = this.disturbanceOf(run)
    const quiet = silent || disturbance !== undefined
    const reading = this.parser.read(rule, tokens)
    const first = this.firstProblem(reading, run, expected)
    if (first !== undefined && !quiet) this.report(first)
    for (const pending of reading.pending) {
      const isBlock = ['heads', 'statements', 'fields'].includes(pending.holds)
      this.queue.push({ pending, depth: isBlock ? 0 : inner, silent: isBlock ? silent : quiet })
    }
    const isRedundant = reading.errors.some((error) => error.name === 'NotAllInputParsedException')
    const failed = isRedundant || disturbance?.breaksStructure === true || (quiet && first !== undefined)
    return { node: reading.node, failed }
  }

  private firstProblem(
    reading: RunReading<unknown>,
    run: Run,
    expected: readonly string[],
  ): SyntaxProblem | undefined {
    const problems: SyntaxProblem[] = reading.errors.map((error) => mismatch(error, run, expected))
    for (const slip of reading.readOver) {
      if (slip.kind === 'bound_outside_argument') {
        const { image } = slip.operator
        problems.push({ kind: 'bound_outside_argument', operator: image, span: spanOf(slip.operator) })
      } else {
        const after = slip.before === undefined ? undefined : foundWords(slip.before)
        const end = slip.before === undefined ? run.span.start : spanOf(slip.before).end
        const span = slip.at === undefined ? { start: end, end } : spanOf(slip.at)
        problems.push({ kind: 'missing_expression', after, span })
      }
    }
    return problems.reduce<SyntaxProblem | undefined>((earliest, problem) => {
      if (earliest === undefined) return problem
      const isEarlier = problem.span.start < earliest.span.start
      const isPlainer = problem.span.start === earliest.span.start && problem.kind === 'missing_expression'
      return isEarlier || isPlainer ? problem : earliest
    }, undefined)
  }

  /** The first broken bracket, quote or character of a run, blocks in it apart. */
  private disturbanceOf(run: Run): { readonly breaksStructure: boolean } | undefined {
    let found: { readonly breaksStructure: boolean } | undefined
    for (let index = this.firstDisturbanceAt(run.span.start); index < this.disturbances.length; index++) {
      const disturbance = this.disturbances[index]
      if (disturbance === undefined || disturbance.offset > run.span.end) break
      const isInBlock = run.tokens.some(
        (token) =>
          isGroup(token) &&
          token.tokenType === BlockGroup &&
          !token.isMatchBlock &&
          disturbance.offset > token.startOffset &&
          disturbance.offset <= spanOf(token).end,
      )
      if (isInBlock) continue
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
}

const statementEnd = ['an operator', 'end of line']
const blockStatementEnd = ['an operator', 'end of line', '`}`']
const armEnd = ['an operator', '`,`', '`}`']
const argumentEnd = ['an operator', '`,`', '`)`']

function retyped(token: IToken, kind: DeclarationKind): IToken {
  const type = keywords.get(kind)
  if (type === undefined || token.tokenType === type) return token
  return { ...token, tokenType: type, tokenTypeIdx: type.tokenTypeIdx ?? 0 }
}

function placeOf(kind: DeclarationKind): StatementPlace {
  return kind === 'head' ? 'network' : kind === 'loss' ? 'branch' : 'file'
}

function nameIn(run: Run, index: number): { text: string; span: Span } | undefined {
  const token = run.tokens[index]
  return token !== undefined && isOf(token, Word) ? { text: token.image, span: spanOf(token) } : undefined
}

function missingBehind(node: { readonly value: Expression }): Expression {
  return { kind: 'missing', span: node.value.span }
}

function withoutValue(declaration: Declaration): Declaration {
  switch (declaration.kind) {
    case 'dataset':
    case 'view':
    case 'stream':
    case 'memory':
    case 'let':
    case 'minimize':
    case 'network':
      return { ...declaration, value: missingBehind(declaration) }
    case 'param':
      return declaration.default === undefined
        ? declaration
        : { ...declaration, default: { kind: 'missing', span: declaration.default.span }, domain: undefined }
    case 'experiment':
    case 'import':
    case 'branch':
    case 'train':
    case 'evaluate':
    case 'unreadable':
      return declaration
  }
}

/** A token in words: "`)`", "`name`", "a string". */
function foundWords(token: IToken): string {
  if (token.tokenType === StringLiteral || token.tokenType === UnterminatedString) return 'a string'
  return `\`${token.image.length > 40 ? `${token.image.slice(0, 40)}…` : token.image}\``
}

function mismatch(error: IRecognitionException, run: Run, expected: readonly string[]): SyntaxProblem {
  const { token } = error
  const isEnd = token.tokenType === EOF || Number.isNaN(token.startOffset)
  const span = isEnd ? { start: run.span.end, end: run.span.end } : spanOf(token)
  const wanted = error.message === '' ? expected : error.message.split('\n')
  const reserved = reservedWords.find((word) => word === token.image)
  if (reserved !== undefined && wanted.includes('a name'))
    return { kind: 'reserved_word', word: reserved, span }
  return { kind: 'unexpected_token', found: isEnd ? run.follower : foundWords(token), expected: wanted, span }
}
