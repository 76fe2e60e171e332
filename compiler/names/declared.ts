// The names of a program: which declaration each one stands for.
import type {
  BranchDeclaration,
  LetDeclaration,
  LossDeclaration,
  NamedDeclaration,
  NetworkDeclaration,
  ParamDeclaration,
  Span,
} from '../../grammar/syntax.js'
import type { Location } from '../diagnostics/reporter.js'
import type { DraftScalar, LossIdentity } from '../types/step-draft.js'
import type { Value } from '../types/value.js'

export type DeclaredNode =
  | ParamDeclaration
  | LetDeclaration
  | NamedDeclaration
  | NetworkDeclaration
  | BranchDeclaration

/** One named declaration and what is known of it so far. */
export interface Declared {
  readonly name: string
  readonly node: DeclaredNode
  readonly file: string
  /** The branch that a `let` stands in. */
  readonly branch: DeclaredBranch | undefined
  /** How many expressions read it. */
  uses: number
  /** Values by the kind that was expected, for a bare word may mean different things (`cosine`). */
  readonly values: Map<string, Value>
  evaluating: boolean
}

export interface DeclaredLoss {
  readonly identity: LossIdentity
  readonly node: LossDeclaration
  value: Value | undefined
  /** What it computes, once that is known to be right. */
  definition: DraftScalar | undefined
  evaluating: boolean
  uses: number
}

export interface DeclaredBranch {
  readonly name: string
  readonly file: string
  readonly node: BranchDeclaration
  readonly lets: Map<string, Declared>
  readonly losses: Map<string, DeclaredLoss>
}

export function nameLocation(declared: {
  readonly file: string
  readonly node: { readonly name: { readonly span: Span } }
}): Location {
  return { file: declared.file, span: declared.node.name.span }
}

export function wholeLocation(declared: {
  readonly file: string
  readonly node: { readonly span: Span }
}): Location {
  return { file: declared.file, span: declared.node.span }
}

/** The value side of a declaration: what the file says it is. */
export function kindInWords(declared: Declared): string {
  return declared.node.kind === 'let' ? '`let`' : declared.node.kind
}
