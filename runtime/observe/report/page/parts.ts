// What all charts share: how numbers are written, axes, tooltips and the strip to zoom with.
import type { Unit } from '../page-data.js'
import type { Colours } from './theme.js'

export function written(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–'
  switch (unit) {
    case 'share':
      return `${(100 * value).toFixed(1)} %`
    case 'seconds':
      return `${Number(value.toPrecision(3))} s`
    case 'number':
      return String(Number(value.toPrecision(4)))
  }
}

/** Text for a tooltip, which the library takes as HTML. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** At most `length` characters of a name. */
export function cut(name: string, length: number): string {
  return name.length <= length ? name : `${name.slice(0, length - 1)}…`
}

export function tooltip(colours: Colours) {
  return {
    confine: true,
    backgroundColor: colours.card,
    borderColor: colours.rule,
    textStyle: { color: colours.ink, fontSize: 12 },
  }
}

export function axisStyle(colours: Colours) {
  return {
    axisLine: { show: true, lineStyle: { color: colours.faint } },
    axisTick: { show: false },
    axisLabel: { color: colours.ink, fontSize: 11, hideOverlap: true },
    nameTextStyle: { color: colours.faint, fontSize: 11 },
    splitLine: { lineStyle: { color: colours.rule } },
  }
}

export function legend(colours: Colours, names: readonly string[]) {
  return {
    type: 'scroll' as const,
    data: [...names],
    top: 0,
    left: 0,
    right: 0,
    itemWidth: 18,
    itemHeight: 8,
    textStyle: { color: colours.ink, fontSize: 12 },
    pageTextStyle: { color: colours.ink },
    pageIconColor: colours.ink,
    pageIconInactiveColor: colours.rule,
    formatter: (name: string) => cut(name, 40),
  }
}

/**
 * A strip to zoom with, and zooming in the chart itself: drag moves, the wheel with Ctrl and two fingers
 * zoom.
 */
export function zoom(colours: Colours, axis: 'x' | 'y', axes: readonly number[], place: object) {
  const target = axis === 'x' ? { xAxisIndex: [...axes] } : { yAxisIndex: [...axes] }
  return [
    { type: 'inside' as const, ...target, zoomOnMouseWheel: 'ctrl' as const, filterMode: 'none' as const },
    {
      type: 'slider' as const,
      ...target,
      filterMode: 'none' as const,
      showDetail: false,
      brushSelect: true,
      borderColor: colours.rule,
      fillerColor: `${colours.series[0] ?? '#888888'}33`,
      handleStyle: { color: colours.card, borderColor: colours.faint },
      moveHandleSize: 0,
      dataBackground: {
        lineStyle: { color: colours.faint, opacity: 0.4 },
        areaStyle: { color: colours.faint, opacity: 0.1 },
      },
      selectedDataBackground: {
        lineStyle: { color: colours.faint, opacity: 0.6 },
        areaStyle: { color: colours.faint, opacity: 0.2 },
      },
      ...place,
    },
  ]
}

export function colourAt(colours: Colours, position: number): string {
  return colours.series[position % colours.series.length] ?? colours.ink
}
