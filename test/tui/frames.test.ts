// What stands on the screen, at sizes from 40 x 15 on, with 10 and with 100 classes.
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { JournalEvent } from '../../runtime/journal/events.js'
import { cellWidth } from '../../runtime/output/cell-width.js'
import { narrowestClassRow } from '../../runtime/tui/class-panel.js'
import { type Focus, layoutFor, statusHeight } from '../../runtime/tui/layout.js'
import { hundredClasses, recordedRun, tenClasses } from '../output/recorded-run.js'
import { type RenderedUi, renderUi } from './rendered-frame.js'

let ui: RenderedUi | undefined
afterEach(() => {
  ui?.close()
  ui = undefined
})

const sizes = [
  [80, 24],
  [120, 40],
  [60, 20],
  [40, 15],
] as const

describe.each([
  ['10 classes', tenClasses],
  ['100 classes', hundredClasses],
] as const)('%s', (_, options) => {
  test.each(sizes)('at %d x %d', async (columns, rows) => {
    ui = await renderUi(recordedRun(options), { columns, rows })
    expect(ui.lines().join('\n')).toMatchSnapshot()
  })
})

test.each([
  [20, 5],
  [23, 9],
  [24, 10],
  [39, 19],
  [59, 30],
  [63, 24],
  [64, 18],
  [79, 19],
  [210, 12],
])('no frame is wider or higher than a terminal of %d x %d, whatever the panel', async (columns, rows) => {
  ui = await renderUi(recordedRun(columns % 2 === 0 ? tenClasses : hundredClasses), { columns, rows })
  for (const keys of ['', '\t', '\t', '\t', '?', 'q']) {
    if (keys !== '') await ui.press(keys)
    const lines = ui.lines()
    expect(lines.length).toBeLessThanOrEqual(rows)
    expect(Math.max(...lines.map(cellWidth))).toBeLessThanOrEqual(columns)
  }
})

test('the parts of any layout fill the screen exactly', () => {
  const focus = fc.constantFrom<Focus>('overview', 'losses', 'accuracy', 'classes')
  const size = fc.integer({ min: 1, max: 400 })
  fc.assert(
    fc.property(
      size,
      fc.integer({ min: 1, max: 150 }),
      fc.integer({ min: 2, max: 1000 }),
      focus,
      (...request) => {
        const [columns, rows, classes, shown] = request
        const layout = layoutFor(columns, rows, classes, shown, narrowestClassRow)
        if (layout.kind === 'lines') {
          expect(layout.height).toBeLessThanOrEqual(rows)
          return
        }
        const panels = layout.kind === 'single' ? layout.height : layout.charts.height + layout.classes.height
        expect(statusHeight + panels + 1).toBe(rows)
        if (layout.kind === 'full') {
          expect(layout.charts.left + layout.charts.right).toBe(columns)
          expect(layout.charts.height).toBeGreaterThanOrEqual(5)
          expect(layout.classes.height).toBeGreaterThanOrEqual(Math.min(5, Math.ceil(classes / 2) + 2))
        }
      },
    ),
  )
})

test('a large terminal is used to its last row and column', async () => {
  ui = await renderUi(recordedRun(hundredClasses), { columns: 160, rows: 50 })
  expect(ui.lines()).toHaveLength(50)
  expect(Math.max(...ui.lines().map(cellWidth))).toBe(160)
})

test('without Unicode only ASCII is drawn, and curves keep their own characters', async () => {
  ui = await renderUi(recordedRun(tenClasses), { columns: 80, rows: 24 }, { colour: true, unicode: false })
  expect(ui.lines().join('\n')).toMatch(/^[\x20-\x7e\n]*$/)
  expect(ui.lines().join('\n')).toMatchSnapshot()
})

test('without colour no colour code is written, and curves keep their own characters', async () => {
  ui = await renderUi(recordedRun(tenClasses), { columns: 80, rows: 24 }, { colour: false, unicode: true })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes begin with one
  expect(ui.raw()).not.toMatch(/\u001b\[(3[0-8]|4[0-8]|9\d)/)
  const chart = ui.lines().slice(6, 14).join('\n')
  expect(chart).toContain('*')
  expect(chart).toContain('+')
  expect(chart).not.toMatch(/[\u2800-\u28ff]/)
})

test('a run that has only begun says what it waits for', async () => {
  ui = await renderUi(recordedRun(tenClasses).slice(0, 2), { columns: 80, rows: 24 })
  expect(ui.lines().join('\n')).toMatchSnapshot()
})

test('names with control characters cannot touch the terminal', async () => {
  const [started] = recordedRun(tenClasses)
  if (started?.event !== 'run_started') throw new Error('the recording begins otherwise')
  const evil = '\u001b]0;title\u0007\u001b[2J'
  const classes = started.classes.map((entry) => ({ ...entry, name: evil }))
  ui = await renderUi([{ ...started, title: evil, classes }], { columns: 80, rows: 24 })
  expect(ui.raw()).not.toContain('\u001b]0')
  expect(ui.raw()).not.toContain('\u001b[2J')
  expect(ui.lines()[0]).toContain('?]0;title??[2J')
})

test('an advice stands in the place of the keys for a minute', async () => {
  const events = recordedRun(tenClasses)
  const last = events.at(-1)
  if (last === undefined) throw new Error('the recording is empty')
  const advised = (age: number): readonly JournalEvent[] => [
    ...events.slice(0, -1),
    { time: last.time - age, event: 'advised', message: 'tensorflow would be faster' },
    last,
  ]
  ui = await renderUi(advised(5_000), { columns: 80, rows: 24 })
  expect(ui.lines().at(-1)).toBe('tensorflow would be faster')
  ui.close()
  ui = await renderUi(advised(61_000), { columns: 80, rows: 24 })
  expect(ui.lines().at(-1)).toContain('next panel')
})
