// Params: their types, defaults, domains, and the values given to them from outside.
import { nearestName } from '../../grammar/nearest-name.js'
import { readNumber } from '../../grammar/number-text.js'
import type { Expression, ParamDeclaration } from '../../grammar/syntax.js'
import { labelled } from '../diagnostics/reporter.js'
import type { Slot } from '../functions/declaration.js'
import { settingHelp } from '../functions/setting-help.js'
import { choice, count, factor, path, probability, real, truth, whole } from '../functions/slots.js'
import type { Declared } from '../names/declared.js'
import { nameLocation, wholeLocation } from '../names/declared.js'
import { foreignName } from '../names/foreign-names.js'
import { closedLists, isClosedList } from '../types/closed-lists.js'
import { describeValue, showNames, showNumber } from '../types/describe.js'
import { describeType, type Type, types } from '../types/type.js'
import { errorValue, type Value } from '../types/value.js'
import type { Compilation, Scope } from './compilation.js'
import { scopeOf, withOrigination } from './declarations.js'
import { evaluate, locate } from './expressions.js'

const plainTypes = ['int', 'float', 'bool', 'string', 'path', 'factor', 'prob', 'count'] as const

/** The slot of a param's type; undefined where there is no such type. */
export function slotOfParamType(name: string): Slot<unknown> | undefined {
  switch (name) {
    case 'int':
      return whole()
    case 'float':
      return real()
    case 'bool':
      return truth
    case 'string':
      return stringSlot
    case 'path':
      return path
    case 'factor':
      return factor
    case 'prob':
      return probability
    case 'count':
      return count
    default:
      return isClosedList(name) ? choice(name, closedLists[name].members) : undefined
  }
}

const stringSlot: Slot<string> = {
  type: types.string,
  take(value, site) {
    if (value.kind === 'string') return value.text
    if (value.kind === 'error') return undefined
    site.context.reporter.report('SAU3001', {
      gaps: { subject: site.subject, expected: describeType(types.string), found: describeValue(value) },
      labels: [labelled(site.at)],
    })
    return undefined
  },
}

/** All names of param types. */
export function paramTypeNames(): string[] {
  return [...plainTypes, ...Object.keys(closedLists)]
}

export function evaluateParam(c: Compilation, declared: Declared, node: ParamDeclaration): Value {
  const slot = slotOfParamType(node.type.text)
  const scope = scopeOf(declared)
  if (!slot) {
    if (node.type.text !== '') reportUnknownType(c, node, scope)
    return errorValue
  }
  const domain = node.domain && evaluateDomain(c, node, node.domain, slot.type, scope)
  const fallback = node.default && evaluateDefault(c, declared, node.default, slot, domain, scope)
  const setting = c.settings.get(declared.name)
  if (setting !== undefined) {
    const value = readSetting(c, declared, setting, slot, domain)
    return value ? withOrigination(c, value, declared) : errorValue
  }
  if (fallback) return fallback.kind === 'error' ? fallback : withOrigination(c, fallback, declared)
  if (c.program.experiment) {
    c.reporter.report('SAU5004', {
      gaps: { name: declared.name, example: exampleOf(slot.type) },
      labels: [labelled(wholeLocation(declared), 'no default')],
    })
  }
  return errorValue
}

function reportUnknownType(c: Compilation, node: ParamDeclaration, scope: Scope): void {
  const nearest = nearestName(node.type.text, paramTypeNames())
  const at = { file: scope.file, span: node.type.span }
  c.reporter.report('SAU2006', {
    gaps: { name: node.type.text },
    labels: [labelled(at)],
    help: nearest
      ? `did you mean \`${nearest}\`?`
      : `types are ${plainTypes.map((name) => `\`${name}\``).join(', ')} and the closed lists, such as \`correction\``,
    fix: nearest === undefined ? undefined : { title: `write ${nearest}`, ...at, replacement: nearest },
  })
}

function exampleOf(type: Type): string {
  switch (type.kind) {
    case 'bool':
      return 'true'
    case 'path':
      return 'DIR'
    case 'string':
      return 'TEXT'
    case 'choice':
      return closedLists[type.list].members[0] ?? ''
    case 'prob':
      return '0.5'
    case 'float':
      return '0.1'
    default:
      return '10'
  }
}

// ---- domains ----------------------------------------------------------------------------------------------

interface Domain {
  readonly shown: string
  readonly at: ReturnType<typeof wholeLocation>
  contains(value: Value): boolean
}

function evaluateDomain(
  c: Compilation,
  node: ParamDeclaration,
  domain: NonNullable<ParamDeclaration['domain']>,
  type: Type,
  scope: Scope,
): Domain | undefined {
  const at = locate(scope, domain)
  const value = evaluate(c, domain.value, scope, { kind: 'list', of: type })
  if (value.kind === 'error') return undefined
  if (value.kind === 'range') {
    if (domain.log && value.from <= 0) {
      c.reporter.report('SAU3012', { gaps: {}, labels: [labelled(at)] })
      return undefined
    }
    const shown = `${showNumber(value.from)}..${showNumber(value.to)}`
    return {
      shown,
      at,
      contains: (given) => given.kind === 'number' && given.value >= value.from && given.value <= value.to,
    }
  }
  if (value.kind !== 'list' || value.items.length === 0) {
    c.reporter.report('SAU3010', { gaps: { found: describeValue(value) }, labels: [labelled(at)] })
    return undefined
  }
  if (domain.log) {
    c.reporter.report('SAU3012', { gaps: {}, labels: [labelled(at)] })
    return undefined
  }
  const slot = slotOfParamType(node.type.text)
  const subject = `the domain of \`${node.name.text}\``
  const fits = value.items.map((item) => slot?.take(item.value, { context: c.context, at: item.at, subject }))
  if (fits.includes(undefined)) return undefined
  return {
    shown: `[${value.items.map((item) => plainText(item.value)).join(', ')}]`,
    at,
    contains: (given) => value.items.some((item) => plainText(item.value) === plainText(given)),
  }
}

