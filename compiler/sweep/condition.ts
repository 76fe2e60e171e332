// Conditions of `exclude`: expressions of the language over params, made into functions of a setting.
import { parse } from '../../grammar/index.js'
import { nearestName } from '../../grammar/nearest-name.js'
import { printExpression } from '../../grammar/print-expression.js'
import type { BinaryExpression, Expression, Span } from '../../grammar/syntax.js'
import type { DeclaredParam, ParamSetting } from '../checking/template.js'
import { type Location, labelled, type Reporter } from '../diagnostics/reporter.js'
import type { Condition } from './sweep.js'

type SettingOf = (name: string) => ParamSetting | undefined

/** What an expression is: text may come from a closed list. */
interface Term {
  readonly type: 'number' | 'text' | 'truth'
  readonly members: readonly string[] | undefined
  read(settingOf: SettingOf): ParamSetting | undefined
}

/** A condition that stands in quotes or plainly in the file: its text, and where that begins. */
export interface WrittenCondition {
  readonly text: string
  readonly at: Location
  /** Whether the text stands in the file letter by letter, so that parts of it can be marked. */
  readonly isVerbatim: boolean
}

/** Reads a condition, or reports why it is none. */
export function readCondition(
  written: WrittenCondition,
  params: ReadonlyMap<string, DeclaredParam>,
  reporter: Reporter,
): Condition | undefined {
  const before = 'sau 1\nlet condition = ('
  const { tree, problems } = parse(`${before}${written.text}\n)`)
  const [declaration] = tree.declarations
  const place = ({ span }: { readonly span: Span }): Location => {
    const { file, span: whole } = written.at
    if (!written.isVerbatim) return written.at
    const offset = whole.start - before.length
    const inside = (at: number): number => Math.min(whole.end, Math.max(whole.start, at + offset))
    return { file, span: { start: inside(span.start), end: inside(span.end) } }
  }
  const [problem] = problems
  if (problem || declaration?.kind !== 'let' || tree.declarations.length > 1) {
    reporter.report('SAU8040', {
      gaps: { fault: 'it is no expression of the language' },
      labels: [labelled(problem ? place(problem) : written.at)],
    })
    return undefined
  }
  const reader = new ConditionReader(params, reporter, place)
  const term = reader.term(declaration.value)
  if (!term) return undefined
  if (term.type !== 'truth') {
    reporter.report('SAU8040', {
      gaps: { fault: 'it is a value, and no question' },
      labels: [labelled(written.at)],
    })
    return undefined
  }
  return { at: written.at, text: written.text, matches: (settingOf) => term.read(settingOf) === true }
}

class ConditionReader {
  constructor(
    private readonly params: ReadonlyMap<string, DeclaredParam>,
    private readonly reporter: Reporter,
    private readonly place: (node: { readonly span: Span }) => Location,
  ) {}

  /** @param members words that are meant where a name is one of them */
  term(e: Expression, members?: readonly string[]): Term | undefined {
    switch (e.kind) {
      case 'parenthesized':
        return this.term(e.inner, members)
      case 'number':
        return e.unit ? this.fail(e, 'numbers have no unit here') : constant('number', e.value)
      case 'string':
        return constant('text', e.value)
      case 'name':
        return this.name(e.name, e, members)
      case 'unary': {
        const operand = this.needed(e.operand, e.operator === 'not' ? 'truth' : 'number')
        if (!operand) return undefined
        return {
          type: operand.type,
          members: undefined,
          read: (settingOf) =>
            e.operator === 'not' ? operand.read(settingOf) !== true : -Number(operand.read(settingOf)),
        }
      }
      case 'binary':
        return this.binary(e)
      default:
        return this.fail(e, `\`${printExpression(e)}\` means nothing here`)
    }
  }

