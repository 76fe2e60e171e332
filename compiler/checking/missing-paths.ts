// Paths at which nothing is: all uses of one become one diagnostic, with what to write instead.
import { type Location, labelled } from '../diagnostics/reporter.js'
import type { PathNotThere } from '../functions/declaration.js'
import { missingPathHelp } from '../paths/missing-path.js'
import type { Compilation, MissingPath } from './compilation.js'

export function noteMissing(c: Compilation, path: PathNotThere, at: Location): void {
  if (c.reporter.inUntaken) return
  const { host } = c
  const folder = host.resolve(path.absolute, '..')
  const folderMissing =
    path.params.length > 0 && host.entries(folder) === undefined && path.text.includes('/') && !path.help
  const key = folderMissing ? folder : path.absolute
  const shown = folderMissing ? path.text.slice(0, path.text.lastIndexOf('/')) : path.text
  const known = c.missing.get(key)
  if (known) known.places.push(at)
  else c.missing.set(key, { ...path, shown, absolute: key, places: [at] })
}

export function reportMissingPaths(c: Compilation): void {
  for (const missing of c.missing.values()) {
    const { shown, params, places } = missing
    const inOrder = [...places].sort((a, b) => a.file.localeCompare(b.file) || a.span.start - b.span.start)
    const labels = inOrder.map((place) => labelled(place, 'read here'))
    for (const param of params) {
      const declared = c.program.names.get(param)
      const setting = c.settings.get(param)
      const text =
        setting === undefined ? `\`${param}\` is set here` : `\`--set ${param}=${setting}\` replaces this`
      if (declared) labels.push(labelled({ file: declared.file, span: declared.node.span }, text))
    }
    c.reporter.report('SAU4001', { gaps: { path: shown }, labels, help: helpFor(c, missing) })
  }
}

function helpFor(c: Compilation, missing: MissingPath): string {
  if (missing.help !== undefined) return missing.help
  const lookedFor = placeHelp(c, missing)
  if (missing.mayMean === false || c.effort.left <= 0) return lookedFor
  const near = nearHelp(c, missing, missing.mayMean)
  if (near === undefined) return lookedFor
  // What to write says it all, unless a param may be given another value instead.
  if (near.replacement !== undefined && missing.params.length === 0) return near.sentence
  return `${near.sentence}${near.sentence.endsWith('?') ? '' : ';'} ${lookedFor}`
}

function nearHelp(
  c: Compilation,
  { shown, absolute }: MissingPath,
  mayMean: Exclude<MissingPath['mayMean'], false>,
) {
  const { host } = c
  const files = c.program.files.map(({ path }) => path)
  const fromFile = files.find((path) => host.resolve(host.resolve(path, '..'), shown) === absolute)
  const from = fromFile === undefined ? c.workingFolder : host.resolve(fromFile, '..')
  const isSetOutside = host.resolve(c.workingFolder, shown) === absolute && from !== c.workingFolder
  return missingPathHelp(host, {
    text: shown,
    from: isSetOutside ? c.workingFolder : from,
    fromInWords:
      fromFile === undefined || isSetOutside
        ? 'the folder that the command is given in'
        : `the folder of \`${host.relative(c.workingFolder, fromFile)}\``,
    ...(fromFile !== undefined && !isSetOutside && { elsewhere: c.workingFolder }),
    mayMean,
    effort: c.effort,
  })
}

function placeHelp(c: Compilation, path: Pick<MissingPath, 'params' | 'absolute'>): string {
  const [param] = path.params
  const folder = param === undefined ? undefined : c.program.names.get(param)?.values.get('')
  const looked = folder?.kind === 'path' ? folder.absolute : path.absolute
  const here = c.host.relative(c.workingFolder, looked) || '.'
  return param === undefined
    ? `it is looked for at \`${here}\`: paths are relative to the file that names them`
    : `\`--set ${param}=DIR\` sets where data is looked for; now that is \`${here}\``
}
