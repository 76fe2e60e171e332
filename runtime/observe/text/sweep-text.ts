// A sweep before it runs, as text: a line for each instance, and the sums below, where they stay in sight.

import { printable } from '../../../grammar/printable.js'
import type { ListedInstance, SweepListing } from '../../apps/sweep/dry-run.js'
import { padRight } from '../../platform/cell-width.js'
import { formatBytes, formatCount, formatDuration, formatPlural } from '../../platform/quantities.js'
import type { Palette } from './palette.js'

export interface SweepTextOptions {
  readonly paint: Palette
  /** Only the sums. */
  readonly quiet: boolean
  readonly showPath: (path: string) => string
}

export function sweepText(listing: SweepListing, options: SweepTextOptions): string {
  const { paint, quiet, showPath } = options
  const title = `${paint.bold(printable(showPath(listing.sweep)))}   ${formatPlural(listing.instances.length, 'instance')} of ${printable(showPath(listing.experiment))}`
  const lines = quiet ? [title] : [title, '', ...table(listing, options)]
  return `${[...lines, '', ...sums(listing, paint)].join('\n')}\n`
}

function table(
  { varied, instances }: SweepListing,
  { paint, showPath }: SweepTextOptions,
): readonly string[] {
  const withSeeds = instances.some(({ seed }) => seed !== undefined)
  const head = ['', ...varied, ...(withSeeds ? ['seed'] : []), 'steps', 'time', 'memory', 'disk', 'plan', '']
  const rows = instances.map((instance) => [
    String(instance.number),
    ...varied.map((name) => printable(String(instance.params[name] ?? ''))),
    ...(withSeeds ? [String(instance.seed ?? '')] : []),
    formatCount(instance.steps),
    formatDuration(instance.seconds),
    formatBytes(instance.memoryBytes),
    formatBytes(instance.diskBytes),
    instance.planHash.slice(0, 8),
    stateText(instance, showPath),
  ])
  const widths = head.map((name, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), name.length),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padStart(widths[0] ?? 0) : padRight(cell, widths[column] ?? 0, '~'),
      )
      .join('  ')
      .trimEnd()
  return [
    paint.dim(line(head)),
    ...rows.map((row, position) =>
      instances[position]?.state === 'to run' ? line(row) : paint.dim(line(row)),
    ),
  ]
}

function stateText({ state, equalTo, run }: ListedInstance, showPath: (path: string) => string): string {
  switch (state) {
    case 'to run':
      return ''
    case 'done':
      return `done: ${run === undefined ? '' : showPath(run)}`
    case 'equal':
      return `equal to ${equalTo}`
  }
}

const sources = {
  timed: 'from a few steps of each size on this machine',
  'earlier runs': 'as fast as earlier runs',
  arithmetic: 'guessed from the arithmetic; --time measures',
} as const

function sums({ total, open, excluded }: SweepListing, paint: Palette): readonly string[] {
  const row = (name: string, text: string): string => `  ${name.padEnd(10)}${text}`
  const runs = [`${formatPlural(total.toRun, 'run')} to go`]
  if (open > 0) runs.push(`${formatPlural(open, 'more', 'more')} that the search will choose`)
  if (total.done > 0) runs.push(`${formatCount(total.done)} done already`)
  if (total.equal > 0) runs.push(`${formatCount(total.equal)} equal to others, which run once`)
  if (excluded > 0) runs.push(`${formatPlural(excluded, 'setting')} excluded`)
  const atATime = total.parallel === 1 ? 'one at a time' : `${total.parallel} at a time`
  return [
    paint.bold('in all'),
    row('runs', runs.join(', ')),
    row('time', `about ${formatDuration(total.wallSeconds)}, ${atATime} (${sources[total.from]})`),
    row(
      'memory',
      `about ${formatBytes(total.memoryBytes)}, ${formatBytes(total.runMemoryBytes)} the largest run, besides its process`,
    ),
    row('disk', `${formatBytes(total.diskBytes)} at most`),
  ]
}
