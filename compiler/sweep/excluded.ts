// `exclude`: maps of values that all match, and conditions in the language's own expressions.
import type { ParamSetting } from '../checking/template.js'
import { readCondition } from './condition.js'
import type { WrittenSweep } from './schema.js'
import { keyAt, paramNamed, type Site, shown, valueAt } from './site.js'
import type { Condition } from './sweep.js'
import { checkValue } from './values.js'

export function readExclude(site: Site, { exclude = [] }: WrittenSweep): readonly Condition[] {
  return exclude.flatMap((written, position): readonly Condition[] => {
    const path = ['exclude', position]
    const at = valueAt(site, path)
    if (typeof written === 'string') {
      const source = site.yaml.written(path)
      // Quotes stand around the text; escapes and folded lines would move it.
      const inside = /^["']/.test(source) ? 1 : 0
      const isVerbatim = source.slice(inside, inside + written.length) === written
      const span = isVerbatim
        ? { start: at.span.start + inside, end: at.span.start + inside + written.length }
        : at.span
      const condition = readCondition(
        { text: written, at: { file: at.file, span }, isVerbatim },
        site.params,
        site.reporter,
      )
      return condition ? [condition] : []
    }
    const wanted = new Map<string, ReadonlySet<ParamSetting>>()
    for (const [name, value] of Object.entries(written)) {
      const param = paramNamed(site, name, keyAt(site, [...path, name]))
      if (!param) continue
      const values = isList(value) ? value : [value]
      for (const [entry, one] of values.entries()) {
        checkValue(site, param, one, isList(value) ? [...path, name, entry] : [...path, name])
      }
      wanted.set(name, new Set(values))
    }
    const text = Object.entries(written)
      .map(([name, value]) => `${name}: ${isList(value) ? `[${value.map(shown).join(', ')}]` : shown(value)}`)
      .join(', ')
    return [
      {
        at,
        text,
        matches: (settingOf) =>
          [...wanted].every(([name, values]) => {
            const value = settingOf(name)
            return value !== undefined && values.has(value)
          }),
      },
    ]
  })
}

function isList(value: ParamSetting | readonly ParamSetting[]): value is readonly ParamSetting[] {
  return Array.isArray(value)
}
