// Params that a sweep file gives values: `set`, `grid`, `zip`, `list`. Every value is checked, and no param
// is given twice.
import type { DeclaredParam, ParamSetting } from '../checking/template.js'
import { type Location, labelled } from '../diagnostics/reporter.js'
import type { DataPath } from './document.js'
import { placeInWords } from './form.js'
import type { WrittenSweep } from './schema.js'
import { keyAt, paramNamed, type Site, shown, valueAt } from './site.js'
import type { Point } from './space.js'
import { placeKey } from './sweep.js'
import { checkValue } from './values.js'

/** Who gives each param a value, to find the second one. */
export class Givers {
  private readonly known = new Map<string, { readonly block: string; readonly at: Location }>()

  /** @param outside params that the command line gives */
  constructor(
    private readonly site: Site,
    private readonly outside: ReadonlySet<string>,
  ) {}

  /**
   * Notes that a block gives a param; reports it where another one does, or where it is the seed of the run.
   */
  add(name: string, block: string, at: Location): void {
    const { reporter, template } = this.site
    if (block !== 'set' && template.seedParams.includes(name)) {
      reporter.report('SAU8026', { gaps: { name }, labels: [labelled(at)] })
    }
    const first = this.known.get(name)
    if (first === undefined) {
      this.known.set(name, { block, at })
      // The command line may replace what stays the same, not what is tried.
      if (block !== 'set' && this.outside.has(name)) {
        reporter.report('SAU8025', { gaps: { name, first: '--set', second: block }, labels: [labelled(at)] })
      }
      return
    }
    if (first.block === block) return
    reporter.report('SAU8025', {
      gaps: { name, first: first.block, second: block },
      labels: [labelled(at, 'here'), labelled(first.at, 'and here')],
    })
  }

  has(name: string): boolean {
    return this.known.has(name) || this.outside.has(name)
  }
}

export interface GivenValues {
  readonly set: ReadonlyMap<string, ParamSetting>
  readonly factors: readonly (readonly Point[])[]
  readonly varied: readonly string[]
  readonly places: ReadonlyMap<string, Location>
}

export function readGiven(site: Site, written: WrittenSweep, givers: Givers): GivenValues {
  const set = new Map<string, ParamSetting>()
  const factors: (readonly Point[])[] = []
  const varied: string[] = []
  const places = new Map<string, Location>()

  /** The param of a key in a block; notes who gives it. */
  const paramAt = (name: string, block: string, path: DataPath): DeclaredParam | undefined => {
    const at = keyAt(site, path)
    const param = paramNamed(site, name, at)
    if (param) givers.add(name, block, at)
    return param
  }
  const vary = (param: DeclaredParam, value: ParamSetting, path: DataPath): boolean => {
    if (!varied.includes(param.name)) varied.push(param.name)
    const key = placeKey(param.name, value)
    if (!places.has(key)) places.set(key, valueAt(site, path))
    return checkValue(site, param, value, path)
  }
  const column = (block: 'grid' | 'zip', name: string, values: readonly ParamSetting[]) => {
    const param = paramAt(name, block, [block, name])
    if (!param) return undefined
    for (const [position, value] of values.entries()) vary(param, value, [block, name, position])
    if (block === 'grid') reportTwice(site, values, ['grid', name])
    return values
  }

  for (const [name, value] of Object.entries(written.set ?? {})) {
    const path = ['set', name]
    const param = paramAt(name, 'set', path)
    if (param && checkValue(site, param, value, path)) set.set(name, value)
    if (param && written.seeds && site.template.seedParams.includes(name)) {
      site.reporter.report('SAU8026', { gaps: { name }, labels: [labelled(keyAt(site, path))] })
    }
  }
  for (const [name, values] of Object.entries(written.grid ?? {})) {
    const own = values ?? ownValues(site, name)
    const known = own && column('grid', name, own)
    if (known) factors.push(known.map((value) => ({ [name]: value })))
  }
  if (written.zip) {
    const columns = Object.entries(written.zip)
    for (const [name, values] of columns) column('zip', name, values)
    const lengths = columns.map(([, values]) => values.length)
    if (new Set(lengths).size > 1) {
      const counted = columns.map(([name, values]) => `\`${name}\` has ${values.length}`)
      site.reporter.report('SAU8024', {
        gaps: { lengths: counted.join(', ') },
        labels: columns.map(([name, values]) => labelled(keyAt(site, ['zip', name]), `${values.length}`)),
      })
    }
    const rows = Array.from({ length: Math.min(...lengths) }, (_, row) =>
      Object.fromEntries(columns.flatMap(([name, values]) => pairAt(name, values[row]))),
    )
    reportTwice(site, rows.map(pointText), ['zip'])
    factors.push(rows)
  }
  if (written.list) {
    for (const [entry, point] of written.list.entries()) {
      for (const [name, value] of Object.entries(point)) {
        const path = ['list', entry, name]
        const param = paramAt(name, 'list', path)
        if (param) vary(param, value, path)
      }
    }
    reportTwice(site, written.list.map(pointText), ['list'])
    factors.push(written.list)
  }
  return { set, factors, varied, places }
}

function pairAt(name: string, value: ParamSetting | undefined): readonly (readonly [string, ParamSetting])[] {
  return value === undefined ? [] : [[name, value]]
}

/** The values of a grid's param that is written without any: those of its own domain or closed list. */
function ownValues(site: Site, name: string): readonly ParamSetting[] | undefined {
  const at = keyAt(site, ['grid', name])
  const param = paramNamed(site, name, at)
  if (!param) return undefined
  const { domain, members, type } = param
  if (domain?.kind === 'list') return domain.values
  if (domain === undefined && members) return members
  if (domain === undefined && type === 'bool') return [true, false]
  site.reporter.report('SAU8031', {
    gaps: { name },
    labels: [labelled(at), labelled(param.at, 'declared here')],
    help: `write its values: \`${name}: [...]\`; only a list as a domain could be taken instead`,
  })
  return undefined
}

/** A setting as one text, whatever the order of its params. */
function pointText(point: Point): string {
  return Object.entries(point)
    .map(([name, value]) => `${name}: ${shown(value)}`)
    .sort()
    .join(', ')
}

/** Reports the second of two equal entries of a list, or of two equal rows of `zip`. */
export function reportTwice(site: Site, values: readonly ParamSetting[], path: DataPath): void {
  const seen = new Map<ParamSetting, number>()
  for (const [position, value] of values.entries()) {
    const first = seen.get(value)
    if (first === undefined) {
      seen.set(value, position)
      continue
    }
    const isZip = path[0] === 'zip'
    site.reporter.report('SAU8023', {
      gaps: { where: placeInWords(path), value: isZip ? `the row ${value}` : `\`${value}\`` },
      labels: isZip
        ? [labelled(keyAt(site, path), `rows ${first + 1} and ${position + 1}`)]
        : [
            labelled(valueAt(site, [...path, position]), 'again'),
            labelled(valueAt(site, [...path, first]), 'the first'),
          ],
    })
  }
}
