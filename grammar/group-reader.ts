// Reads what stands in brackets: arguments, items, arms, and the statements of blocks.
import type { GroupToken } from './brackets.js'
import type { QueuedGroup, RunReader, Surroundings } from './run-reader.js'
import { readArm, readBlockStatement, readField } from './statement-reader.js'
import { cutItems, cutStatements, type Run } from './statements.js'
import type { Argument, Expression, Span } from './syntax.js'
import { Colon, Equals } from './tokens.js'
import type { StatementPlace } from './words.js'

const parenthesisEnd = ['an operator', '`)`']
const itemEnd = ['an operator', '`,`', '`]`']
const argumentEnd = ['an operator', '`,`', '`)`']

/** Reads the content of one pair of brackets into the node that it belongs to. */
export function readGroup(reader: RunReader, { pending, surroundings }: QueuedGroup): void {
  const { group } = pending.token
  switch (pending.holds) {
    case 'parenthesized': {
      const [run, ...more] = cutItems(group, ')')
      if (run === undefined) {
        reader.report(
          { kind: 'missing_expression', after: '`(`', span: pending.into.inner.span },
          surroundings,
        )
        return
      }
      const isSeveral = more.length > 0 || run.follower === '`,`'
      const silent = surroundings.silent || isSeveral
      pending.into.inner = readItem(reader, run, parenthesisEnd, { ...surroundings, silent })
      if (isSeveral) {
        const words = { found: '`,`', expected: ['`)`'] }
        reader.report({ kind: 'unexpected_token', ...words, span: run.followerSpan }, surroundings)
        pending.into.inner = { kind: 'missing', span: group.inside }
      }
      return
    }
    case 'items':
      for (const run of cutItems(group, ']')) pending.into.push(readItem(reader, run, itemEnd, surroundings))
      return
    case 'arguments':
      readArguments(reader, pending.into, cutItems(group, ')'), surroundings)
      return
    case 'arms':
      for (const run of cutBlock(reader, pending.token, 'match', surroundings)) {
        const arm = readArm(reader, run, surroundings)
        if (arm !== undefined) pending.into.push(arm)
      }
      return
    case 'heads':
      for (const run of cutBlock(reader, pending.token, 'network', surroundings)) {
        const statement = readBlockStatement(reader, run, 'network', surroundings)
        if (statement?.kind === 'head') pending.into.push(statement)
      }
      return
    case 'statements':
      for (const run of cutBlock(reader, pending.token, 'branch', surroundings)) {
        const statement = readBlockStatement(reader, run, 'branch', surroundings)
        if (statement?.kind === 'let' || statement?.kind === 'loss') pending.into.push(statement)
      }
      return
    case 'fields':
      for (const run of cutBlock(reader, pending.token, pending.place, surroundings)) {
        const field = readField(reader, run, pending.place, surroundings)
        if (field !== undefined) pending.into.push(field)
      }
  }
}

function cutBlock(
  reader: RunReader,
  token: GroupToken,
  place: StatementPlace,
  surroundings: Surroundings,
): readonly Run[] {
  const { runs, problems } = cutStatements(token.group, place)
  for (const problem of problems) reader.report(problem, surroundings)
  return runs
}

function readItem(
  reader: RunReader,
  run: Run,
  expected: readonly string[],
  surroundings: Surroundings,
): Expression {
  const missing: Expression = { kind: 'missing', span: run.span }
  if (run.tokens.length === 0) {
    reportEmpty(reader, run.followerSpan, surroundings)
    return missing
  }
  const { node, failed } = reader.readRun(reader.parser.item, run, [...run.tokens], expected, surroundings)
  return failed || node === undefined ? missing : node
}

function readArguments(
  reader: RunReader,
  into: Argument[],
  runs: readonly Run[],
  surroundings: Surroundings,
): void {
  let named: Span | undefined
  for (const run of runs) {
    const missing: Expression = { kind: 'missing', span: run.span }
    if (run.tokens.length === 0) {
      reportEmpty(reader, run.followerSpan, surroundings)
      into.push({ name: undefined, value: missing, span: run.span })
      continue
    }
    const tokens = [...run.tokens]
    reader.correctSeparator(tokens, 1, Equals, Colon, surroundings)
    const { node, failed } = reader.readRun(reader.parser.argument, run, tokens, argumentEnd, surroundings)
    const argument = node ?? { name: undefined, value: missing, span: run.span }
    into.push(failed ? { ...argument, value: missing } : argument)
    if (argument.name !== undefined) named ??= argument.name.span
    else if (named !== undefined && node !== undefined && !failed) {
      reader.report({ kind: 'positional_after_named', named, span: node.span }, surroundings)
    }
  }
}

/** An item that is not there: `f(, x)`. */
function reportEmpty(reader: RunReader, span: Span, surroundings: Surroundings): void {
  reader.report({ kind: 'missing_expression', after: undefined, span }, surroundings)
}
