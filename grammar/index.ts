// The grammar of `.sau` files: text to syntax tree and back. Knows the form of the language, not what its
// names mean.
export { type Token, tokenize } from './lexer.js'
export { type LineIndex, lineIndex, type Position } from './line-index.js'
export { editDistance, nearestName } from './nearest-name.js'
export { infixOperators, prefixOperators } from './operators.js'
export { type ParseResult, parse } from './parse.js'
export { print } from './print.js'
export { printExpression } from './print-expression.js'
export type { SyntaxProblem, SyntaxProblemKind } from './problems.js'
export type * from './syntax.js'
export {
  branchDeclarationKinds,
  type DeclarationKind,
  declarationKinds,
  fileDeclarationKinds,
  kindsByPlace,
  networkDeclarationKinds,
  reservedWords,
  type StatementPlace,
  type Unit,
  type UnitDimension,
  units,
} from './words.js'
