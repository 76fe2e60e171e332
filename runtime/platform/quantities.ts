// Numbers as people read them in a terminal.
export { formatBytes } from './bytes-text.js'

/** `1,755`: whole number with thousands separated. */
export function formatCount(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** Seconds as `41 s`, `2:05`, `1:02:05` or `3 d 04:10`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?'
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const two = (value: number): string => value.toString().padStart(2, '0')
  const minutes = Math.floor(whole / 60)
  const hours = Math.floor(minutes / 60)
  if (hours === 0) return `${minutes}:${two(whole % 60)}`
  if (hours < 24) return `${hours}:${two(minutes % 60)}:${two(whole % 60)}`
  return `${Math.floor(hours / 24)} d ${two(hours % 24)}:${two(minutes % 60)}`
}

/** A share in 0..1 as `45.2 %`. */
export function formatShare(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : '? %'
}

/** A share in 0..1 as `45.2`, where the unit stands elsewhere. */
export function formatPercent(share: number): string {
  return Number.isFinite(share) ? (100 * share).toFixed(1) : '?'
}

/** Four significant digits, never in a form a person has to decode: `2.313`, `0.0312`, `5e-5`. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size < 1e-3 || size >= 1e6)
    return value
      .toExponential(2)
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e')
  if (size >= 1000) return formatCount(value)
  return Number(value.toPrecision(4)).toString()
}

/** Large numbers before a unit, as `12.4 M` or `1.8 G`; used for flops and parameters. */
export function formatMagnitude(value: number): string {
  for (const [size, unit] of [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (value >= size) return `${Number((value / size).toPrecision(3))} ${unit}`
  }
  return `${Math.round(value)} `
}

/** Precision or recall as `0.621`; `none` where there was nothing to measure. */
export function formatRatio(value: number | null, digits: number): string {
  return value === null ? 'none' : value.toFixed(digits)
}

/** A loss with three decimals, so that a column of them is easy to follow. */
export function formatLoss(value: number): string {
  const size = Math.abs(value)
  return size >= 1e-3 && size < 1000 ? value.toFixed(3) : formatNumber(value)
}

/** `1 epoch`, `2,000 epochs`. */
export function formatPlural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}
