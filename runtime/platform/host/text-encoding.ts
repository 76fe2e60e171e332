// In which encoding a file of text is. Everything that saurun reads is UTF-8; Windows programs like to write
// UTF-16, which would otherwise look like a file with an error at every second letter.

/**
 * `binary`: it has bytes of value 0, and they are not those of UTF-16 or UTF-32. Bytes that no encoding
 * explains are taken as UTF-8.
 */
export type TextEncoding = 'UTF-8' | 'UTF-16' | 'UTF-32' | 'binary'

/** Looks at the mark in front, and without one at where the zero bytes of the first kilobytes stand. */
export function encodingOf(bytes: Uint8Array): TextEncoding {
  const [a, b, c, d] = bytes
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff))
    return 'UTF-32'
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return 'UTF-16'
  const looked = Math.min(bytes.length, 4096) & ~3
  // Zeros by their position in groups of four bytes.
  const zeros = [0, 0, 0, 0]
  for (let i = 0; i < looked; i++) if (bytes[i] === 0) zeros[i & 3] = (zeros[i & 3] ?? 0) + 1
  const [first = 0, second = 0, third = 0, fourth = 0] = zeros
  const groups = looked / 4
  if (first + second + third + fourth > 0) {
    // Letters of most alphabets have one byte of two that is zero, or three of four.
    if (groups > 0 && (second + third + fourth > 2.7 * groups || first + second + third > 2.7 * groups))
      return 'UTF-32'
    const [even, odd] = [first + third, second + fourth]
    if (Math.max(even, odd) > 0.8 * groups && Math.min(even, odd) < 0.2 * groups) return 'UTF-16'
  }
  return bytes.includes(0) ? 'binary' : 'UTF-8'
}

/** What to say of a file that should be UTF-8 and is not: `is in UTF-16, ...`; undefined where it is. */
export function encodingFault(bytes: Uint8Array): string | undefined {
  const encoding = encodingOf(bytes)
  if (encoding === 'UTF-8') return undefined
  return encoding === 'binary' ? 'is not text' : `is in ${encoding}, and UTF-8 is read`
}
