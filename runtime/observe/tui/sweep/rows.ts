// The runs of a sweep as rows of a table: in which order they stand, and what each cell says.
import { printable } from '../../../../grammar/printable.js'
import { byGoodness, latestValue } from '../../../apps/sweep/results.js'
import type { InstanceState, InstanceView, SweepGoal, SweepView } from '../../../apps/sweep/state.js'
import { padLeft, padRight } from '../../../platform/cell-width.js'
import { metricText, metricTitle } from '../../text/metric-text.js'
import { remember } from '../remember.js'
import type { Line } from '../spans.js'
import { okabeIto, type Theme } from '../theme.js'
import { sparkline } from './sparkline.js'

/** Runs without a value, in this order after those with one. */
const order: readonly InstanceState[] = [
  'running',
  'failed',
  'died',
  'stopped',
  'done',
  'pruned',
  'waiting',
  'equal',
]

/**
 * The runs by what they have come to, the best first; instances that another one runs for are not among them.
 */
export const sortedRuns = remember(({ instances }: SweepView, goal: SweepGoal): readonly InstanceView[] => {
  const own = instances.filter(({ state }) => state !== 'equal')
  const valued = own.map((view) => ({ view, value: latestValue(view, goal) }))
  return valued
    .sort(
      (a, b) =>
        Number(a.value === undefined) - Number(b.value === undefined) ||
        byGoodness(a.value, b.value, goal) ||
        (a.value === undefined ? order.indexOf(a.view.state) - order.indexOf(b.view.state) : 0) ||
        a.view.instance.number - b.view.instance.number,
    )
    .map(({ view }) => view)
})

export function stateColour(state: InstanceState): string | undefined {
  switch (state) {
    case 'running':
      return okabeIto.skyBlue
    case 'done':
      return okabeIto.green
    case 'failed':
      return okabeIto.vermilion
    case 'died':
    case 'stopped':
      return okabeIto.orange
    case 'pruned':
      return okabeIto.purple
    case 'waiting':
    case 'equal':
      return undefined
  }
}

export interface TableRequest {
  readonly rows: readonly InstanceView[]
  /** Instance number of the row that keys act on. */
  readonly selected: number | undefined
  readonly goal: SweepGoal
  /** Values of a run after each epoch. */
  readonly curveOf: (view: InstanceView) => readonly number[]
  readonly width: number
  readonly theme: Theme
}

interface TableColumn {
  readonly title: string
  readonly isNumber: boolean
  /** Where it needs more than there is, these are left out, the greatest first; 0 stays. */
  readonly spare: number
  readonly cell: (view: InstanceView) => string
  readonly colour?: (view: InstanceView) => string | undefined
}

const narrowestName = 8
const curveWidth = 12

/** A head and a line for each row, each of at most `width` cells. */
export function tableLines(request: TableRequest): readonly Line[] {
  const { rows, selected, width, theme } = request
  const columns = fittingColumns(request)
  const head: Line = [
    { text: `  ${columns.map((column) => aligned(column, column.title, theme)).join('  ')}`, dim: true },
  ]
  const lines = rows.map((view): Line => {
    const isSelected = view.instance.number === selected
    const mark = isSelected ? (theme.unicode ? '▸ ' : '> ') : '  '
    const isFaint = view.state === 'waiting' || view.state === 'pruned'
    return [
      { text: mark, colour: okabeIto.yellow, bold: true },
      ...columns.flatMap((column, i) => [
        { text: i === 0 ? '' : '  ' },
        {
          text: aligned(column, column.cell(view), theme),
          colour: column.colour?.(view),
          bold: isSelected,
          dim: isFaint && !isSelected && column.colour?.(view) === undefined,
        },
      ]),
    ]
  })
  return [head, ...lines]
    .map((line) => line.filter(({ text }) => text !== ''))
    .map((line) => cut(line, width))
}

/** Columns are as wide as they were measured; nothing is left to cut but on the narrowest screens. */
function cut(line: Line, width: number): Line {
  let left = width
  return line.flatMap((span) => {
    if (left <= 0) return []
    const text = padRight(span.text, Math.min(left, [...span.text].length), '')
    left -= [...span.text].length
    return [{ ...span, text }]
  })
}

type SizedColumn = TableColumn & { readonly width: number }