  private binary(e: BinaryExpression): Term | undefined {
    const { operator } = e
    switch (operator) {
      case 'and':
      case 'or': {
        const left = this.needed(e.left, 'truth')
        const right = this.needed(e.right, 'truth')
        if (!left || !right) return undefined
        return truth((settingOf) => {
          const first = left.read(settingOf) === true
          return operator === 'and'
            ? first && right.read(settingOf) === true
            : first || right.read(settingOf) === true
        })
      }
      case '==':
      case '!=':
        return this.equality(e)
      default: {
        const left = this.needed(e.left, 'number')
        const right = this.needed(e.right, 'number')
        if (!left || !right) return undefined
        const compute = arithmetic[operator]
        const type = typeof compute(1, 1) === 'boolean' ? 'truth' : 'number'
        return {
          type,
          members: undefined,
          read: (settingOf) => compute(Number(left.read(settingOf)), Number(right.read(settingOf))),
        }
      }
    }
  }

  private equality(e: BinaryExpression): Term | undefined {
    // The side that is a param says which words the other may be.
    const lists = [e.left, e.right].map((side) =>
      side.kind === 'name' ? this.params.get(side.name)?.members : undefined,
    )
    const left = this.term(e.left, lists[1])
    // Beside a param that is none, any word may be right.
    if (!left && e.right.kind === 'name') return undefined
    const right = this.term(e.right, lists[0])
    if (!left || !right) return undefined
    if (left.type !== right.type) {
      this.reporter.report('SAU8041', {
        gaps: {
          left: `${words[left.type]} \`${printExpression(e.left)}\``,
          right: `${words[right.type]} \`${printExpression(e.right)}\``,
        },
        labels: [labelled(this.place(e))],
      })
      return undefined
    }
    for (const [side, other] of [
      [e.left, right],
      [e.right, left],
    ] as const) {
      if (side.kind === 'string' && other.members && !other.members.includes(side.value)) {
        return this.unknown(side.value, side, other.members)
      }
    }
    const wanted = e.operator === '=='
    return truth((settingOf) => (left.read(settingOf) === right.read(settingOf)) === wanted)
  }

  private name(name: string, e: Expression, members: readonly string[] | undefined): Term | undefined {
    if (members?.includes(name)) return { ...constant('text', name), members }
    if (name === 'true' || name === 'false') return constant('truth', name === 'true')
    const param = this.params.get(name)
    if (!param) return this.unknown(name, e, members)
    return { type: typeOfParam(param), members: param.members, read: (settingOf) => settingOf(name) }
  }

  private unknown(name: string, e: Expression, members: readonly string[] | undefined): undefined {
    const nearest = nearestName(name, [...(members ?? []), ...this.params.keys()])
    const at = this.place(e)
    const fault = members
      ? `\`${name}\` is not one of ${members.map((member) => `\`${member}\``).join(', ')}`
      : `there is no param \`${name}\``
    this.reporter.report('SAU8040', {
      gaps: { fault },
      labels: [labelled(at)],
      help: nearest
        ? `did you mean \`${nearest}\`?`
        : `params are ${[...this.params.keys()].map((param) => `\`${param}\``).join(', ')}`,
    })
  }

  private needed(e: Expression, type: Term['type']): Term | undefined {
    const term = this.term(e)
    if (!term || term.type === type) return term
    return this.fail(e, `\`${printExpression(e)}\` is ${words[term.type]}, and ${words[type]} is needed`)
  }

  private fail(e: Expression, fault: string): undefined {
    this.reporter.report('SAU8040', { gaps: { fault }, labels: [labelled(this.place(e))] })
  }
}

const words = { number: 'a number', text: 'a word', truth: 'a question' } as const

const arithmetic = {
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '^': (a: number, b: number) => a ** b,
} as const

function constant(type: Term['type'], value: ParamSetting): Term {
  return { type, members: undefined, read: () => value }
}

function truth(read: (settingOf: SettingOf) => boolean): Term {
  return { type: 'truth', members: undefined, read }
}

function typeOfParam({ type }: DeclaredParam): Term['type'] {
  switch (type) {
    case 'int':
    case 'float':
    case 'factor':
    case 'prob':
    case 'count':
      return 'number'
    case 'bool':
      return 'truth'
    default:
      return 'text'
  }
}
