// What can be wrong with the form of a file: facts only; the compiler turns them into diagnostics with prose.
import type { Span } from './syntax.js'
import type { DeclarationKind, StatementPlace } from './words.js'

/**
 * One problem of form. `span` is the place to mark: always inside the text, empty where something is missing.
 * Words for tokens are ready for prose: "`)`", "a name", "end of line".
 */
export type SyntaxProblem = { readonly span: Span } & (
  | {
      /** A character, or a run of them, that the language does not have. */
      readonly kind: 'bad_character'
      readonly characters: string
      /** What was probably meant in its place: `"x"` for `'x'`, `//` for `#`, `->` for `=>`. */
      readonly suggestion: string | undefined
    }
  | { readonly kind: 'unterminated_string' }
  | {
      /** `.5`, `1.`, a number too large for a 64-bit float. */
      readonly kind: 'malformed_number'
      readonly text: string
      readonly suggestion: string | undefined
    }
  | {
      readonly kind: 'missing_closing_bracket'
      readonly bracket: ')' | ']' | '}'
      /** The bracket that was opened and not closed. */
      readonly opening: Span
    }
  | { readonly kind: 'unexpected_closing_bracket'; readonly bracket: ')' | ']' | '}' }
  | {
      /** The block of a declaration lacks its `{`, or has it on a line of its own. */
      readonly kind: 'missing_opening_brace'
      readonly declaration: DeclarationKind
    }
  /** The file does not start with `sau 1`. */
  | { readonly kind: 'missing_version' }
  /** `sau` stands there, but no whole number alone behind it. */
  | { readonly kind: 'unreadable_version' }
  /** `sau 1` stands somewhere else than on the first line. */
  | { readonly kind: 'misplaced_version' }
  | {
      /** A statement starts with a word that declares nothing. */
      readonly kind: 'misspelt_declaration_kind'
      readonly word: string
      readonly nearest: DeclarationKind | undefined
      readonly place: StatementPlace
      /** What may stand there. */
      readonly allowed: readonly DeclarationKind[]
    }
  | {
      /** `name = value` where a declaration should stand. */
      readonly kind: 'missing_declaration_kind'
      readonly name: string
      readonly place: StatementPlace
      readonly allowed: readonly DeclarationKind[]
    }
  | {
      /** A declaration that belongs elsewhere: `loss` outside a branch, `dataset` inside a block. */
      readonly kind: 'misplaced_declaration'
      readonly declaration: DeclarationKind
      readonly place: StatementPlace
      readonly belongs: StatementPlace
    }
  | { readonly kind: 'unexpected_token'; readonly found: string; readonly expected: readonly string[] }
  | {
      /** No expression where one should stand; `after` is what stands before the gap. */
      readonly kind: 'missing_expression'
      readonly after: string | undefined
    }
  /** A word of the expression language (`if`, `match`) where a name should stand. */
  | { readonly kind: 'reserved_word'; readonly word: string }
  | { readonly kind: 'bound_outside_argument'; readonly operator: string }
  | {
      /** `lr = 0.1` for an argument, `epochs: 8` for a field, `,` between statements. */
      readonly kind: 'wrong_separator'
      readonly found: string
      readonly expected: string
    }
  /** Two statements on one line with nothing between them. */
  | { readonly kind: 'missing_separator' }
  | {
      /** An argument by place behind one by name. */
      readonly kind: 'positional_after_named'
      readonly named: Span
    }
  /** Brackets or operators nested beyond what any experiment needs. */
  | { readonly kind: 'nested_too_deep' }
)

export type SyntaxProblemKind = SyntaxProblem['kind']
