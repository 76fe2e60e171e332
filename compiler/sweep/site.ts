// What the checks of one sweep file share.
import { nearestName } from '../../grammar/nearest-name.js'
import type { DeclaredParam, ParamSetting, Template } from '../checking/template.js'
import { type Location, labelled, type Reporter } from '../diagnostics/reporter.js'
import type { DataPath, YamlDocument } from './document.js'

export interface Site {
  readonly file: string
  readonly yaml: YamlDocument
  readonly reporter: Reporter
  readonly template: Template
  readonly params: ReadonlyMap<string, DeclaredParam>
}

export function valueAt({ file, yaml }: Site, path: DataPath): Location {
  return { file, span: yaml.valueSpan(path) }
}

export function keyAt({ file, yaml }: Site, path: DataPath): Location {
  return { file, span: yaml.keySpan(path) }
}

/** The param of a name; reports a name that is none at its place. */
export function paramNamed(site: Site, name: string, at: Location): DeclaredParam | undefined {
  const { params, reporter } = site
  const param = params.get(name)
  if (param) return param
  const nearest = nearestName(name, params.keys())
  const near = nearest === undefined ? undefined : params.get(nearest)
  reporter.report('SAU8020', {
    gaps: { name },
    labels: near ? [labelled(at), labelled(near.at, 'this one?')] : [labelled(at)],
    help: nearest
      ? `did you mean \`${nearest}\`?`
      : params.size > 0
        ? `its params are ${[...params.keys()].map((other) => `\`${other}\``).join(', ')}`
        : 'it has no params at all',
    fix: nearest ? { title: `write ${nearest}`, ...at, replacement: nearest } : undefined,
  })
  return undefined
}

/** A value as a person writes it in YAML. */
export function shown(value: ParamSetting): string {
  return String(value)
}
