// What people read in a terminal: nothing but what saurun itself paints moves it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printable } from '../../../grammar/printable.js'
import { palette } from '../../../runtime/observe/text/palette.js'
import { cellWidth, padLeft, padRight, truncate } from '../../../runtime/platform/cell-width.js'
import { clearLine, terminalText } from '../../../runtime/platform/texts/terminal.js'
import { hostileText, unseen } from './hostile-text.js'

describe('a text of a user', () => {
  it('shows what cannot be seen as the escape that JSON has for it', () => {
    expect(printable('cat\u202etac\u001b[31m\u200b\u2066\u0085\ufeff')).toBe(
      'cat\\u202etac\\u001b[31m\\u200b\\u2066\\u0085\\ufeff',
    )
    expect(printable('\u{e0041}\ud800')).toBe('\\udb40\\udc41\\ud800')
  })

  it('keeps joiners where a script or an emoji needs them, and nowhere else', () => {
    expect(printable('👩\u200d🌾 می\u200cخواهم क्\u200dष')).toBe('👩\u200d🌾 می\u200cخواهم क्\u200dष')
    expect(printable('ca\u200dt \u200d👩')).toBe('ca\\u200dt \\u200d👩')
  })

  it('holds nothing unseen, whatever it is, in one line, and is the same when it is shown twice', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const shown = printable(text)
        expect(shown).not.toMatch(unseen)
        expect(shown).not.toMatch(/[\n\t]/)
        expect(printable(shown)).toBe(shown)
      }),
      { numRuns: 2000 },
    )
  })

  it('takes as many cells as are counted, cut or padded', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 40 }), (text, width) => {
        expect(cellWidth(printable(text))).toBe(cellWidth(text))
        expect(cellWidth(truncate(text, width))).toBeLessThanOrEqual(width)
        expect(cellWidth(printable(padRight(text, width, '~')))).toBe(width)
        expect(cellWidth(printable(padLeft(text, width)))).toBe(width)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('what is written to a stream', () => {
  it('has the styles that saurun paints, and its moving line', () => {
    expect(terminalText(palette(true).red('x'))).toBe('\u001b[31mx\u001b[39m')
    expect(terminalText(`${clearLine}45 %`)).toBe('\r\u001b[2K45 %')
    expect(terminalText(palette(false).red('x'))).toBe('x')
  })

  it('has no escape of a text that is inside of a style, whatever it is', () => {
    const paint = palette(true)
    fc.assert(
      fc.property(hostileText, (text) => {
        const written = terminalText(`${paint.bold(paint.cyan(text))}\n`)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes begin with one
        const inside = written.replace(/^\u001b\[1m\u001b\[36m/, '').replace(/\u001b\[39m\u001b\[22m\n$/, '')
        expect(inside.replaceAll('\r\n', '\n')).not.toMatch(unseen)
      }),
      { numRuns: 2000 },
    )
  })

  it('leaves JSON what it says', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(JSON.parse(terminalText(JSON.stringify({ text })))).toEqual({ text })
      }),
    )
  })
})
