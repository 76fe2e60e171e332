// The grammar of one run of tokens: a statement, an argument, an item, an arm. Brackets are single tokens by
// now (see `brackets.ts`); what is inside them is left in `pending` for the caller to read next.
import type {
  IOrAlt,
  IParserErrorMessageProvider,
  IRecognitionException,
  IToken,
  TokenType,
} from 'chevrotain'
import { type GroupToken, isGroup } from './brackets.js'
import { EMPTY_ALT, EmbeddedActionsParser, EOF } from './chevrotain.js'
import { spanOf, stringValue } from './lexer.js'
import { type ExpressionPart, groupByPrecedence } from './operators.js'
import type * as syntax from './syntax.js'
import * as tokens from './tokens.js'
import { wordsAfterNumber } from './words.js'

type Writable<Node> = { -readonly [Key in keyof Node]: Node[Key] }

/** A bracketed part whose content is to be read into the node that it belongs to. */
export type PendingGroup = { readonly token: GroupToken } & (
  | { readonly holds: 'arguments'; readonly into: syntax.Argument[] }
  | { readonly holds: 'items'; readonly into: syntax.Expression[] }
  | { readonly holds: 'parenthesized'; readonly into: Writable<syntax.ParenthesizedExpression> }
  | { readonly holds: 'arms'; readonly into: syntax.MatchArm[] }
  | { readonly holds: 'heads'; readonly into: syntax.HeadDeclaration[] }
  | { readonly holds: 'statements'; readonly into: (syntax.LetDeclaration | syntax.LossDeclaration)[] }
  | {
      readonly holds: 'fields'
      readonly place: 'train' | 'evaluate'
      readonly into: syntax.FieldAssignment[]
    }
)

/** A slip that the parser read over. */
export type ReadOver =
  | {
      readonly kind: 'missing_expression'
      readonly before: IToken | undefined
      readonly at: IToken | undefined
    }
  | { readonly kind: 'bound_outside_argument'; readonly operator: IToken }

/** What one run was read as. */
export interface RunReading<Node> {
  /** Undefined where not even its beginning could be read. */
  readonly node: Node | undefined
  readonly pending: readonly PendingGroup[]
  readonly readOver: readonly ReadOver[]
  /** What Chevrotain could not match; `message` holds the expected words, one a line. */
  readonly errors: readonly IRecognitionException[]
}

const keywordKinds = ['dataset', 'view', 'stream', 'memory', 'let', 'head', 'loss'] as const
type BindingKind = (typeof keywordKinds)[number]
export type Binding =
  | syntax.NamedDeclaration
  | syntax.LetDeclaration
  | syntax.HeadDeclaration
  | syntax.LossDeclaration

export function isBindingKind(text: string): text is BindingKind {
  return keywordKinds.some((kind) => kind === text)
}

/** Words for a kind of token: "`)`", "a name". */
export function labelOf(type: TokenType): string {
  return type === EOF ? 'end of line' : (type.LABEL ?? type.name)
}

/** Messages are the expected words alone, one a line: prose is the compiler's. */
const expectedWords: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => labelOf(expected),
  buildNotAllInputParsedMessage: () => '',
  buildNoViableAltMessage: ({ expectedPathsPerAlt }) => pathWords(expectedPathsPerAlt.flat()),
  buildEarlyExitMessage: ({ expectedIterationPaths }) => pathWords(expectedIterationPaths),
}

function pathWords(paths: readonly (readonly TokenType[])[]): string {
  return [...new Set(paths.flatMap(([first]) => (first === undefined ? [] : [labelOf(first)])))].join('\n')
}

const nowhere: syntax.Span = { start: 0, end: 0 }

class RunParser extends EmbeddedActionsParser {
  private pending: PendingGroup[] = []
  private readOver: ReadOver[] = []

  constructor(skipValidations: boolean) {
    super(tokens.grammarTokens, {
      recoveryEnabled: true,
      maxLookahead: 2,
      skipValidations,
      errorMessageProvider: expectedWords,
    })
    this.performSelfAnalysis()
  }

  /** Reads one run by a rule. The array is the parser's own from then on. */
  read<Node>(rule: () => Node | undefined, run: IToken[]): RunReading<Node> {
    this.input = run
    this.pending = []
    this.readOver = []
    const node = rule.call(this)
    return { node, pending: this.pending, readOver: this.readOver, errors: this.errors }
  }

