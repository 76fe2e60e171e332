// From the text of a sweep file to a checked sweep: form, params, values, domains, metrics, conditions.
// Everything that is wrong with the file is found at once; whether the instances compile is
// `compile-instances.ts`.
import type { ParamSetting } from '../checking/template.js'
import { compileTemplate, type TemplateResult } from '../compile.js'
import { isOfForm, isOfNames } from '../diagnostics/catalog.js'
import type { Diagnostic } from '../diagnostics/diagnostic.js'
import { createReporter, labelled, type Reporter } from '../diagnostics/reporter.js'
import type { Host } from '../host.js'
import { reportUnread } from '../modules/load.js'
import { fileHelp } from '../paths/file-help.js'
import { missingPathHelp } from '../paths/missing-path.js'
import { readYaml, type YamlDocument } from './document.js'
import { readDraw } from './drawn.js'
import { readExclude } from './excluded.js'
import { countInstances, type Expansion, expandSweep } from './expand.js'
import { checkForm, type Form } from './form.js'
import { Givers, readGiven, reportTwice } from './given.js'
import { readCompare, readLimits, readPrune } from './rest.js'
import type { WrittenSweep } from './schema.js'
import { settingText, typedSetting } from './setting-text.js'
import { type Site, valueAt } from './site.js'
import { mostInstances, type Sweep } from './sweep.js'

export interface SweepOptions {
  /** The sweep file, absolute. */
  readonly file: string
  /** Where relative paths of `--set` values start, absolute. */
  readonly cwd: string
  /** Values of params from the command line, as they are typed; they replace those of `set`. */
  readonly set?: Readonly<Record<string, string>>
}

export interface SweepResult {
  /** Of the sweep file first; where it is wrong, those of the experiment that do not hang on values too. */
  readonly diagnostics: readonly Diagnostic[]
  /** Texts of the sweep file and of the experiment's files, by absolute path. */
  readonly sources: ReadonlyMap<string, string>
  /** There only where the sweep file has no error. */
  readonly sweep?: Sweep
  readonly expansion?: Expansion
}

/** Reads and checks a sweep file. Warnings alone do not keep the sweep back. */
export function readSweep(host: Host, options: SweepOptions): SweepResult {
  const { file, cwd } = options
  const reporter = createReporter()
  const text = host.readText(file)
  if (text === undefined) {
    reporter.report('SAU8010', {
      gaps: { file: host.relative(cwd, file) },
      labels: [],
      help: fileHelp(host, options, '.yaml', '.yml'),
    })
    return { diagnostics: reporter.finish(new Map()), sources: new Map() }
  }
  if (typeof text !== 'string') {
    reportUnread(reporter, host.relative(cwd, file), text, [])
    return { diagnostics: reporter.finish(new Map()), sources: new Map() }
  }
  const sources = new Map([[file, text]])
  const yaml = readYaml(text)
  for (const { fault, span } of yaml.problems) {
    reporter.report('SAU8011', { gaps: { fault }, labels: [labelled({ file, span })] })
  }
  const form = yaml.problems.length === 0 ? checkForm(yaml, file, reporter) : undefined
  const written = form?.written
  const template = written && readTemplate(host, options, written, yaml, reporter)
  for (const [path, source] of template?.sources ?? []) sources.set(path, source)
  const order = new Map([...sources.keys()].map((path, position) => [path, position]))
  const checked = form && template?.template && check(host, options, form, yaml, template, reporter)
  const own = reporter.finish(order)
  const isRight = own.every(({ severity }) => severity === 'warning')
  if (isRight && checked && template && !hasFormErrors(template))
    return { diagnostics: own, sources, ...checked }
  return { diagnostics: [...own, ...(template?.diagnostics.filter(holdsForAll) ?? [])], sources }
}

/** What the experiment offers. Params that lack a value get it later, from the sweep. */
function readTemplate(
  host: Host,
  { file, cwd, set = {} }: SweepOptions,
  { experiment }: WrittenSweep,
  yaml: YamlDocument,
  reporter: Reporter,
): TemplateResult | undefined {
  const path = host.resolve(host.resolve(file, '..'), experiment)
  const result = compileTemplate(host, { file: path, cwd, set })
  if (!result.notFound) return result
  if (result.unread) {
    reportUnread(reporter, experiment, result.unread, [{ file, span: yaml.valueSpan(['experiment']) }])
    return undefined
  }
  const at = { file, span: yaml.valueSpan(['experiment']) }
  const help = missingPathHelp(host, {
    text: experiment,
    from: host.resolve(file, '..'),
    fromInWords: 'the folder of the sweep file',
    elsewhere: cwd,
    mayMean: (name) => name.endsWith('.sau'),
  })
  const replacement = help?.replacement
  reporter.report('SAU8016', {
    gaps: { file: experiment },
    labels: [labelled(at)],
    help: help?.sentence,
    fix: replacement ? { title: `write ${replacement}`, ...at, replacement } : undefined,
  })
  return undefined
}

