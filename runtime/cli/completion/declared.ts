// What an experiment's file declares, as far as completing a command line needs it: read from the syntax tree
// alone, so that it is quick, touches no data, and takes a file that is being written.
import { dirname, resolve } from 'node:path'
import { closedLists, isClosedList } from '../../../compiler/types/closed-lists.js'
import { parse } from '../../../grammar/parse.js'
import { printExpression } from '../../../grammar/print-expression.js'
import type { Declaration, Expression, ParamDeclaration } from '../../../grammar/syntax.js'
import { textOf } from './text-of.js'

export interface DeclaredParam {
  readonly name: string
  /** `int, 8 by default, in [8, 14, 20]`; empty where its declaration cannot be read. */
  readonly about: string
  /** Values that it may have, as they are typed after `name=`; the ends where its domain is a range. */
  readonly values: readonly string[]
  readonly fallback: string | undefined
  readonly isPath: boolean
}

export interface DeclaredNames {
  readonly params: readonly DeclaredParam[]
  readonly datasets: readonly string[]
}

/** Params and datasets of a file and of what it imports. Files that cannot be read declare nothing. */
export function declaredNames(file: string): DeclaredNames {
  const declarations = declarationsOf(resolve(file), new Set())
  return {
    params: declarations.flatMap(paramOf),
    datasets: declarations.flatMap((declaration) =>
      declaration.kind === 'dataset' ? [declaration.name.text] : [],
    ),
  }
}

function declarationsOf(path: string, seen: Set<string>): readonly Declaration[] {
  if (seen.has(path)) return []
  seen.add(path)
  const text = textOf(path)
  if (text === undefined) return []
  return parse(text).tree.declarations.flatMap((declaration) =>
    declaration.kind === 'import' && declaration.path.kind === 'string'
      ? declarationsOf(resolve(dirname(path), declaration.path.value), seen)
      : [declaration],
  )
}

function paramOf(declaration: Declaration): readonly DeclaredParam[] {
  if (declaration.kind === 'param') return [describedParam(declaration)]
  if (declaration.kind !== 'unreadable' || declaration.declares !== 'param') return []
  const { name } = declaration
  if (name === undefined) return []
  return [{ name: name.text, about: '', values: [], fallback: undefined, isPath: false }]
}

function describedParam(param: ParamDeclaration): DeclaredParam {
  const type = param.type.text
  const fallback = param.default === undefined ? undefined : settingText(param.default)
  const isPath = type === 'path'
  const about = [type]
  if (param.default !== undefined) about.push(`${printExpression(param.default)} by default`)
  if (param.domain !== undefined) about.push(`in ${printExpression(param.domain.value)}`)
  const values = valuesOf(param)
  return {
    name: param.name.text,
    about: about.join(', '),
    // A path in the file is relative to the file, one on the command line to the working folder.
    values: isPath || fallback === undefined || values.includes(fallback) ? values : [fallback, ...values],
    fallback,
    isPath,
  }
}

function valuesOf({ type, domain }: ParamDeclaration): readonly string[] {
  if (type.text === 'path') return []
  const written = domain?.value
  if (written?.kind === 'list') return written.items.flatMap((item) => settingText(item) ?? [])
  if (written?.kind === 'range') {
    return [written.from, written.to].flatMap((end) => settingText(end) ?? [])
  }
  if (type.text === 'bool') return ['true', 'false']
  return isClosedList(type.text) ? closedLists[type.text].members : []
}

/** A plain value as it is set on the command line; undefined for what would have to be computed. */
function settingText(value: Expression): string | undefined {
  switch (value.kind) {
    case 'number':
      return value.unit === undefined ? value.text : undefined
    case 'string':
      return value.value
    case 'name':
      return value.name
    case 'unary':
      return value.operator === '-' && value.operand.kind === 'number' ? `-${value.operand.text}` : undefined
    case 'parenthesized':
      return settingText(value.inner)
    default:
      return undefined
  }
}
