// Bars: progress, horizontal bars with parts of a cell, stacked counts, and columns for many classes.
import type { Line, Span } from './spans.js'
import type { Theme } from './theme.js'

/** A share in 0..1 of `width` cells, the rest shown as empty. */
export function progressBar(share: number, width: number, colour: string, theme: Theme): Line {
  if (width <= 0) return []
  const filled = filledCells(share, width, theme)
  return [
    { text: filled, colour },
    { text: theme.empty.repeat(Math.max(0, width - filled.length)), dim: true },
  ]
}

/** A share in 0..1 of `width` cells, the rest blank. */
export function horizontalBar(share: number, width: number, colour: string, theme: Theme): Line {
  if (width <= 0) return []
  const filled = filledCells(share, width, theme)
  return [{ text: filled, colour }, { text: ' '.repeat(Math.max(0, width - filled.length)) }]
}

function filledCells(share: number, width: number, theme: Theme): string {
  const bounded = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0))
  const parts = theme.fromLeft.length
  const eighths = Math.round(bounded * width * parts)
  const whole = Math.floor(eighths / parts)
  const rest = eighths - whole * parts
  const last = rest === 0 ? '' : (theme.fromLeft[rest - 1] ?? '')
  // Something is never shown as nothing.
  if (whole === 0 && last === '' && bounded > 0) return theme.fromLeft[0] ?? ''
  return theme.full.repeat(whole) + last
}

export interface StackedPart {
  readonly value: number
  readonly character: string
  readonly colour: string
}

/**
 * Parts after one another on a scale where `scale` fills `width` cells; a part that is there takes a cell at
 * least.
 */
export function stackedBar(parts: readonly StackedPart[], scale: number, width: number): Line {
  const spans: Span[] = []
  let used = 0
  let total = 0
  for (const part of parts) {
    total += part.value
    const end = Math.min(width, Math.round((scale <= 0 ? 0 : total / scale) * width))
    const cells = part.value > 0 ? Math.min(width - used, Math.max(1, end - used)) : 0
    if (cells > 0) spans.push({ text: part.character.repeat(cells), colour: part.colour })
    used += cells
  }
  if (used < width) spans.push({ text: ' '.repeat(width - used) })
  return spans
}

export interface Column {
  /** 0..1 of the height. */
  readonly share: number
  readonly colour: string
  readonly character?: string
}

/** Columns side by side, one cell wide each, `height` rows from top to bottom. */
export function columnChart(columns: readonly Column[], height: number, theme: Theme): readonly Line[] {
  const levels = theme.fromBelow.length
  const lines: Line[] = []
  for (let row = height - 1; row >= 0; row--) {
    const spans: Span[] = []
    for (const column of columns) {
      const filled = Math.round(Math.min(1, Math.max(0, column.share)) * height * levels) - row * levels
      const level = column.share > 0 && row === 0 ? Math.max(1, filled) : filled
      const text =
        level <= 0
          ? ' '
          : column.character !== undefined
            ? column.character
            : (theme.fromBelow[Math.min(level, levels) - 1] ?? theme.full)
      const previous = spans.at(-1)
      if (previous !== undefined && previous.colour === column.colour) {
        spans[spans.length - 1] = { ...previous, text: previous.text + text }
      } else {
        spans.push({ text, colour: column.colour })
      }
    }
    lines.push(spans)
  }
  return lines
}