  protected override canTokenTypeBeInsertedInRecovery(type: TokenType): boolean {
    return this.isMark(type)
  }

  protected override canTokenTypeBeDeletedInRecovery(type: TokenType): boolean {
    return this.isMark(type)
  }

  /** Recovery puts in or takes out marks only: a guessed name would be worse than none. */
  private isMark(type: TokenType): boolean {
    return type === tokens.Equals || type === tokens.Colon || type === tokens.Arrow || type === tokens.Then
  }

  // ---- expressions ----------------------------------------------------------------------------------------

  private name(token: IToken): syntax.Identifier {
    return { text: token.image, span: spanOf(token) }
  }

  private leave(pending: PendingGroup): void {
    this.pending.push(pending)
  }

  private readonly number = this.RULE('number', (): syntax.Expression => {
    const number = this.CONSUME(tokens.NumberLiteral)
    let unit: syntax.Identifier | undefined
    this.OPTION({
      GATE: () => this.isUnit(this.LA(0), this.LA(1), this.LA(2)),
      DEF: () => {
        unit = this.name(this.CONSUME(tokens.Word))
      },
    })
    const span = spanOf(number)
    const read = Number(number.image)
    const value = Number.isFinite(read) ? read : Number.MAX_VALUE
    return {
      kind: 'number',
      value,
      text: number.image,
      unit,
      span: { start: span.start, end: unit?.span.end ?? span.end },
    }
  })

  /** Any word right behind a number on its line is its unit, but for those that lead on from there. */
  private isUnit(number: IToken, word: IToken, next: IToken): boolean {
    if (wordsAfterNumber.has(word.image) || number.endLine !== word.startLine) return false
    const leadsOn =
      next.tokenType === tokens.Colon || next.tokenType === tokens.Equals || next.tokenType === tokens.Dot
    return !leadsOn && next.tokenType !== tokens.ParenthesisGroup
  }

  private readonly condition = this.RULE(
    'condition',
    (): syntax.Expression => {
      const start = this.CONSUME(tokens.If)
      const condition = this.SUBRULE(this.expression)
      this.CONSUME(tokens.Then)
      const then = this.SUBRULE1(this.expression)
      this.CONSUME(tokens.Else)
      const otherwise = this.SUBRULE2(this.expression)
      const span = this.ACTION(() => ({ start: start.startOffset, end: otherwise.span.end }))
      return { kind: 'if', condition, then, else: otherwise, span: span ?? nowhere }
    },
    { resyncEnabled: false },
  )

  private readonly matching = this.RULE(
    'matching',
    (): syntax.Expression => {
      const start = this.CONSUME(tokens.Match)
      const subject = this.SUBRULE(this.expression)
      const block = this.CONSUME(tokens.BlockGroup)
      const arms: syntax.MatchArm[] = []
      this.ACTION(() => {
        if (isGroup(block)) this.leave({ token: block, holds: 'arms', into: arms })
      })
      return { kind: 'match', subject, arms, span: { start: start.startOffset, end: spanOf(block).end } }
    },
    { resyncEnabled: false },
  )

  // The alternatives are made once, not at every operand: they are most of what the parser would allocate.
  private atoms: IOrAlt<syntax.Expression | undefined>[] | undefined
  // biome-ignore lint/correctness/noUnusedPrivateClassMembers: it is read where it is assigned, by `??=`
  private suffixes: IOrAlt<syntax.Expression>[] | undefined
  /** What the next suffix hangs on. */
  private holder: syntax.Expression = { kind: 'missing', span: nowhere }

