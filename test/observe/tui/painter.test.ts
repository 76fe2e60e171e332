// Painting: a screen that follows `repaint` shows the frame, whatever it showed before.
import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPainter, repaint } from '../../../runtime/observe/tui/painter.js'

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

test('a terminal that reports 0 x 0 is painted as one of 80 x 24', () => {
  const terminal = Object.assign(new PassThrough(), { columns: 0, rows: 0, isTTY: true })
  createPainter(terminal).paint(Array.from({ length: 30 }, (_, row) => `row ${row + 1}.`))
  const painted = String(terminal.read())
  expect(painted).toContain('row 24.')
  expect(painted).not.toContain('row 25.')
})

test('a terminal of another size is cleared and painted whole', () => {
  const terminal = Object.assign(new PassThrough(), { columns: 80, rows: 24 })
  const painter = createPainter(terminal)
  painter.paint(['a', 'b'])
  terminal.read()
  painter.paint(['a', 'b'])
  expect(terminal.read()).toBeNull()
  terminal.columns = 60
  painter.paint(['a', 'b'])
  const painted = String(terminal.read())
  expect(painted).toContain('\u001b[2J')
  expect(apply([], painted)).toEqual(['a', 'b'])
})
