// A curve in one row of cells.
import type { Theme } from '../theme.js'

/**
 * Values as columns from low to high, at most `width` of them: where there are more, each column is the last
 * of its share. What is not a number is a `!`.
 */
export function sparkline(
  values: readonly number[],
  width: number,
  { low, high }: { readonly low: number; readonly high: number },
  { fromBelow }: Pick<Theme, 'fromBelow'>,
): string {
  const columns = Math.min(width, values.length)
  const levels = fromBelow.length
  let text = ''
  for (let column = 0; column < columns; column++) {
    const value = values[Math.ceil(((column + 1) * values.length) / columns) - 1] ?? Number.NaN
    const share = high > low ? (value - low) / (high - low) : 0.5
    text += Number.isFinite(value)
      ? (fromBelow[Math.max(0, Math.min(levels - 1, Math.floor(share * levels)))] ?? ' ')
      : '!'
  }
  return text
}