  private readonly operand = this.RULE(
    'operand',
    (): syntax.Expression => {
      this.atoms ??= [
        { ALT: () => this.SUBRULE(this.number) },
        { ALT: () => this.string(this.CONSUME(tokens.StringLiteral)) },
        { ALT: () => this.string(this.CONSUME(tokens.UnterminatedString)) },
        { ALT: () => this.bareName(this.CONSUME(tokens.Word)) },
        { ALT: () => this.parenthesized(this.CONSUME(tokens.ParenthesisGroup)) },
        { ALT: () => this.list(this.CONSUME(tokens.ListGroup)) },
        { ALT: () => this.SUBRULE(this.condition) },
        { ALT: () => this.SUBRULE(this.matching) },
        { ALT: () => this.SUBRULE(this.strayBound) },
        { ALT: EMPTY_ALT<undefined>(undefined) },
      ]
      this.suffixes ??= [
        { ALT: () => this.member(this.holder) },
        { ALT: () => this.call(this.holder, this.CONSUME1(tokens.ParenthesisGroup)) },
      ]
      let expression = this.OR(this.atoms) ?? this.missing()
      const { suffixes } = this
      this.MANY(() => {
        this.holder = expression
        expression = this.OR1(suffixes)
      })
      return expression
    },
    { resyncEnabled: false },
  )

  /** `> 100` where it may not stand; read over, so that the rest is still looked at. */
  private readonly strayBound = this.RULE(
    'strayBound',
    (): syntax.Expression => {
      const operator = this.CONSUME(tokens.BoundOperator)
      const value = this.SUBRULE(this.operand)
      const span = this.ACTION(() => {
        this.readOver.push({ kind: 'bound_outside_argument', operator })
        return { start: operator.startOffset, end: value.span.end }
      })
      return { kind: 'missing', span: span ?? nowhere }
    },
    { resyncEnabled: false },
  )

  private readonly expression: () => syntax.Expression = this.RULE(
    'expression',
    (): syntax.Expression => {
      const parts: ExpressionPart[] = []
      this.MANY(() => parts.push({ part: 'prefix', token: this.CONSUME(tokens.PrefixOperator) }))
      parts.push({ part: 'operand', expression: this.SUBRULE(this.operand) })
      this.MANY1(() => {
        parts.push({ part: 'infix', token: this.CONSUME(tokens.InfixOperator) })
        this.MANY2(() => parts.push({ part: 'prefix', token: this.CONSUME1(tokens.PrefixOperator) }))
        parts.push({ part: 'operand', expression: this.SUBRULE1(this.operand) })
      })
      return this.ACTION(() => groupByPrecedence(parts)) ?? { kind: 'missing', span: nowhere }
    },
    { resyncEnabled: false },
  )

  private string(token: IToken): syntax.StringExpression {
    return { kind: 'string', value: stringValue(token), span: spanOf(token) }
  }
  private bareName(token: IToken): syntax.NameExpression {
    return { kind: 'name', name: token.image, span: spanOf(token) }
  }
  private parenthesized(token: IToken): syntax.ParenthesizedExpression {
    const span = spanOf(token)
    const into: Writable<syntax.ParenthesizedExpression> = {
      kind: 'parenthesized',
      inner: { kind: 'missing', span: { start: span.start + 1, end: span.start + 1 } },
      span,
    }
    if (isGroup(token)) this.leave({ token, holds: 'parenthesized', into })
    return into
  }
  private list(token: IToken): syntax.ListExpression {
    const items: syntax.Expression[] = []
    if (isGroup(token)) this.leave({ token, holds: 'items', into: items })
    return { kind: 'list', items, span: spanOf(token) }
  }
  private member(object: syntax.Expression): syntax.MemberExpression {
    this.CONSUME(tokens.Dot)
    const member = this.name(this.CONSUME1(tokens.Word))
    return { kind: 'member', object, member, span: this.from(object.span, member.span) }
  }
  private call(callee: syntax.Expression, token: IToken): syntax.CallExpression {
    const parameters: syntax.Argument[] = []
    if (isGroup(token)) this.leave({ token, holds: 'arguments', into: parameters })
    const span = this.from(callee.span, spanOf(token))
    return { kind: 'call', callee, arguments: parameters, span }
  }
  private missing(): syntax.MissingExpression {
    const before = this.LA(0)
    const at = this.LA(1)
    const known = (token: IToken): IToken | undefined => (token.tokenType === EOF ? undefined : token)
    this.ACTION(() => {
      this.readOver.push({ kind: 'missing_expression', before: known(before), at: known(at) })
    })
    const offset = known(before) === undefined ? (known(at)?.startOffset ?? 0) : spanOf(before).end
    return { kind: 'missing', span: { start: offset, end: offset } }
  }

