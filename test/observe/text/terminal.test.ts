// When a screen may be drawn, and in which colours and characters.
import { describe, expect, test } from 'vitest'
import { terminalFacts, wantsColour } from '../../../runtime/observe/text/terminal.js'

const facts = (environment: Record<string, string>, change: object = {}) =>
  terminalFacts({
    stream: { isTTY: true, columns: 80, rows: 24 },
    environment: { TERM: 'xterm-256color', LANG: 'en_US.UTF-8', ...environment },
    platform: 'linux',
    plain: false,
    noUnicode: false,
    ...change,
  })

describe('the terminal UI', () => {
  test('opens on a terminal', () => {
    expect(facts({})).toEqual({
      interactive: true,
      why: undefined,
      colour: true,
      unicode: true,
      columns: 80,
      rows: 24,
    })
  })

  test.each([{ columns: 0, rows: 0 }, {}])('takes a terminal that says %o for one of 80 x 24', (size) => {
    expect(facts({}, { stream: { isTTY: true, ...size } })).toMatchObject({
      interactive: true,
      columns: 80,
      rows: 24,
    })
  })

  test.each([
    [{ CI: 'true' }, {}, 'CI is set'],
    [{ TERM: 'dumb' }, {}, 'TERM is dumb'],
    [{}, { plain: true }, '--plain'],
    [{}, { stream: {} }, 'standard output is not a terminal'],
  ])('stays away for %o %o', (environment, change, why) => {
    expect(facts(environment as Record<string, string>, change)).toMatchObject({ interactive: false, why })
  })

  test('keeps to ASCII without a UTF-8 locale and where it is told to', () => {
    expect(facts({ LANG: 'C' }).unicode).toBe(false)
    expect(facts({ LANG: 'C', LC_ALL: 'C.UTF-8' }).unicode).toBe(true)
    expect(facts({}, { noUnicode: true }).unicode).toBe(false)
  })
})

describe('colours', () => {
  test.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ SAURUN_NO_COLOR: '1' }, true, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, false],
    [{ TERM: 'dumb' }, true, false],
  ])('%o on a terminal: %s -> %s', (environment, isTerminal, expected) => {
    expect(wantsColour(environment, isTerminal)).toBe(expected)
  })
})
