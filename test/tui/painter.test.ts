// Painting: a screen that follows `repaint` shows the frame, whatever it showed before.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { repaint } from '../../runtime/tui/painter.js'

/** The smallest terminal that understands what `repaint` writes. */
function apply(screen: readonly string[], text: string): readonly string[] {
  const lines = [...screen]
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes begin with one
  for (const match of text.matchAll(/\u001b\[(\d+);1H\u001b\[0m\u001b\[2K([^\u001b]*)/g)) {
    const row = Number(match[1]) - 1
    while (lines.length <= row) lines.push('')
    lines[row] = match[2] ?? ''
  }
  return lines
}

const trimmed = (lines: readonly string[]) => lines.join('\n').replace(/\n*$/, '')
const frame = fc.array(fc.stringMatching(/^[a-c ]{0,3}$/), { maxLength: 5 })

test('any frame after any other', () => {
  fc.assert(
    fc.property(frame, frame, (before, after) => {
      expect(trimmed(apply(before, repaint(before, after)))).toBe(trimmed(after))
    }),
  )
})

test('writes only lines that changed, and nothing where none did', () => {
  expect(repaint(['a', 'b'], ['a', 'b'])).toBe('')
  expect(repaint(['a', 'b'], ['a', 'c'])).toBe(
    '\u001b[?2026h\u001b[2;1H\u001b[0m\u001b[2Kc\u001b[0m\u001b[?2026l',
  )
})