  // ---- runs inside brackets -------------------------------------------------------------------------------

  readonly item = this.RULE('item', () => this.SUBRULE(this.expression))

  private argumentValues: IOrAlt<syntax.Expression>[] | undefined

  private bound(): syntax.Expression {
    const operator = this.CONSUME(tokens.BoundOperator)
    const value = this.SUBRULE(this.expression)
    return this.ACTION(() => boundOf(operator, value)) ?? value
  }

  readonly argument = this.RULE('argument', (): syntax.Argument => {
    let name: syntax.Identifier | undefined
    this.OPTION(() => {
      name = this.name(this.CONSUME(tokens.Word))
      this.CONSUME(tokens.Colon)
    })
    this.argumentValues ??= [
      { IGNORE_AMBIGUITIES: true, ALT: () => this.bound() },
      { ALT: () => this.SUBRULE1(this.expression) },
    ]
    const value = this.OR(this.argumentValues)
    const span = this.ACTION(() => ({ start: name?.span.start ?? value.span.start, end: value.span.end }))
    return { name, value, span: span ?? nowhere }
  })

  readonly arm = this.RULE('arm', (): syntax.MatchArm => {
    const pattern = this.name(this.CONSUME(tokens.Word))
    this.CONSUME(tokens.Arrow)
    const value = this.SUBRULE(this.value)
    return { pattern, value, span: this.from(pattern.span, value.span) }
  })

  readonly field = this.RULE('field', (): syntax.FieldAssignment => {
    const name = this.name(this.CONSUME(tokens.Word))
    this.CONSUME(tokens.Equals)
    const value = this.SUBRULE(this.value)
    return { kind: 'field', name, value, span: this.from(name.span, value.span) }
  })

  /** The right side of a declaration: a mistake in it leaves the declaration standing. */
  private readonly value: () => syntax.Expression = this.RULE(
    'value',
    (): syntax.Expression => this.SUBRULE(this.expression),
    { recoveryValueFunc: (): syntax.Expression => ({ kind: 'missing', span: this.here() }) },
  )

  private here(): syntax.Span {
    const before = this.LA(0)
    const offset = before.tokenType === EOF || Number.isNaN(before.startOffset) ? 0 : spanOf(before).end
    return { start: offset, end: offset }
  }
  /**
   * From the start of one span to the end of another; both are undefined while Chevrotain records the
   * grammar.
   */
  private from(first: syntax.Span | undefined, last: syntax.Span | undefined): syntax.Span {
    if (first === undefined) return nowhere
    return { start: first.start, end: Math.max(first.end, last?.end ?? first.end) }
  }

  // ---- statements -----------------------------------------------------------------------------------------

  readonly titled = this.RULE('titled', (): syntax.ExperimentDeclaration | syntax.ImportDeclaration => {
    const keyword = this.CONSUME(tokens.Word)
    const text = this.OR([
      { ALT: () => this.string(this.CONSUME(tokens.StringLiteral)) },
      { ALT: () => this.string(this.CONSUME(tokens.UnterminatedString)) },
    ])
    const span = this.from(spanOf(keyword), text.span)
    return keyword.tokenType.name === 'import'
      ? { kind: 'import', path: text, span }
      : { kind: 'experiment', title: text, span }
  })

  /** `kind name = value` for every kind that is no more than that. */
  readonly binding = this.RULE('binding', (): Binding => {
    const keyword = this.CONSUME(tokens.Word)
    const name = this.name(this.CONSUME1(tokens.Word))
    this.CONSUME(tokens.Equals)
    const value = this.SUBRULE(this.value)
    const kind = isBindingKind(keyword.tokenType.name) ? keyword.tokenType.name : 'let'
    return { kind, name, value, span: this.from(spanOf(keyword), value.span) }
  })

