// What `saurun data check` prints: what is broken first to see, then the sources, then images that stand
// twice.

import { printable } from '../../../grammar/printable.js'
import type { DataFindings, ImagePlace, SourceFindings } from '../../apps/data-check/findings.js'
import { cellWidth } from '../../platform/cell-width.js'
import { formatCount, formatDuration, formatPlural } from '../../platform/quantities.js'
import type { Palette } from './palette.js'

export interface DataCheckTextOptions {
  readonly paint: Palette
  readonly columns: number
  /** Every class, every file, every group. */
  readonly verbose: boolean
}

/** Entries of a list that are shown without `-v`. */
const shown = 5

export function dataCheckText(findings: DataFindings, options: DataCheckTextOptions): string {
  const { paint } = options
  const { sources, duplicates, undecodable } = findings
  const lines = [
    ...wrapped(
      `${formatPlural(findings.images, 'image')} of ${formatPlural(sources.length, 'source')}, read in ${formatDuration(findings.seconds)}`,
      options,
      '',
    ),
    undecodable > 0
      ? paint.red(paint.bold(`${formatPlural(undecodable, 'image')} cannot be read`))
      : paint.green('every image can be read'),
  ]
  for (const source of sources) lines.push('', ...sourceLines(source, options))
  lines.push('', ...originLines(findings, options), '', ...duplicateLines(findings, options))
  if (!options.verbose && duplicates.groups.length > shown) lines.push(paint.dim('  -v lists all of them'))
  return `${lines.join('\n')}\n`
}

/** `name        text`, the text in as many lines as it needs. */
function row(name: string, text: string, options: DataCheckTextOptions): readonly string[] {
  return wrapped(text, options, `  ${name.padEnd(12)}`)
}

/** Words in lines of the terminal's width; lines after the first are indented like the text of the first. */
function wrapped(text: string, { columns }: DataCheckTextOptions, head: string): readonly string[] {
  const width = Math.max(24, columns - 1)
  const indent = ' '.repeat(Math.min(head.length, Math.floor(width / 2)))
  const lines: string[] = []
  let line = head
  let isEmpty = true
  for (const word of text.split(' ')) {
    const longer = isEmpty ? `${line}${word}` : `${line} ${word}`
    if (!isEmpty && cellWidth(longer) > width) {
      lines.push(line)
      line = `${indent}${word}`
    } else line = longer
    isEmpty = false
  }
  return [...lines, line]
}

function sourceLines(source: SourceFindings, options: DataCheckTextOptions): readonly string[] {
  const { paint } = options
  const { datasets, format, path, split, origin, images, used, nearConstant, undecodable, passedOver } =
    source
  const what = [format, split, origin].filter((part) => part !== undefined).join(', ')
  const lines = [
    paint.bold(printable(datasets.join(', '))),
    ...row('source', path === undefined ? what : `${what}: ${printable(path)}`, options),
    ...row('images', `${formatCount(images)}, ${classText(source, options.verbose)}`, options),
  ]
  if (used !== undefined) {
    const uses = [
      `${formatCount(used.training)} trained on`,
      `${formatCount(used.evaluation)} evaluated on`,
      `${formatCount(used.nothing)} not used`,
    ]
    lines.push(...row('used', uses.join(', '), options))
  }
  lines.push(...row('size', sizeText(source), options))
  lines.push(...statisticsRows(source, options))
  if (passedOver.length > 0) {
    const parts = passedOver.map(
      (of) => `${formatPlural(of.files, 'file')} of ${printable(of.class)} (${of.endings.join(', ')})`,
    )
    lines.push(...row('not read', parts.join(', '), options))
  }
  const marks = (list: readonly ImagePlace[]) =>
    `${formatCount(list.length)}: ${listed(list, options.verbose, (place) => placeText(place))}`
  if (nearConstant.length > 0) lines.push(...row('one colour', marks(nearConstant), options))
  if (undecodable.length > 0) {
    lines.push(paint.red(`  ${formatPlural(undecodable.length, 'image')} cannot be read`))
    const many = options.verbose ? undecodable : undecodable.slice(0, 2 * shown)
    for (const { reason, ...place } of many)
      lines.push(...wrapped(`${placeText(place)} ${printable(reason)}`, options, '    '))
    if (many.length < undecodable.length)
      lines.push(`    and ${undecodable.length - many.length} more (all with -v)`)
  }
  return lines
}

function statisticsRows(
  {
    mean,
    deviation,
  }: { readonly mean?: readonly number[] | undefined; readonly deviation?: readonly number[] | undefined },
  options: DataCheckTextOptions,
): readonly string[] {
  const numbers = (values: readonly number[]) => values.map((value) => value.toFixed(1)).join(' ')
  return [
    ...(mean === undefined ? [] : row('mean', `${numbers(mean)} of 255`, options)),
    ...(deviation === undefined ? [] : row('deviation', numbers(deviation), options)),
  ]
}

