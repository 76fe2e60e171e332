// A profile as people read it: profile.txt, and the short table at the end of a run.

import { printable } from '../../../grammar/printable.js'
import { padLeft, padRight, truncate } from '../../platform/cell-width.js'
import { formatCount, formatPlural, formatShare } from '../../platform/quantities.js'
import type { LineTime, OperationTime, Profile } from './profile.js'

/** Rows of the longer tables. */
const shownRows = 25
/** Cells of a line of the source. */
const sourceWidth = 60

/** Lines without line ends or colours. */
export function profileText(profile: Profile): readonly string[] {
  const { step, steps } = profile
  const lines = profile.lines.map((time) => [
    placeOf(time),
    milliseconds(time.milliseconds),
    formatShare(time.share),
    milliseconds(time.forward),
    milliseconds(time.gradient),
    milliseconds(time.update),
    sourceOf(time),
  ])
  const unmapped = profile.unmapped.reduce((total, kernel) => total + kernel.milliseconds, 0)
  const between = step.milliseconds - step.kernels
  const rest = (name: string, time: number): readonly string[] => [
    name,
    milliseconds(time),
    formatShare(time / step.milliseconds),
  ]
  const kinds = operationKinds(profile.operations)
  return [
    ...profileHeading(profile),
    '',
    ...table(
      ['line', 'ms a step', 'share', 'forward', 'gradient', 'update', ''],
      [...lines, rest('no line', unmapped), rest('between kernels', between)],
    ),
    '',
    ...table(
      ['operation', 'part', 'ms a step', 'share', 'kernels a step'],
      kinds
        .slice(0, shownRows)
        .map((kind) => [
          kind.operation,
          kind.part,
          milliseconds(kind.milliseconds),
          formatShare(kind.share),
          formatCount(kind.calls / steps),
        ]),
      2,
    ),
    ...more(kinds.length, 'kinds of operations'),
    '',
    ...table(
      ['kernel', 'ms a step', 'share', 'runs a step'],
      profile.kernels
        .slice(0, shownRows)
        .map((kernel) => [
          printable(kernel.kernel),
          milliseconds(kernel.milliseconds),
          formatShare(kernel.share),
          formatCount(kernel.calls / steps),
        ]),
    ),
    ...more(profile.kernels.length, 'kernels'),
    '',
    ...table(
      ['slowest operations', 'part', 'kernel', 'node', 'ms a step', 'share'],
      profile.operations
        .slice(0, shownRows)
        .map((time) => [
          `${time.operation} ${placeOf(time)}`,
          time.part,
          printable(time.kernel),
          String(time.node),
          milliseconds(time.milliseconds),
          formatShare(time.share),
        ]),
      3,
    ),
    ...more(profile.operations.length, 'operations'),
  ]
}

/** Title, engine, and what the step took. */
export function profileHeading(profile: Profile): readonly string[] {
  const { title, engine, description, threads, step } = profile
  return [
    printable(title),
    `engine ${engine} (${printable(description)}), ${formatPlural(threads, 'thread')}`,
    stepSentence({ ...profile, ...step }),
  ]
}

export interface StepFacts {
  readonly steps: number
  /** Mean of a step. */
  readonly milliseconds: number
  readonly coverage: number
  readonly mapped: number
}

/** `20 steps, 47.2 ms each: 95.6 % of it in kernels, 99.8 % of these mapped to lines`. */
export function stepSentence({ steps, milliseconds: each, coverage, mapped }: StepFacts): string {
  return `${formatPlural(steps, 'step')}, ${milliseconds(each)} ms each: ${formatShare(coverage)} of it in kernels, ${formatShare(mapped)} of these mapped to lines`
}

export type ShownLine = Pick<LineTime, 'file' | 'line' | 'text' | 'milliseconds' | 'share'>

/** The lines that take the most: milliseconds a step, share of the step, and what stands there. */
export function lineTable(lines: readonly ShownLine[]): readonly string[] {
  return table(
    ['line', 'ms a step', 'share', ''],
    lines.map((time) => [
      placeOf(time),
      milliseconds(time.milliseconds),
      formatShare(time.share),
      sourceOf(time),
    ]),
  )
}

interface OperationKind {
  readonly operation: string
  readonly part: OperationTime['part']
  readonly calls: number
  readonly milliseconds: number
  readonly share: number
}

/** Operations of one name and part together, those of most time first. */
function operationKinds(operations: readonly OperationTime[]): readonly OperationKind[] {
  const kinds = new Map<string, OperationKind>()
  for (const { operation, part, calls, milliseconds: time, share } of operations) {
    const key = `${operation} ${part}`
    const before = kinds.get(key)
    kinds.set(key, {
      operation,
      part,
      calls: calls + (before?.calls ?? 0),
      milliseconds: time + (before?.milliseconds ?? 0),
      share: share + (before?.share ?? 0),
    })
  }
  return [...kinds.values()].sort((a, b) => b.milliseconds - a.milliseconds)
}

function placeOf({
  file,
  line,
}: {
  readonly file: string | undefined
  readonly line: number | undefined
}): string {
  return file === undefined ? 'no line' : `${printable(file)}:${line}`
}

const sourceOf = ({ text }: { readonly text: string }): string => truncate(printable(text), sourceWidth, '~')

function milliseconds(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

function more(count: number, what: string): readonly string[] {
  return count > shownRows ? [`(${formatCount(count - shownRows)} more ${what} in profile.json)`] : []
}

/**
 * Columns as wide as their widest cell: the first `textColumns` on the left, numbers on the right, an
 * untitled one as it is.
 */
function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  textColumns = 1,
): readonly string[] {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  return [head, ...rows].map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0
        if (column < textColumns) return padRight(cell, width)
        return head[column] === '' ? cell : padLeft(cell, width)
      })
      .join('  ')
      .trimEnd(),
  )
}
