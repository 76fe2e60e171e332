// What stands on the screen: every panel at several sizes, with 10 and with 100 classes.
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { Mode } from '../../../runtime/observe/tui/keys.js'
import { panels } from '../../../runtime/observe/tui/keys.js'
import { cellWidth } from '../../../runtime/platform/cell-width.js'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import { hundredClasses, recordedRun, tenClasses } from '../text/recorded-run.js'
import { cockpitRun, folded, frameTexts, matrices, withoutCorrection } from './cockpit-run.js'
import { type RenderedUi, renderUi } from './rendered-frame.js'

let ui: RenderedUi | undefined
afterEach(() => {
  ui?.close()
  ui = undefined
})

const runs = { ten: folded(cockpitRun(tenClasses)), hundred: folded(cockpitRun(hundredClasses)) }

const shown = (lines: readonly string[]) => lines.map((line) => line.trimEnd()).join('\n')

describe.each(panels)('panel %s', (panel) => {
  test.each([
    [80, 24],
    [120, 40],
    [200, 50],
    [50, 20],
    [30, 8],
  ])('at %d x %d', (columns, rows) => {
    expect(shown(frameTexts(runs.ten, { columns, rows, panel }))).toMatchSnapshot('10 classes')
    expect(shown(frameTexts(runs.hundred, { columns, rows, panel }))).toMatchSnapshot('100 classes')
  })

  test('without Unicode only ASCII is drawn', () => {
    const lines = frameTexts(runs.ten, { columns: 80, rows: 24, panel, unicode: false })
    expect(lines.join('\n')).toMatch(/^[\x20-\x7e\n]*$/)
    expect(shown(lines)).toMatchSnapshot()
  })

  test('without colour every curve keeps a character of its own', () => {
    const lines = frameTexts(runs.ten, { columns: 80, rows: 24, panel, colour: false })
    expect(lines.join('\n')).not.toMatch(/[\u2800-\u28ff]/)
    expect(shown(lines)).toMatchSnapshot()
  })
})

test('where nothing corrects labels, the data panel says so and counts the data', () => {
  const run = folded(withoutCorrection(cockpitRun(tenClasses)))
  const lines = frameTexts(run, { columns: 80, rows: 24, panel: 'data' })
  expect(lines.join('\n')).toContain('nothing corrects labels in this experiment')
  expect(lines.join('\n')).toContain('imbalance factor 50.0')
  expect(shown(lines)).toMatchSnapshot()
})

test('before the first epoch, panels say what they wait for', () => {
  const run = folded(recordedRun(tenClasses).slice(0, 2))
  for (const panel of panels) {
    expect(shown(frameTexts(run, { columns: 80, rows: 24, panel }))).toMatchSnapshot(panel)
  }
})

test('classes are filtered by a part of their name, in whatever case', () => {
  const rows = frameTexts(runs.ten, { columns: 80, rows: 24, panel: 'classes', screen: { filter: 'CR' } })
  const listed = rows.filter((line) => /^│(cross|crescent|disc|square)/.test(line))
  expect(listed.map((line) => line.slice(1, 6))).toEqual(['cross', 'cresc'])
  const none = frameTexts(runs.ten, { columns: 80, rows: 24, panel: 'data', screen: { filter: 'zebra' } })
  expect(none.join('\n')).toContain('no class is named "zebra"')
})

test('confusions are those of the latest evaluation, the greatest share first', () => {
  const lines = frameTexts(runs.ten, { columns: 120, rows: 40, panel: 'classes' })
  const pairs = lines.flatMap((line) => /(\w+) +-> (\w+) +(\d+) +([\d.]+) %/.exec(line)?.slice(1, 5) ?? [])
  const shares = pairs.filter((_, i) => i % 4 === 3).map(Number)
  expect(shares.length).toBeGreaterThan(5)
  expect(shares).toEqual([...shares].sort((a, b) => b - a))
  const latest = runs.ten.view.evaluations[0]?.latest
  const cells = latest === undefined ? [] : (matrices.confusionOf(latest)?.cells ?? [])
  const greatest = Math.max(...cells.map(([actual, predicted, count]) => (actual === predicted ? 0 : count)))
  expect(pairs[2]).toBe(`${greatest}`)
})

test('the log follows its end, and stands still once it is scrolled', () => {
  const at = (scroll: number) =>
    frameTexts(runs.hundred, {
      columns: 80,
      rows: 24,
      panel: 'log',
      screen: { scroll: { overview: 0, classes: 0, data: 0, system: 0, log: scroll } },
    }).join('\n')
  expect(at(Number.POSITIVE_INFINITY)).not.toContain('experiment ')
  expect(at(0)).toContain('experiment SAU on drawn shapes')
  expect(at(0)).toContain('warning    SAU7110: the file test.idx changed')
})

