// Canonical text of a syntax tree: one statement a line, blocks indented by two spaces, comments kept.
import { printExpression } from './print-expression.js'
import type {
  BranchDeclaration,
  Comment,
  Declaration,
  EvaluateDeclaration,
  Expression,
  FieldAssignment,
  HeadDeclaration,
  LetDeclaration,
  LossDeclaration,
  NetworkDeclaration,
  SourceFile,
  TrainDeclaration,
} from './syntax.js'

/** Lines longer than this are broken before each `|>`. */
const lineWidth = 100

type Statement = Declaration | HeadDeclaration | LossDeclaration | FieldAssignment

/**
 * Text that parses back to the same tree, spans apart. Comments stay in their order: before the statement
 * they stood before, behind the one they stood behind; those inside a statement move in front of it.
 *
 * For trees of files without problems: what could not be read has no text.
 */
export function print(tree: SourceFile): string {
  const printer = new Printer(tree.comments)
  const lines: string[] = []
  if (tree.version !== undefined) {
    lines.push(...printer.commentsBefore(tree.version.span.start, ''))
    lines.push(
      `sau ${tree.version.value}${printer.commentBehind(tree.version.span.end, nextStart(tree.declarations, 0))}`,
    )
  }
  let previous: { readonly kind: Statement['kind']; readonly size: number } | undefined
  for (const [index, declaration] of tree.declarations.entries()) {
    const printed = printer.statement(declaration, '', nextStart(tree.declarations, index + 1))
    if (printed.length === 0) continue
    const goesOn = previous?.kind === declaration.kind && previous.size === 1 && printed.length === 1
    if (lines.length > 0 && !goesOn) lines.push('')
    lines.push(...printed)
    previous = { kind: declaration.kind, size: printed.filter((line) => !line.startsWith('//')).length }
  }
  const rest = printer.commentsBefore(Number.POSITIVE_INFINITY, '')
  if (rest.length > 0 && lines.length > 0) lines.push('')
  lines.push(...rest)
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

function nextStart(statements: readonly Statement[], index: number): number {
  return statements[index]?.span.start ?? Number.POSITIVE_INFINITY
}

/** Hands out the comments in order; lives as long as one tree is printed. */
class Printer {
  private next = 0

  constructor(private readonly comments: readonly Comment[]) {}

  /** The comments not yet printed that start before `offset`, each on a line of its own. */
  commentsBefore(offset: number, indentation: string): string[] {
    const lines: string[] = []
    for (;;) {
      const comment = this.comments[this.next]
      if (comment === undefined || comment.span.start >= offset) return lines
      lines.push(`${indentation}//${comment.text.trimEnd()}`)
      this.next++
    }
  }

  /** The comment that follows code on its line between two offsets, as what to put behind that line. */
  commentBehind(from: number, to: number): string {
    const comment = this.comments[this.next]
    if (comment === undefined || comment.ownLine) return ''
    if (comment.span.start < from || comment.span.start >= to) return ''
    this.next++
    return ` //${comment.text.trimEnd()}`
  }

  /** The lines of a statement with its comments; `next` is where the following one starts. */
  statement(statement: Statement, indentation: string, next: number): string[] {
    const { span } = statement
    switch (statement.kind) {
      case 'network':
      case 'branch':
      case 'train':
      case 'evaluate':
        return this.block(statement, indentation, next)
      case 'unreadable':
        return this.commentsBefore(span.end, indentation)
      default: {
        const comments = this.commentsBefore(span.end, indentation)
        const lines = wrapped(headOf(statement), tailOf(statement), indentation)
        const last = lines.pop() ?? ''
        return [...comments, ...lines, `${last}${this.commentBehind(span.end, next)}`]
      }
    }
  }

  private block(
    declaration: NetworkDeclaration | BranchDeclaration | TrainDeclaration | EvaluateDeclaration,
    indentation: string,
    next: number,
  ): string[] {
    const { header, value, headerEnd, statements } = blockParts(declaration)
    const comments = this.commentsBefore(headerEnd, indentation)
    const headerLines = value === undefined ? [header] : wrapped(header, value, indentation)
    const inner = `${indentation}  `
    const opening = this.commentBehind(headerEnd, Math.min(nextStart(statements, 0), declaration.span.end))
    const body: string[] = []
    for (const [index, statement] of statements.entries()) {
      const following = Math.min(nextStart(statements, index + 1), declaration.span.end)
      body.push(...this.statement(statement, inner, following))
    }
    body.push(...this.commentsBefore(declaration.span.end, inner))
    const isEmpty = body.length === 0 && opening === ''
    const last = headerLines.pop() ?? ''
    const behind = this.commentBehind(declaration.span.end, next)
    if (isEmpty) {
      const emptyBlock = declaration.kind === 'network' ? '' : ' {}'
      return [...comments, ...headerLines, `${last}${emptyBlock}${behind}`]
    }
    return [...comments, ...headerLines, `${last} {${opening}`, ...body, `${indentation}}${behind}`]
  }
}

interface BlockParts {
  readonly header: string
  readonly value: Expression | undefined
  /** Where the header ends, so that later comments belong to the block. */
  readonly headerEnd: number
  readonly statements: readonly Statement[]
}

function blockParts(
  declaration: NetworkDeclaration | BranchDeclaration | TrainDeclaration | EvaluateDeclaration,
): BlockParts {
  switch (declaration.kind) {
    case 'network': {
      const { name, value, heads } = declaration
      return { header: `network ${name.text} = `, value, headerEnd: value.span.end, statements: heads }
    }
    case 'branch': {
      const { name, statements } = declaration
      return { header: `branch ${name.text}`, value: undefined, headerEnd: name.span.end, statements }
    }
    case 'train':
      return {
        header: 'train',
        value: undefined,
        headerEnd: declaration.keyword.end,
        statements: declaration.fields,
      }
    case 'evaluate': {
      const { dataset, fields } = declaration
      return { header: 'evaluate ', value: dataset, headerEnd: dataset.span.end, statements: fields }
    }
  }
}

type PlainStatement = Exclude<
  Statement,
  NetworkDeclaration | BranchDeclaration | TrainDeclaration | EvaluateDeclaration | { kind: 'unreadable' }
>

/** What stands before the expression of a statement. */
function headOf(statement: PlainStatement): string {
  switch (statement.kind) {
    case 'experiment':
    case 'import':
    case 'minimize':
      return `${statement.kind} `
    case 'param':
      return `param ${statement.name.text} : ${statement.type.text}${paramTail(statement)}`
    case 'field':
      return `${statement.name.text} = `
    case 'let':
    case 'dataset':
    case 'view':
    case 'stream':
    case 'memory':
    case 'head':
    case 'loss':
      return `${statement.kind} ${statement.name.text} = `
  }
}

function paramTail(statement: PlainStatement & { kind: 'param' }): string {
  const { default: standard, domain } = statement
  const given = standard === undefined ? '' : ` = ${printExpression(standard)}`
  const within = domain === undefined ? '' : ` in ${printExpression(domain.value)}${domain.log ? ' log' : ''}`
  return `${given}${within}`
}

function tailOf(statement: PlainStatement): LetDeclaration['value'] | LossDeclaration['value'] | undefined {
  switch (statement.kind) {
    case 'experiment':
      return statement.title
    case 'import':
      return statement.path
    case 'param':
      return undefined
    default:
      return statement.value
  }
}

/** One line, or one for each `|>` where it would be too long. */
function wrapped(head: string, value: Expression | undefined, indentation: string): string[] {
  const line = `${indentation}${head}${value === undefined ? '' : printExpression(value)}`
  if (line.length <= lineWidth || value?.kind !== 'pipe') return [line]
  const steps: string[] = []
  let source: Expression = value
  while (source.kind === 'pipe') {
    steps.unshift(`${indentation}  |> ${printExpression(source.right, 2)}`)
    source = source.left
  }
  return [`${indentation}${head}${printExpression(source, 1)}`, ...steps]
}
