// A figure by itself, as a file for a paper: without the strips to zoom with, all of its legend in sight, on
// white.
import { type ChartOption, init } from './library.js'
import type { Colours } from './theme.js'

export interface StillSize {
  /** Pixels, which are points on paper. */
  readonly width: number
  readonly height: number
}

/** From where to where an axis is shown, in percent, as the library has it. */
export interface Shown {
  readonly start?: number
  readonly end?: number
}

/** What a still picture of a chart draws; `shown` are its zooms in their order. */
export function stillOption(
  option: ChartOption,
  colours: Colours,
  { width }: StillSize,
  shown: readonly Shown[] = [],
): ChartOption {
  const { dataZoom, legend, grid } = option
  const zooms = listed(dataZoom).flatMap((zoom, i) =>
    zoom.type === 'inside' ? [{ ...zoom, start: shown[i]?.start ?? 0, end: shown[i]?.end ?? 100 }] : [],
  )
  const names = listed(legend).flatMap(({ data }) => (Array.isArray(data) ? data.map(String) : []))
  const rows = legendRows(names, width)
  return {
    ...option,
    animation: false,
    backgroundColor: colours.card,
    tooltip: { show: false },
    dataZoom: zooms,
    ...(legend === undefined
      ? {}
      : { legend: listed(legend).map((one) => ({ ...one, type: 'plain' as const, itemGap: 22 })) }),
    ...(grid === undefined ? {} : { grid: listed(grid).map((one) => lowered(one, 18 * (rows - 1))) }),
  }
}

/** The option as SVG. */
export function stillSvg(option: ChartOption, { width, height }: StillSize): string {
  const drawn = init(null, null, { renderer: 'svg', ssr: true, width, height })
  drawn.setOption(option)
  const text = drawn.renderToSVGString()
  drawn.dispose()
  return text
}

type Component = Readonly<Record<string, unknown>>

/** The library takes one component of a kind, or a list of them. */
function listed(components: unknown): readonly Component[] {
  const list: readonly unknown[] = Array.isArray(components) ? components : [components]
  return list.filter((one): one is Component => typeof one === 'object' && one !== null)
}

/** Lines that a legend takes, whose letters are about 7 pixels wide. */
function legendRows(names: readonly string[], width: number): number {
  let rows = 1
  let used = 0
  for (const name of names) {
    const size = 7 * Math.min(name.length, 40) + 46
    if (used > 0 && used + size > width) {
      rows++
      used = 0
    }
    used += size
  }
  return rows
}

function lowered(grid: Component, by: number): Component {
  return typeof grid.top === 'number' ? { ...grid, top: grid.top + by } : grid
}
