// Text to syntax tree, with every problem of form. Never throws: a wrong file gives a tree with gaps.
//
// The tree is read from the outside in: the file is cut into statements, each statement is parsed with its
// brackets as single tokens, and those wait in a queue until their content is cut into runs and parsed in
// turn.
import { groupBrackets } from './brackets.js'
import { readGroup } from './group-reader.js'
import { lex, type Token, tokensOf } from './lexer.js'
import type { SyntaxProblem } from './problems.js'
import { RunReader } from './run-reader.js'
import { readDeclaration, readVersion } from './statement-reader.js'
import { cutStatements } from './statements.js'
import type { SourceFile } from './syntax.js'

export interface ParseResult {
  readonly tree: SourceFile
  /** Every token and comment in textual order. Made when asked for. */
  readonly tokens: readonly Token[]
  /** In textual order. */
  readonly problems: readonly SyntaxProblem[]
}

/**
 * Reads a whole file.
 *
 * The problems are all problems of form that the file has; every span lies inside the text. Where there are
 * none, the tree holds no `missing` expression and no `unreadable` declaration.
 */
export function parse(text: string): ParseResult {
  const lexed = lex(text)
  const grouped = groupBrackets(lexed.tokens, text.length)
  const { runs, problems } = cutStatements(grouped.file, 'file')
  const reader = new RunReader(text.length, [...lexed.gaps, ...grouped.problems])
  for (const problem of [...lexed.problems, ...grouped.problems, ...problems]) reader.report(problem)

  const { version, run: versionRun } = readVersion(reader, runs, text)
  const declarations = runs.filter((run) => run !== versionRun).map((run) => readDeclaration(reader, run))
  for (let next = 0; next < reader.queue.length; next++) {
    const queued = reader.queue[next]
    if (queued !== undefined) readGroup(reader, queued)
  }

  const span = { start: 0, end: text.length }
  return {
    tree: { kind: 'file', version, declarations, comments: lexed.comments, span },
    problems: reader.finish(),
    get tokens() {
      return tokensOf(text, lexed)
    },
  }
}
