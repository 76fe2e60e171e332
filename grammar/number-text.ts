// Numbers as people write them, at all three doors: the command line and sweep files read the same ones, and
// of any other form all say how it is written. (In a `.sau` file the lexer says so; there `.1` and `1.` are
// written `0.1` and `1.0` too.)

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/**
 * The number that a text is: decimal digits, a dot, an exponent; undefined for anything else, and for what is
 * not finite.
 */
export function readNumber(text: string): number | undefined {
  const value = decimal.test(text) ? Number(text) : Number.NaN
  // Without the sign of a zero, which no Plan keeps.
  return Number.isFinite(value) ? value + 0 : undefined
}

/**
 * How to write what another language writes otherwise: `1_000`, `0x10`, `1,5`, `1/3`, `50%`, `1k`. Undefined
 * where that is not plain.
 */
export function plainNumber(text: string): string | undefined {
  const trimmed = text.trim().replaceAll(/^["']|["']$/g, '')
  const known = [
    trimmed,
    // Digits in groups: 1_000, 1'000, 1,000.
    /^[+-]?\d{1,3}([_' ]\d{3})+(\.\d+)?$/.test(trimmed) ? trimmed.replaceAll(/[_' ]/g, '') : '',
    /^[+-]?\d[\d_]*(\.[\d_]+)?([eE][+-]?\d+)?$/.test(trimmed) ? trimmed.replaceAll('_', '') : '',
    /^[+-]?\d{1,3}(,\d{3}){2,}$/.test(trimmed) ? trimmed.replaceAll(',', '') : '',
    // Not `1,000`, which may be either.
    /^[+-]?\d+,\d+([eE][+-]?\d+)?$/.test(trimmed) && !/^[+-]?[1-9]\d{0,2},\d{3}$/.test(trimmed)
      ? trimmed.replace(',', '.')
      : '',
    // Suffixes of Python, C and Java.
    /^[+-]?[\d.]+[fFdDlL]$/.test(trimmed) ? trimmed.slice(0, -1) : '',
    trimmed.replaceAll('−', '-'),
  ]
  for (const text of known) {
    const value = readNumber(text)
    if (value !== undefined) return shown(value)
  }
  if (/^0[xXoObB][\da-fA-F]+$/.test(trimmed)) {
    const value = Number(trimmed)
    return Number.isFinite(value) ? shown(value) : undefined
  }
  const share = /^([+-]?[\d.]+)\s*%$/.exec(trimmed)
  if (share !== null) return scaled(share[1], 0.01)
  const thousands = /^([+-]?[\d.]+)\s*([kKM])$/.exec(trimmed)
  if (thousands !== null) return scaled(thousands[1], thousands[2] === 'M' ? 1e6 : 1000)
  const [, above, below] = /^([\d.]+)\/([\d.]+)$/.exec(trimmed) ?? []
  const fraction = Number(above) / Number(below)
  if (above !== undefined && Number.isFinite(fraction)) return shown(fraction)
  const [, base, exponent] = /^([\d.]+)\s*(?:\*\*|\^)\s*(-?[\d.]+)$/.exec(trimmed) ?? []
  const power = Number(base) ** Number(exponent)
  return base !== undefined && Number.isFinite(power) ? shown(power) : undefined
}

function scaled(text: string | undefined, by: number): string | undefined {
  const value = readNumber(text ?? '')
  return value === undefined ? undefined : shown(value * by)
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(12)))
}
