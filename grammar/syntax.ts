// The syntax tree of an `.sau` file: what the parser makes and everything after it reads.
// Every node carries the half-open span of UTF-16 offsets it was written at. A tree of a wrong file is still
// a tree: what could not be read is a `missing` expression or an `unreadable` declaration.

/**
 * Half-open range of UTF-16 offsets in one source text: `start <= offset < end`. Always finite and inside the
 * text.
 */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A `//` comment, `text` without the slashes. */
export interface Comment {
  readonly text: string
  /** True where nothing but space stands before it on its line; false where it follows code. */
  readonly ownLine: boolean
  readonly span: Span
}

/** A word where it is written: a declared name, a field, an argument's name, a unit, a type. */
export interface Identifier {
  readonly text: string
  readonly span: Span
}

export interface SourceFile {
  readonly kind: 'file'
  /** The number after `sau`; undefined where the first line is missing or unreadable (which is a problem). */
  readonly version: { readonly value: number; readonly span: Span } | undefined
  readonly declarations: readonly Declaration[]
  /** All comments of the file in textual order. */
  readonly comments: readonly Comment[]
  readonly span: Span
}

// ---- declarations -----------------------------------------------------------------------------------------

export type Declaration =
  | ExperimentDeclaration
  | ImportDeclaration
  | ParamDeclaration
  | LetDeclaration
  | NamedDeclaration
  | NetworkDeclaration
  | BranchDeclaration
  | MinimizeDeclaration
  | TrainDeclaration
  | EvaluateDeclaration
  | UnreadableDeclaration

/** `experiment "title"` */
export interface ExperimentDeclaration {
  readonly kind: 'experiment'
  readonly title: StringExpression | MissingExpression
  readonly span: Span
}

/** `import "./base.sau"` */
export interface ImportDeclaration {
  readonly kind: 'import'
  readonly path: StringExpression | MissingExpression
  readonly span: Span
}

/** `param name : type = default in domain [log]` */
export interface ParamDeclaration {
  readonly kind: 'param'
  readonly name: Identifier
  readonly type: Identifier
  readonly default: Expression | undefined
  readonly domain: { readonly value: Expression; readonly log: boolean; readonly span: Span } | undefined
  readonly span: Span
}

/** `let name = value`, at the top level or in a branch. */
export interface LetDeclaration {
  readonly kind: 'let'
  readonly name: Identifier
  readonly value: Expression
  readonly span: Span
}

/** `dataset d = ...`, `view v = ...`, `stream s = ...`, `memory m = ...` */
export interface NamedDeclaration {
  readonly kind: 'dataset' | 'view' | 'stream' | 'memory'
  readonly name: Identifier
  readonly value: Expression
  readonly span: Span
}

/**
 * `network n = backbone(...) { head h = ... }`; the block may be left out where the right side is another
 * network.
 */
export interface NetworkDeclaration {
  readonly kind: 'network'
  readonly name: Identifier
  readonly value: Expression
  readonly heads: readonly HeadDeclaration[]
  readonly span: Span
}

export interface HeadDeclaration {
  readonly kind: 'head'
  readonly name: Identifier
  readonly value: Expression
  readonly span: Span
}

/** `branch b { let ...; loss x = ... }` */
export interface BranchDeclaration {
  readonly kind: 'branch'
  readonly name: Identifier
  readonly statements: readonly (LetDeclaration | LossDeclaration)[]
  readonly span: Span
}

export interface LossDeclaration {
  readonly kind: 'loss'
  readonly name: Identifier
  readonly value: Expression
  readonly span: Span
}

/** `minimize expression` */
export interface MinimizeDeclaration {
  readonly kind: 'minimize'
  readonly value: Expression
  readonly span: Span
}

/** `train { field = value ... }` */
export interface TrainDeclaration {
  readonly kind: 'train'
  readonly fields: readonly FieldAssignment[]
  readonly span: Span
  /** The word `train` alone, for messages about what the block lacks. */
  readonly keyword: Span
}

/** `evaluate dataset { field = value ... }` */
export interface EvaluateDeclaration {
  readonly kind: 'evaluate'
  readonly dataset: Expression
  readonly fields: readonly FieldAssignment[]
  readonly span: Span
  readonly keyword: Span
}

