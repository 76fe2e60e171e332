// Diagnostics of many instances as few: what is wrong at one place in several instances is said once, with
// the instances.
import type { ParamSetting } from '../checking/template.js'
import type { Diagnostic, Label } from '../diagnostics/diagnostic.js'
import { type Instance, instanceName } from './expand.js'
import { shown } from './site.js'
import { placeKey, type Sweep } from './sweep.js'

export interface Found {
  readonly diagnostic: Diagnostic
  readonly instance: Instance
}

/** Errors before warnings, in the order in which they were first found. */
export function groupDiagnostics(
  found: readonly Found[],
  sweep: Sweep,
  all: readonly Instance[],
): readonly Diagnostic[] {
  const groups = new Map<string, { readonly first: Diagnostic; readonly instances: Set<Instance> }>()
  for (const { diagnostic, instance } of found) {
    const [primary] = diagnostic.labels
    const key = `${diagnostic.code} ${primary ? `${primary.file} ${primary.span.start} ${primary.span.end}` : diagnostic.title}`
    const group = groups.get(key)
    if (group) group.instances.add(instance)
    else groups.set(key, { first: diagnostic, instances: new Set([instance]) })
  }
  const merged = [...groups.values()].map(({ first, instances }) => describe(first, instances, sweep, all))
  const rank = ({ severity }: Diagnostic): number => (severity === 'error' ? 0 : 1)
  return merged.sort((a, b) => rank(a) - rank(b))
}

function describe(
  diagnostic: Diagnostic,
  instances: ReadonlySet<Instance>,
  sweep: Sweep,
  all: readonly Instance[],
): Diagnostic {
  if (instances.size === all.length) return withNote(diagnostic, `in all ${all.length} instances`, [])
  const cause = causeOf(instances, sweep, all)
  const count = `in ${instances.size} of ${all.length} instances`
  if (cause) {
    const labels = cause.values.flatMap((value): Label[] => {
      const place = sweep.places.get(placeKey(cause.param, value))
      return place ? [{ ...place, text: `\`${cause.param}\` is ${shown(value)}` }] : []
    })
    const values = cause.values.map(shown).join(' or ')
    return withNote(diagnostic, `${count}: those where \`${cause.param}\` is ${values}`, labels)
  }
  const names = [...instances].slice(0, 3).map(instanceName)
  const more = instances.size > names.length ? `, and ${instances.size - names.length} more` : ''
  return withNote(diagnostic, `${count}: ${names.join('; ')}${more}`, [])
}

function withNote(diagnostic: Diagnostic, note: string, labels: readonly Label[]): Diagnostic {
  const { help } = diagnostic
  return {
    ...diagnostic,
    labels: [...diagnostic.labels, ...labels],
    help: help === undefined ? note : `${help} (${note})`,
  }
}

/**
 * The values of one param that tell the instances with a problem from those without: at most three values.
 */
function causeOf(
  instances: ReadonlySet<Instance>,
  { varied }: Sweep,
  all: readonly Instance[],
): { readonly param: string; readonly values: readonly ParamSetting[] } | undefined {
  for (const param of varied) {
    const valueIn = ({ setting }: Instance): ParamSetting | undefined => setting.params[param]
    const values = new Set([...instances].map(valueIn))
    if (values.size > 3) continue
    const isCause = all.every((instance) => values.has(valueIn(instance)) === instances.has(instance))
    if (!isCause) continue
    const known = [...values].flatMap((value) => (value === undefined ? [] : [value]))
    if (known.length === values.size) return { param, values: known }
  }
  return undefined
}
