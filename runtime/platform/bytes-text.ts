// Bytes as people read them, for messages of those too who print nothing themselves.

/** `412 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const
  let value = bytes
  let unit: (typeof units)[number] = 'B'
  for (const next of units) {
    unit = next
    if (Math.abs(value) < 1024) break
    if (next !== 'PiB') value /= 1024
  }
  const digits = unit === 'B' || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return `${value.toFixed(digits)} ${unit}`
}
