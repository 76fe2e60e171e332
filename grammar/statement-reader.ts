// Reads statements: finds out by their first words what they declare, and reports words that declare nothing
// here.
import type { IToken } from 'chevrotain'
import { isOf } from './brackets.js'
import { spanOf } from './lexer.js'
import { editDistance, nearestName } from './nearest-name.js'
import { type Binding, isBindingKind } from './parser.js'
import { foundWords, type RunReader, type Surroundings } from './run-reader.js'
import type { Run } from './statements.js'
import type {
  Declaration,
  Expression,
  FieldAssignment,
  HeadDeclaration,
  Identifier,
  LetDeclaration,
  LossDeclaration,
  MatchArm,
  SourceFile,
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
import { type DeclarationKind, declarationKinds, kindsByPlace, type StatementPlace } from './words.js'

const lineEnd = ['end of line']
const statementEnd = ['an operator', 'end of line']
const blockStatementEnd = ['an operator', 'end of line', '`}`']
const armEnd = ['an operator', '`,`', '`}`']

const topLevel: Surroundings = { depth: 0, silent: false }

// ---- the first line ---------------------------------------------------------------------------------------

/** Finds `sau 1`. `run` is the statement that it is, or was meant to be. */
export function readVersion(
  reader: RunReader,
  runs: readonly Run[],
  text: string,
): { readonly version: SourceFile['version']; readonly run: Run | undefined } {
  const first = runs[0]
  const run = runs.find(isVersion) ?? (first !== undefined && isAlmostVersion(first) ? first : undefined)
  if (run === undefined) {
    const start = text.startsWith('\uFEFF') ? 1 : 0
    reader.report({ kind: 'missing_version', span: { start, end: start } })
    return { version: undefined, run }
  }
  const number = run.tokens[1]
  if (run !== first) reader.report({ kind: 'misplaced_version', span: run.span })
  const isNumber = number?.tokenType === NumberLiteral && /^[0-9]+$/.test(number.image)
  if (run.tokens.length !== 2 || !isNumber || !isVersion(run)) {
    if (reader.disturbanceOf(run) === undefined) reader.report({ kind: 'unreadable_version', span: run.span })
    return { version: undefined, run }
  }
  return { version: { value: Number(number.image), span: spanOf(number) }, run }
}

function isVersion({ tokens: [first, second] }: Run): boolean {
  return first?.image === 'sau' && second?.tokenType !== Equals && second?.tokenType !== Colon
}

/** `Sau 1`, `1`. */
function isAlmostVersion({ tokens: [first, second] }: Run): boolean {
  if (first?.tokenType === NumberLiteral) return second === undefined
  if (first === undefined || !isOf(first, Word) || second?.tokenType !== NumberLiteral) return false
  return editDistance(first.image.toLowerCase(), 'sau') <= 1
}

// ---- the top level ----------------------------------------------------------------------------------------

export function readDeclaration(reader: RunReader, run: Run): Declaration {
  const [first, second] = run.tokens
  const kind = kindOf(reader, run, 'file', topLevel)
  if (kind === undefined || first === undefined) return unreadable(run, undefined)
  const tokens = [retyped(first, kind), ...run.tokens.slice(1)]
  const read = <Node extends Declaration>(rule: () => Node, expected: readonly string[]): Declaration => {
    const { node, failed } = reader.readRun(rule, run, tokens, expected, topLevel)
    return node === undefined ? unreadable(run, kind) : failed ? withoutValue(node) : node
  }
  const { parser } = reader
  switch (kind) {
    case 'experiment':
    case 'import':
      return read(parser.titled, lineEnd)
    case 'param':
      return read(parser.param, ['an operator', '`in`', 'end of line'])
    case 'network':
      if (second !== undefined) reader.correctSeparator(tokens, 2, Colon, Equals, topLevel)
      return read(parser.network, ['an operator', '`{`', 'end of line'])
    case 'branch':
      return read(parser.branch, lineEnd)
    case 'minimize':
      return read(parser.minimize, statementEnd)
    case 'train':
      return read(parser.train, lineEnd)
    case 'evaluate':
      return read(parser.evaluate, lineEnd)
    default: {
      const binding = readBinding(reader, run, kind, statementEnd, topLevel)
      return binding === undefined || binding.kind === 'head' || binding.kind === 'loss'
        ? unreadable(run, kind)
        : binding
    }
  }
}

// ---- blocks -----------------------------------------------------------------------------------------------

/** A `head`, or a `let` or `loss` of a branch; undefined where not even its name is known. */
export function readBlockStatement(
  reader: RunReader,
  run: Run,
  place: 'network' | 'branch',
  surroundings: Surroundings,
): HeadDeclaration | LetDeclaration | LossDeclaration | undefined {
  const kind = kindOf(reader, run, place, surroundings)
  if (kind !== 'let' && kind !== 'loss' && kind !== 'head') return undefined
  const binding = readBinding(reader, run, kind, blockStatementEnd, surroundings)
  if (binding?.kind === 'let' || binding?.kind === 'loss' || binding?.kind === 'head') return binding
  const name = nameIn(run, 1)
  return name && { kind, name, value: missingAt(run.span.end), span: run.span }
}

export function readField(
  reader: RunReader,
  run: Run,
  place: 'train' | 'evaluate',
  surroundings: Surroundings,
): FieldAssignment | undefined {
  const [first, second] = run.tokens
  const declaration = declarationKinds.find((kind) => kind === first?.image)
  if (
    first !== undefined &&
    declaration !== undefined &&
    (leadsOn(second) || second?.tokenType === BlockGroup)
  ) {
    const belongs = placeOf(declaration)
    reader.report(
      { kind: 'misplaced_declaration', declaration, place, belongs, span: spanOf(first) },
      surroundings,
    )
    return undefined
  }
  const tokens = [...run.tokens]
  reader.correctSeparator(tokens, 1, Colon, Equals, surroundings)
  const { node, failed } = reader.readRun(reader.parser.field, run, tokens, blockStatementEnd, surroundings)
  if (node !== undefined) return failed ? { ...node, value: missingBehind(node) } : node
  const name = nameIn(run, 0)
  return name && { kind: 'field', name, value: missingAt(run.span.end), span: run.span }
}

export function readArm(reader: RunReader, run: Run, surroundings: Surroundings): MatchArm | undefined {
  const { node, failed } = reader.readRun(reader.parser.arm, run, [...run.tokens], armEnd, surroundings)
  return failed && node !== undefined ? { ...node, value: missingBehind(node) } : node
}

// ---- what a statement declares ----------------------------------------------------------------------------

function kindOf(
  reader: RunReader,
  run: Run,
  place: StatementPlace,
  surroundings: Surroundings,
): DeclarationKind | undefined {
  const [first, second] = run.tokens
  const allowed = kindsByPlace[place]
  if (first === undefined) return undefined
  const span = spanOf(first)
  const disturbed = reader.disturbanceOf(run) !== undefined
  if (!isOf(first, Word)) {
    const expected = allowed.map((kind) => `\`${kind}\``)
    const found = foundWords(first)
    if (!disturbed) reader.report({ kind: 'unexpected_token', found, expected, span }, surroundings)
    return undefined
  }
  const word = first.image
  if (second?.tokenType === Equals) {
    reader.report({ kind: 'missing_declaration_kind', name: word, place, allowed, span }, surroundings)
    return undefined
  }
  if (word === 'sau' && place === 'file') {
    reader.report({ kind: 'misplaced_version', span: run.span }, surroundings)
    return undefined
  }
  const exact = allowed.find((kind) => kind === word)
  if (exact !== undefined) return exact
  const declaration = declarationKinds.find((kind) => kind === word)
  if (declaration !== undefined && (leadsOn(second) || second?.tokenType === BlockGroup)) {
    const belongs = placeOf(declaration)
    reader.report({ kind: 'misplaced_declaration', declaration, place, belongs, span }, surroundings)
    return undefined
  }
  const near = nearestName(word, allowed)
  const nearest = allowed.find((kind) => kind === near)
  if (disturbed && nearest === undefined) return undefined
  reader.report({ kind: 'misspelt_declaration_kind', word, nearest, place, allowed, span }, surroundings)
  return nearest
}

function readBinding(
  reader: RunReader,
  run: Run,
  kind: DeclarationKind,
  expected: readonly string[],
  surroundings: Surroundings,
): Binding | undefined {
  if (!isBindingKind(kind)) return undefined
  const tokens = run.tokens.map((token, index) => (index === 0 ? retyped(token, kind) : token))
  reader.correctSeparator(tokens, 2, Colon, Equals, surroundings)
  const { node, failed } = reader.readRun(reader.parser.binding, run, tokens, expected, surroundings)
  return failed && node !== undefined ? { ...node, value: missingBehind(node) } : node
}

function unreadable(run: Run, kind: DeclarationKind | undefined): UnreadableDeclaration {
  const isAssignment = run.tokens[1]?.tokenType === Equals
  const declares = isAssignment
    ? undefined
    : (kind ?? declarationKinds.find((it) => it === run.tokens[0]?.image))
  return { kind: 'unreadable', declares, name: nameIn(run, isAssignment ? 0 : 1), span: run.span }
}

/** Whether a word before this token can only have been a declaration's first. */
function leadsOn(token: IToken | undefined): boolean {
  return isOf(token, Word) || isOf(token, StringLiteral) || isOf(token, UnterminatedString)
}

/** A misspelt first word as the keyword it was read as. */
function retyped(token: IToken, kind: DeclarationKind): IToken {
  const type = keywords.get(kind)
  if (type === undefined || token.tokenType === type) return token
  return { ...token, tokenType: type, tokenTypeIdx: type.tokenTypeIdx ?? 0 }
}

function placeOf(kind: DeclarationKind): StatementPlace {
  return kind === 'head' ? 'network' : kind === 'loss' ? 'branch' : 'file'
}

function nameIn(run: Run, index: number): Identifier | undefined {
  const token = run.tokens[index]
  return token !== undefined && isOf(token, Word) ? { text: token.image, span: spanOf(token) } : undefined
}

function missingAt(offset: number): Expression {
  return { kind: 'missing', span: { start: offset, end: offset } }
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