  readonly param = this.RULE('paramDeclaration', (): syntax.ParamDeclaration => {
    const keyword = this.CONSUME(tokens.Word)
    const name = this.name(this.CONSUME1(tokens.Word))
    this.CONSUME(tokens.Colon)
    const type = this.name(this.CONSUME2(tokens.Word))
    let standard: syntax.Expression | undefined
    let domain: syntax.ParamDeclaration['domain']
    this.OPTION(() => {
      this.CONSUME(tokens.Equals)
      standard = this.SUBRULE(this.value)
    })
    this.OPTION1(() => {
      const start = this.CONSUME(tokens.In)
      const value = this.SUBRULE1(this.value)
      let log: syntax.Span | undefined
      this.OPTION2(() => {
        log = spanOf(this.CONSUME(tokens.Log))
      })
      domain = { value, log: log !== undefined, span: this.from(spanOf(start), log ?? value.span) }
    })
    const last = domain?.span ?? standard?.span ?? type.span
    return { kind: 'param', name, type, default: standard, domain, span: this.from(spanOf(keyword), last) }
  })

  readonly network = this.RULE('networkDeclaration', (): syntax.NetworkDeclaration => {
    const keyword = this.CONSUME(tokens.Word)
    const name = this.name(this.CONSUME1(tokens.Word))
    this.CONSUME(tokens.Equals)
    const value = this.SUBRULE(this.value)
    const heads: syntax.HeadDeclaration[] = []
    let block: IToken | undefined
    this.OPTION(() => {
      block = this.CONSUME(tokens.BlockGroup)
    })
    this.ACTION(() => {
      if (block !== undefined && isGroup(block)) this.leave({ token: block, holds: 'heads', into: heads })
    })
    const last = block === undefined ? value.span : spanOf(block)
    return { kind: 'network', name, value, heads, span: this.from(spanOf(keyword), last) }
  })

  readonly branch = this.RULE('branchDeclaration', (): syntax.BranchDeclaration => {
    const keyword = this.CONSUME(tokens.Word)
    const name = this.name(this.CONSUME1(tokens.Word))
    const block = this.CONSUME(tokens.BlockGroup)
    const statements: (syntax.LetDeclaration | syntax.LossDeclaration)[] = []
    this.ACTION(() => {
      if (isGroup(block)) this.leave({ token: block, holds: 'statements', into: statements })
    })
    return { kind: 'branch', name, statements, span: this.from(spanOf(keyword), spanOf(block)) }
  })

  readonly minimize = this.RULE('minimizeDeclaration', (): syntax.MinimizeDeclaration => {
    const keyword = this.CONSUME(tokens.Word)
    const value = this.SUBRULE(this.value)
    return { kind: 'minimize', value, span: this.from(spanOf(keyword), value.span) }
  })

  readonly train = this.RULE('trainDeclaration', (): syntax.TrainDeclaration => {
    const keyword = this.CONSUME(tokens.Word)
    const fields = this.fields('train', this.CONSUME(tokens.BlockGroup))
    const span = this.from(spanOf(keyword), fields.span)
    return { kind: 'train', fields: fields.into, span, keyword: spanOf(keyword) }
  })

  readonly evaluate = this.RULE('evaluateDeclaration', (): syntax.EvaluateDeclaration => {
    const keyword = this.CONSUME(tokens.Word)
    const dataset = this.SUBRULE(this.value)
    const fields = this.fields('evaluate', this.CONSUME(tokens.BlockGroup))
    const span = this.from(spanOf(keyword), fields.span)
    return { kind: 'evaluate', dataset, fields: fields.into, span, keyword: spanOf(keyword) }
  })

  private fields(
    place: 'train' | 'evaluate',
    token: IToken,
  ): { readonly into: syntax.FieldAssignment[]; readonly span: syntax.Span } {
    const into: syntax.FieldAssignment[] = []
    if (isGroup(token)) this.leave({ token, holds: 'fields', place, into })
    return { into, span: spanOf(token) }
  }
}

export type { RunParser }

function boundOf(operator: IToken, value: syntax.Expression): syntax.BoundExpression {
  const text = labelOf(operator.tokenType).slice(1, -1)
  return {
    kind: 'bound',
    operator: text === '<' || text === '<=' || text === '>' ? text : '>=',
    value,
    span: { start: operator.startOffset, end: value.span.end },
  }
}

let sharedParser: RunParser | undefined

/** The one parser of the process, made when first needed. */
export function runParser(): RunParser {
  sharedParser ??= new RunParser(true)
  return sharedParser
}

/**
 * Builds the parser with Chevrotain's own checks of the grammar on: throws where the grammar is ambiguous.
 */
export function validateGrammar(): void {
  new RunParser(false)
}