const modes: readonly Mode[] = [
  { kind: 'watch' },
  { kind: 'help' },
  { kind: 'leave' },
  { kind: 'stop' },
  { kind: 'filter' },
  { kind: 'extend', digits: '12' },
]

test('no panel is wider or higher than the terminal, from 20 x 5 to 200 x 60', () => {
  const run = fc.constantFrom(runs.ten, runs.hundred, folded(withoutCorrection(cockpitRun(tenClasses))))
  fc.assert(
    fc.property(
      run,
      fc.integer({ min: 20, max: 200 }),
      fc.integer({ min: 5, max: 60 }),
      fc.constantFrom(...panels),
      fc.constantFrom(...modes),
      fc.boolean(),
      (chosen, columns, rows, panel, mode, unicode) => {
        const lines = frameTexts(chosen, { columns, rows, panel, unicode, screen: { mode, filter: 'c' } })
        expect(lines.length).toBeLessThanOrEqual(rows)
        expect(Math.max(...lines.map(cellWidth))).toBeLessThanOrEqual(columns)
        if (columns >= 24 && rows >= 10) {
          expect(lines).toHaveLength(rows)
          expect(Math.min(...lines.map(cellWidth))).toBe(columns)
        }
      },
    ),
    { numRuns: 400 },
  )
})

test('names of wide characters keep every frame within the terminal', () => {
  const wide = cockpitRun(tenClasses).map(
    (event): JournalEvent =>
      event.event === 'run_started'
        ? {
            ...event,
            title: '長い尾の実験',
            host: '機械',
            classes: event.classes.map((entry, i) => ({ ...entry, name: `画像の種類${i}` })),
          }
        : event,
  )
  const run = folded(wide)
  for (const panel of panels) {
    for (let columns = 20; columns <= 130; columns += 11) {
      for (let rows = 5; rows <= 50; rows += 9) {
        const lines = frameTexts(run, { columns, rows, panel })
        expect(lines.length).toBeLessThanOrEqual(rows)
        expect(Math.max(...lines.map(cellWidth))).toBeLessThanOrEqual(columns)
      }
    }
  }
})

test('a tiny terminal still shows questions and what is typed', () => {
  const tiny = { columns: 20, rows: 5, panel: 'overview' } as const
  expect(frameTexts(runs.ten, tiny)).toHaveLength(5)
  expect(frameTexts(runs.ten, { ...tiny, screen: { mode: { kind: 'leave' } } })[0]).toMatch(/^d detach/)
  const typed = frameTexts(runs.ten, { ...tiny, screen: { mode: { kind: 'extend', digits: '12' } } })
  expect(typed.at(-1)?.trimEnd()).toBe('epochs more: 12_')
})

test('without colour no colour code is written', async () => {
  ui = await renderUi(cockpitRun(tenClasses), { columns: 80, rows: 24 }, { colour: false })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes begin with one
  expect(ui.raw().join('\n')).not.toMatch(/\u001b\[(3[0-8]|4[0-8]|9\d)/)
  expect(ui.raw().length).toBe(24)
})

test('names with control characters cannot touch the terminal', async () => {
  const [started] = recordedRun(tenClasses)
  if (started?.event !== 'run_started') throw new Error('the recording begins otherwise')
  const evil = '\u001b]0;title\u0007\u001b[2J'
  const classes = started.classes.map((entry) => ({ ...entry, name: evil }))
  const events: readonly JournalEvent[] = [
    { ...started, title: evil, classes, host: evil, program: evil, losses: [evil], params: { [evil]: evil } },
    { time: started.time, event: 'warned', code: undefined, message: evil },
  ]
  ui = await renderUi(events, { columns: 80, rows: 24 })
  for (const key of ['1', '2', '3', '4', '5']) {
    await ui.press(key)
    expect(ui.raw().join('\n')).not.toContain('\u001b]0')
    expect(ui.raw().join('\n')).not.toContain('\u001b[2J')
    expect(ui.lines()[0]).toContain('\\u001b]0;title\\u0007\\u001b[2J')
  }
})

test('the name that a run is known by stands beside its title', async () => {
  ui = await renderUi(cockpitRun(tenClasses), { columns: 80, rows: 24 }, { run: 'baseline' })
  expect(ui.lines()[0]).toContain('SAU on drawn shapes · baseline')
})