export interface FieldAssignment {
  readonly kind: 'field'
  readonly name: Identifier
  readonly value: Expression
  readonly span: Span
}

/** A statement that could not be read; the problem is reported beside the tree. */
export interface UnreadableDeclaration {
  readonly kind: 'unreadable'
  /**
   * The kind that it seems to declare (`dataset`, `train`), so that its absence is not reported a second
   * time.
   */
  readonly declares: string | undefined
  /** The name that it seems to declare, so that uses of it are not reported a second time. */
  readonly name: Identifier | undefined
  readonly span: Span
}

// ---- expressions ------------------------------------------------------------------------------------------

export type Expression =
  | NumberExpression
  | StringExpression
  | NameExpression
  | MemberExpression
  | CallExpression
  | ListExpression
  | RangeExpression
  | UnaryExpression
  | BinaryExpression
  | BoundExpression
  | PipeExpression
  | IfExpression
  | MatchExpression
  | ParenthesizedExpression
  | MissingExpression

/** `5e-3`, `200 epochs` */
export interface NumberExpression {
  readonly kind: 'number'
  readonly value: number
  /** As written, without the unit. */
  readonly text: string
  readonly unit: Identifier | undefined
  readonly span: Span
}

/** `"data"`; `value` without the quotes. */
export interface StringExpression {
  readonly kind: 'string'
  readonly value: string
  readonly span: Span
}

/**
 * A bare word: a value, `true`/`false`, a member of a closed list, or an operation written without
 * parentheses.
 */
export interface NameExpression {
  readonly kind: 'name'
  readonly name: string
  readonly span: Span
}

/** `net.logits` */
export interface MemberExpression {
  readonly kind: 'member'
  readonly object: Expression
  readonly member: Identifier
  readonly span: Span
}

/** `f(x, name: y)` */
export interface CallExpression {
  readonly kind: 'call'
  readonly callee: Expression
  readonly arguments: readonly Argument[]
  readonly span: Span
}

export interface Argument {
  readonly name: Identifier | undefined
  readonly value: Expression
  readonly span: Span
}

export interface ListExpression {
  readonly kind: 'list'
  readonly items: readonly Expression[]
  readonly span: Span
}

/** `a..b`, both ends included. */
export interface RangeExpression {
  readonly kind: 'range'
  readonly from: Expression
  readonly to: Expression
  readonly span: Span
}

export interface UnaryExpression {
  readonly kind: 'unary'
  readonly operator: '-' | 'not'
  readonly operand: Expression
  readonly span: Span
}

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '^'
  | '<'
  | '<='
  | '>'
  | '>='
  | '=='
  | '!='
  | 'and'
  | 'or'

export interface BinaryExpression {
  readonly kind: 'binary'
  readonly operator: BinaryOperator
  readonly left: Expression
  readonly right: Expression
  /** Where the operator itself stands. */
  readonly operatorSpan: Span
  readonly span: Span
}

/** A comparison without a left side, `> 100`, allowed as an argument only. */
export interface BoundExpression {
  readonly kind: 'bound'
  readonly operator: '<' | '<=' | '>' | '>='
  readonly value: Expression
  readonly span: Span
}

/** `left |> right` */
export interface PipeExpression {
  readonly kind: 'pipe'
  readonly left: Expression
  readonly right: Expression
  readonly span: Span
}

/** `if c then a else b` */
export interface IfExpression {
  readonly kind: 'if'
  readonly condition: Expression
  readonly then: Expression
  readonly else: Expression
  readonly span: Span
}

/** `match x { a -> ..., b -> ... }` */
export interface MatchExpression {
  readonly kind: 'match'
  readonly subject: Expression
  readonly arms: readonly MatchArm[]
  readonly span: Span
}

export interface MatchArm {
  readonly pattern: Identifier
  readonly value: Expression
  readonly span: Span
}

/** `(x)`, kept so that the printer gives back what was written. */
export interface ParenthesizedExpression {
  readonly kind: 'parenthesized'
  readonly inner: Expression
  readonly span: Span
}

/** Where an expression should stand and none could be read. */
export interface MissingExpression {
  readonly kind: 'missing'
  readonly span: Span
}