function aligned({ isNumber, width }: SizedColumn, text: string, theme: Theme): string {
  return isNumber ? padLeft(text, width, theme.cut) : padRight(text, width, theme.cut)
}

/**
 * Params have a column each; where those do not fit, one for all of them; where even that does not, less is
 * shown.
 */
function fittingColumns(request: TableRequest): readonly SizedColumn[] {
  const room = request.width - 2
  const names = [...new Set(request.rows.flatMap(({ instance }) => Object.keys(instance.params)))]
  const apart = sized(columnsOf(request, paramColumns(request, names)), request.rows)
  if (total(apart) <= room) return apart
  const together: TableColumn = {
    title: 'params',
    isNumber: false,
    spare: 0,
    cell: ({ instance }) => printable(shortName(instance)),
  }
  let columns = sized(columnsOf(request, [together]), request.rows)
  const least = (some: readonly SizedColumn[]): number =>
    total(
      some.map((one) =>
        one.title === 'params' ? { ...one, width: Math.min(one.width, narrowestName) } : one,
      ),
    )
  while (least(columns) > room) {
    const spare = Math.max(...columns.map((column) => column.spare))
    if (spare === 0) break
    columns = columns.filter((column) => column.spare !== spare)
  }
  const others = total(columns.filter(({ title }) => title !== 'params')) + 2
  return columns.map((column) =>
    column.title === 'params'
      ? { ...column, width: Math.max(1, Math.min(column.width, room - others)) }
      : column,
  )
}

/** Values alone: `drop 10 0.02`. */
function shortName({ params, seed }: InstanceView['instance']): string {
  const values = Object.values(params).map(String)
  return [...values, ...(seed === undefined ? [] : [`seed ${seed}`])].join(' ')
}

function paramColumns({ rows }: TableRequest, names: readonly string[]): readonly TableColumn[] {
  const columns = names.map(
    (name): TableColumn => ({
      title: printable(name),
      isNumber: rows.every(({ instance }) => typeof instance.params[name] === 'number'),
      spare: 0,
      cell: ({ instance }) => printable(String(instance.params[name] ?? '')),
    }),
  )
  if (rows.every(({ instance }) => instance.seed === undefined)) return columns
  return [
    ...columns,
    { title: 'seed', isNumber: true, spare: 0, cell: ({ instance }) => String(instance.seed ?? '') },
  ]
}

function columnsOf(
  { rows, goal, curveOf, theme }: TableRequest,
  params: readonly TableColumn[],
): readonly TableColumn[] {
  const curves = new Map(rows.map((view) => [view.instance.number, curveOf(view)]))
  const finite = [...curves.values()].flat().filter(Number.isFinite)
  const range = { low: Math.min(...finite), high: Math.max(...finite) }
  return [
    { title: '#', isNumber: true, spare: 3, cell: ({ instance }) => String(instance.number + 1) },
    {
      title: 'state',
      isNumber: false,
      spare: 2,
      cell: ({ state }) => state,
      colour: ({ state }) => stateColour(state),
    },
    ...params,
    {
      title: 'epoch',
      isNumber: true,
      spare: 4,
      cell: ({ status, instance }) =>
        status === undefined ? '' : `${status.view.epochsDone}/${instance.epochs}`,
    },
    {
      title: metricTitle(goal.metric),
      isNumber: true,
      spare: 0,
      cell: (view) => {
        const value = latestValue(view, goal)
        return value === undefined ? '' : metricText(goal.metric, value)
      },
    },
    {
      title: 'curve',
      isNumber: false,
      spare: 5,
      cell: ({ instance }) =>
        sparkline(curves.get(instance.number) ?? [], curveWidth, range, theme).padEnd(curveWidth),
      colour: ({ state }) => stateColour(state) ?? okabeIto.skyBlue,
    },
  ]
}

function sized(columns: readonly TableColumn[], rows: readonly InstanceView[]): readonly SizedColumn[] {
  return columns.map((column) => ({
    ...column,
    width: rows.reduce((most, view) => Math.max(most, [...column.cell(view)].length), column.title.length),
  }))
}

function total(columns: readonly SizedColumn[]): number {
  return columns.reduce((sum, { width }) => sum + width, 0) + 2 * Math.max(0, columns.length - 1)
}
