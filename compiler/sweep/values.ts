// Whether a value of a sweep file is one of the param's type and domain.
import { slotOfParamType } from '../checking/params.js'
import type { DeclaredParam, ParamDomain, ParamSetting } from '../checking/template.js'
import { type Location, labelled } from '../diagnostics/reporter.js'
import { settingHelp } from '../functions/setting-help.js'
import { showNumber } from '../types/describe.js'
import { describeType } from '../types/type.js'
import type { DataPath } from './document.js'
import { type Site, shown, valueAt } from './site.js'

/** Reports a value that does not fit, at its place in the YAML, with the declaration beside it. */
export function checkValue(site: Site, param: DeclaredParam, value: ParamSetting, path: DataPath): boolean {
  return checkValueAt(site, param, value, valueAt(site, path), site.yaml.written(path))
}

export function checkValueAt(
  { reporter }: Site,
  param: DeclaredParam,
  value: ParamSetting,
  at: Location,
  written = '',
): boolean {
  const { name, type, members, domain } = param
  // YAML has numbers of its own (`0x10`, `.inf`), which the two other doors do not have.
  const isForeign = typeof value === 'number' && /^[+-]?(0[xo]|\.(inf|nan))/i.test(written)
  if (isForeign || !fitsType(param, value)) {
    const help = settingHelp(type, members, written === '' ? shown(value) : written)
    const replacement = help?.replacement
    reporter.report('SAU8021', {
      gaps: { name, expected: expectedOf(param), value: `\`${written === '' ? shown(value) : written}\`` },
      labels: [labelled(at), labelled(param.at, 'declared here')],
      help: help?.sentence ?? quotesHelp(param, value),
      fix: replacement ? { title: `write ${replacement}`, ...at, replacement } : undefined,
    })
    return false
  }
  if (domain && !isInDomain(domain, value)) {
    reporter.report('SAU8022', {
      gaps: { name, value: `\`${shown(value)}\``, domain: showDomain(domain) },
      labels: [labelled(at), labelled(param.at, 'the domain')],
    })
    return false
  }
  return true
}

export function fitsType({ type, members }: DeclaredParam, value: ParamSetting): boolean {
  switch (type) {
    case 'int':
      return typeof value === 'number' && Number.isInteger(value)
    case 'float':
      return typeof value === 'number' && Number.isFinite(value)
    case 'factor':
      return typeof value === 'number' && Number.isFinite(value) && value >= 1
    case 'prob':
      return typeof value === 'number' && value >= 0 && value <= 1
    case 'count':
      return typeof value === 'number' && Number.isInteger(value) && value >= 1
    case 'bool':
      return typeof value === 'boolean'
    case 'string':
    case 'path':
      return typeof value === 'string'
    default:
      // A type that is none is the experiment's own error.
      return members === undefined || (typeof value === 'string' && members.includes(value))
  }
}

export function isInDomain(domain: ParamDomain, value: ParamSetting): boolean {
  if (domain.kind === 'list') return domain.values.includes(value)
  return typeof value === 'number' && value >= domain.from && value <= domain.to
}

export function showDomain(domain: ParamDomain): string {
  return domain.kind === 'list'
    ? `[${domain.values.map(shown).join(', ')}]`
    : `${showNumber(domain.from)}..${showNumber(domain.to)}`
}

function expectedOf({ type, members }: DeclaredParam): string {
  if (members) return `one of ${members.map((member) => `\`${member}\``).join(', ')}`
  const slot = slotOfParamType(type)
  return slot ? describeType(slot.type) : `a value of type ${type}`
}

function quotesHelp({ type }: DeclaredParam, value: ParamSetting): string | undefined {
  const isText = type === 'string' || type === 'path'
  return isText && typeof value !== 'string' ? `write it in quotes: "${shown(value)}"` : undefined
}