/** `10 classes of 500`, or the classes with their images where they are few or asked for. */
function classText({ classes }: SourceFindings, verbose: boolean): string {
  const counts = classes.map(({ images }) => images)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  const all = formatPlural(classes.length, 'class', 'classes')
  if (least === most) return `${all} of ${formatCount(most)}`
  if (!verbose && classes.length > 12) return `${all} of ${formatCount(least)} to ${formatCount(most)}`
  const each = classes.map(({ name, images }) => `${printable(name)} ${formatCount(images)}`)
  return `${all}: ${each.join(', ')}`
}

function sizeText({ sizes, differentSizes, smallest, largest }: SourceFindings): string {
  const [first] = sizes
  if (first === undefined || smallest === undefined || largest === undefined) return 'none can be read'
  const size = (height: number, width: number) => `${height} x ${width}`
  if (differentSizes === 1) return `${size(first.height, first.width)}`
  return `${formatCount(differentSizes)} sizes (height x width) from ${size(...smallest)} to ${size(...largest)}, most often ${size(first.height, first.width)} (${formatPlural(first.images, 'image')})`
}

function originLines({ origins }: DataFindings, options: DataCheckTextOptions): readonly string[] {
  return origins.flatMap(({ origin, images, mean, deviation }) => [
    `${options.paint.bold(`all ${origin} images`)}  ${formatCount(images)}`,
    ...statisticsRows({ mean, deviation }, options),
  ])
}

function duplicateLines(
  { duplicates, sources }: DataFindings,
  options: DataCheckTextOptions,
): readonly string[] {
  const { paint, verbose } = options
  const { groups, within, between, labelsDiffer, evaluatedAndTrained } = duplicates
  if (groups.length === 0) return [`${paint.bold('duplicates')}  no image stands twice`]
  const nameOf = (source: number) => printable(sources[source]?.datasets.join(', ') ?? '')
  const lines = [
    `${paint.bold('duplicates')}  ${formatPlural(groups.length, 'picture')} in more than one image`,
  ]
  for (const { source, groups: count, repeats } of within) {
    const classes = repeatsByClass(groups, source)
    const text = `in ${nameOf(source)} ${formatPlural(repeats, 'image repeats', 'images repeat')} an earlier one (${formatPlural(count, 'picture')}): ${listed(classes, verbose, ([name, repeated]) => `${printable(name)} ${repeated}`)}`
    lines.push(...wrapped(text, options, '  '))
  }
  for (const {
    sources: [a, b],
    images,
    kind,
  } of between) {
    const across = kind === 'sources' ? '' : ` (across ${kind})`
    const text = `${formatPlural(images[1], 'image')} of ${nameOf(b)} ${images[1] === 1 ? 'stands' : 'stand'} in ${nameOf(a)} too, as ${formatPlural(images[0], 'image')} of it${across}`
    lines.push(...wrapped(text, options, '  '))
  }
  if (labelsDiffer > 0)
    lines.push(...wrapped(`${formatPlural(labelsDiffer, 'picture')} with different labels`, options, '  '))
  if (evaluatedAndTrained > 0)
    lines.push(
      ...wrapped(
        `${formatPlural(evaluatedAndTrained, 'image')} that ${evaluatedAndTrained === 1 ? 'is' : 'are'} evaluated on and also trained on`,
        options,
        '  ',
      ).map((line) => paint.yellow(line)),
    )
  // What matters most first: across splits and with other labels.
  const order = groups.toSorted((a, b) => weight(b, sources) - weight(a, sources))
  for (const group of verbose ? order : order.slice(0, shown)) {
    const images = (verbose ? group : group.slice(0, shown)).map(
      (place) => `${nameOf(place.source)} ${placeText(place)}`,
    )
    const rest = group.length - images.length
    const more = rest > 0 ? ` and ${formatCount(rest)} more` : ''
    lines.push(...wrapped(`${images.join(' = ')}${more}`, options, '    '))
  }
  return lines
}

/** How many images of each class of a source repeat an earlier one. */
function repeatsByClass(
  groups: readonly (readonly ImagePlace[])[],
  source: number,
): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>()
  for (const group of groups)
    for (const place of group.filter((other) => other.source === source).slice(1))
      counts.set(place.class, (counts.get(place.class) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)
}

function weight(group: readonly ImagePlace[], sources: readonly SourceFindings[]): number {
  const splits = new Set(group.map(({ source }) => sources[source]?.split))
  const classes = new Set(group.map((place) => place.class))
  return (splits.size > 1 ? 2 : 0) + (classes.size > 1 ? 1 : 0)
}

/** `bird/6.jpg`, or `record 17 (bird)`. */
function placeText(place: ImagePlace): string {
  return printable(place.file ?? `record ${formatCount(place.record)} (${place.class})`)
}

function listed<T>(items: readonly T[], verbose: boolean, text: (item: T) => string): string {
  const some = verbose ? items : items.slice(0, shown)
  const rest = items.length - some.length
  return `${some.map(text).join(', ')}${rest > 0 ? ` and ${formatCount(rest)} more` : ''}`
}