function hasFormErrors({ diagnostics }: TemplateResult): boolean {
  return diagnostics.some(({ code }) => isOfForm(code))
}

/** Errors of the experiment that are there whatever values its params have. */
function holdsForAll({ severity, code }: Diagnostic): boolean {
  return severity === 'error' && (isOfForm(code) || isOfNames(code))
}

function check(
  host: Host,
  { file, cwd, set: outside = {} }: SweepOptions,
  { written, isWhole }: Form,
  yaml: YamlDocument,
  { template, files }: TemplateResult,
  reporter: Reporter,
): { readonly sweep: Sweep; readonly expansion: Expansion } | undefined {
  if (template === undefined) return undefined
  const params = new Map(template.params.map((param) => [param.name, param]))
  const site: Site = { file, yaml, reporter, template, params }
  const givers = new Givers(site, new Set(Object.keys(outside)))
  const { seeds = [] } = written
  reportTwice(site, seeds, ['seeds'])
  const given = readGiven(site, written, givers)
  const draw = readDraw(site, written, givers)
  const varied = [...given.varied, ...(draw?.space.map(({ name }) => name) ?? [])]
  if (isWhole && !triesSomething(written)) {
    reporter.report('SAU8017', { gaps: {}, labels: [labelled(valueAt(site, ['experiment']))] })
  }
  const folder = host.resolve(file, '..')
  const fixed = new Map<string, ParamSetting>()
  const set: Record<string, string> = {}
  for (const param of template.params) {
    const fromOutside = outside[param.name]
    const fromFile = given.set.get(param.name)
    if (fromFile !== undefined) set[param.name] = settingText(host, param, fromFile, { folder, cwd })
    const value = fromOutside === undefined ? (fromFile ?? param.default) : typedSetting(param, fromOutside)
    if (value !== undefined) fixed.set(param.name, value)
  }
  const sweep: Sweep = {
    file,
    experiment: files[0]?.path ?? '',
    params,
    measured: template.measured,
    set: { ...set, ...outside },
    fixed,
    seeds,
    factors: given.factors,
    draw,
    varied: [...new Set(varied)],
    places: given.places,
    exclude: readExclude(site, written),
    prune: readPrune(site, written, draw),
    limits: readLimits(site, written),
    compare: readCompare(
      site,
      written,
      varied,
      (name, value) => !isWhole || isTried(given.factors, draw, name, value),
    ),
  }
  if (reporter.finish(new Map()).some(({ severity }) => severity === 'error')) return undefined
  return expanded(site, sweep)
}

function triesSomething({ seeds, grid, zip, list, random, sobol, search }: WrittenSweep): boolean {
  return [seeds, grid, zip, list, random, sobol, search].some((block) => block !== undefined)
}

/** Whether a value of a varied param is one that the sweep tries; of what is drawn, any may be. */
function isTried(factors: Sweep['factors'], draw: Sweep['draw'], name: string, value: ParamSetting): boolean {
  if (draw?.space.some((dimension) => dimension.name === name)) return true
  return factors.some((factor) => factor.some((point) => point[name] === value))
}

function expanded(
  site: Site,
  sweep: Sweep,
): { readonly sweep: Sweep; readonly expansion: Expansion } | undefined {
  const { reporter } = site
  const count = countInstances(sweep)
  if (count > mostInstances) {
    reporter.report('SAU8035', {
      gaps: { count: count.toLocaleString('en'), most: mostInstances.toLocaleString('en') },
      labels: [labelled(valueAt(site, ['experiment']))],
    })
    return undefined
  }
  const expansion = expandSweep(sweep)
  for (const { at } of expansion.open > 0 ? [] : expansion.idle) {
    reporter.report('SAU8042', { gaps: {}, labels: [labelled(at)] })
  }
  if (expansion.settings.length === 0) {
    reporter.report('SAU8043', { gaps: {}, labels: sweep.exclude.map(({ at }) => labelled(at)) })
    return undefined
  }
  return { sweep, expansion }
}