/** A plain value as it would be written. */
export function plainText(value: Value): string {
  switch (value.kind) {
    case 'number':
      return showNumber(value.value)
    case 'bool':
      return String(value.value)
    case 'choice':
      return value.member
    case 'string':
    case 'path':
      return `"${value.text}"`
    default:
      return describeValue(value)
  }
}

function evaluateDefault(
  c: Compilation,
  declared: Declared,
  written: Expression,
  slot: Slot<unknown>,
  domain: Domain | undefined,
  scope: Scope,
): Value {
  const at = locate(scope, written)
  const value = evaluate(c, written, scope, slot.type)
  const taken = slot.take(value, { context: c.context, at, subject: `the param \`${declared.name}\`` })
  if (taken === undefined) return errorValue
  const fitting = value.kind === 'string' && slot === path ? toPathValue(c, value) : value
  if (!domain || domain.contains(fitting)) return fitting
  c.reporter.report('SAU3006', {
    gaps: { name: declared.name, value: plainText(fitting), domain: domain.shown },
    labels: [labelled(at, plainText(fitting)), labelled(domain.at, 'the domain')],
    help: 'choose a default of the domain, or widen the domain',
  })
  return errorValue
}

function toPathValue(c: Compilation, value: Extract<Value, { kind: 'string' }>): Value {
  return { kind: 'path', text: value.text, absolute: c.host.resolve(value.folder, value.text), params: [] }
}

// ---- settings ---------------------------------------------------------------------------------------------

function readSetting(
  c: Compilation,
  declared: Declared,
  text: string,
  slot: Slot<unknown>,
  domain: Domain | undefined,
): Value | undefined {
  const { type } = slot
  const value = parseSetting(c, declared, text, type)
  if (!value || !fitsType(value, type)) {
    const list = type.kind === 'choice' ? closedLists[type.list].members : undefined
    const help = settingHelp(type.kind, list, text)
    const members = type.kind === 'choice' ? closedLists[type.list].members.join(', ') : ''
    c.reporter.report('SAU5002', {
      gaps: {
        name: declared.name,
        value: text,
        expected: members ? `one of ${members}` : describeType(type),
      },
      labels: [labelled(wholeLocation(declared), 'declared here')],
      help:
        help?.replacement === undefined
          ? help?.sentence
          : help.sentence.replace(
              `\`${help.replacement}\``,
              `\`--set ${declared.name}=${help.replacement}\``,
            ),
    })
    return undefined
  }
  if (domain && !domain.contains(value)) {
    c.reporter.report('SAU5003', {
      gaps: { name: declared.name, value: text, domain: domain.shown },
      labels: [labelled(domain.at, 'the domain')],
      help: 'set a value of the domain, or widen the domain in the file',
    })
    return undefined
  }
  return value
}

function parseSetting(c: Compilation, declared: Declared, text: string, type: Type): Value | undefined {
  switch (type.kind) {
    case 'int':
    case 'float':
    case 'factor':
    case 'prob':
    case 'count': {
      const value = readNumber(text)
      return value === undefined ? undefined : { kind: 'number', value }
    }
    case 'bool':
      return text === 'true' || text === 'false' ? { kind: 'bool', value: text === 'true' } : undefined
    case 'choice':
      return closedLists[type.list].members.includes(text)
        ? { kind: 'choice', list: type.list, member: text }
        : undefined
    case 'path':
      return {
        kind: 'path',
        text,
        absolute: c.host.resolve(c.workingFolder, text),
        params: [declared.name],
      }
    default:
      return { kind: 'string', text, folder: c.workingFolder }
  }
}

function fitsType(value: Value, type: Type): boolean {
  if (value.kind !== 'number') return true
  switch (type.kind) {
    case 'int':
      return Number.isInteger(value.value)
    case 'count':
      return Number.isInteger(value.value) && value.value >= 1
    case 'factor':
      return value.value >= 1
    case 'prob':
      return value.value >= 0 && value.value <= 1
    default:
      return true
  }
}

/** Reports settings that name no param. */
export function checkSettingNames(c: Compilation): void {
  // The param may stand in the part that could not be read.
  if (c.reporter.hasSyntaxErrors) return
  const params = [...c.program.names.values()].filter(({ node }) => node.kind === 'param')
  for (const [name, value] of c.settings) {
    if (params.some((param) => param.name === name) || c.program.unreadable.has(name)) continue
    const names = params.map((param) => param.name)
    // Hydra's `+x`, `~x`, `optimizer.lr` and `model/head`: the last name is that of a param, if any.
    const bare =
      name
        .replace(/^[+~]+/, '')
        .split(/[./@]/)
        .at(-1) ?? name
    const nearest = names.includes(bare)
      ? bare
      : (foreignName(bare, names)?.name ?? nearestName(bare, names, c.effort))
    const near = params.find((param) => param.name === nearest)
    c.reporter.report('SAU5001', {
      gaps: { name, value },
      labels: near ? [labelled(nameLocation(near), 'this one?')] : [],
      help: name.startsWith('~')
        ? `leave \`${name}\` out: a param that is not set has its default`
        : nearest
          ? `did you mean \`--set ${nearest}=${value}\`?`
          : params.length > 0
            ? `its params are ${showNames(names)}; others are declared in the file: \`param ${bare} : TYPE = ...\``
            : `it has no params at all; they are declared in the file: \`param ${bare} : TYPE = ...\``,
    })
  }
}
