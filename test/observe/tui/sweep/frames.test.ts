// What stands on the screen of a sweep, at several sizes.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SweepView } from '../../../../runtime/apps/sweep/state.js'
import { initialSweepScreen, type SweepMode } from '../../../../runtime/observe/tui/sweep/keys.js'
import { sparkline } from '../../../../runtime/observe/tui/sweep/sparkline.js'
import { themeFor } from '../../../../runtime/observe/tui/theme.js'
import { cellWidth } from '../../../../runtime/platform/cell-width.js'
import { madeView, sweepFrameTexts } from './made-view.js'

let root = ''
let view: SweepView
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'saurun-frames-'))
  view = madeView(root)
})
afterAll(() => rmSync(root, { recursive: true }))

const shown = (lines: readonly string[]) => lines.map((line) => line.trimEnd()).join('\n')

describe('a sweep on its way', () => {
  test.each([
    [20, 5],
    [30, 8],
    [50, 16],
    [80, 24],
    [120, 40],
    [200, 60],
  ])('at %d x %d', (columns, rows) => {
    expect(shown(sweepFrameTexts(view, { columns, rows }))).toMatchSnapshot()
  })

  test('without Unicode only ASCII is drawn', () => {
    const lines = sweepFrameTexts(view, { unicode: false })
    expect(lines.join('\n')).toMatch(/^[\x20-\x7e\n]*$/)
    expect(shown(lines)).toMatchSnapshot()
  })

  test('the selected run is in sight wherever it stands, with all that is known of it', () => {
    for (const { instance } of view.instances) {
      const lines = sweepFrameTexts(view, {
        rows: 14,
        screen: { ...initialSweepScreen, selected: instance.number },
      })
      expect(lines.filter((line) => line.includes('▸'))).toHaveLength(2)
      expect(lines.join('\n')).toContain(`▸ ${instance.number + 1} `)
    }
  })

  test('a failed run tells why', () => {
    const lines = sweepFrameTexts(view, { columns: 120, screen: { ...initialSweepScreen, selected: 4 } })
    expect(lines.join('\n')).toContain(
      '▸ 5 failed  strategy=pos_neg factor=50 rate=0.02 seed=1  SAU7301: the loss',
    )
  })
})

const modes: readonly SweepMode[] = [
  { kind: 'watch' },
  { kind: 'help' },
  { kind: 'leave' },
  { kind: 'stop' },
  { kind: 'prune', setting: 2, name: 'strategy=drop factor=10' },
  { kind: 'add', digits: '12' },
]

test('every frame fills the terminal and no more', () => {
  for (const [columns, rows] of [
    [1, 1],
    [20, 5],
    [20, 60],
    [23, 9],
    [37, 12],
    [64, 18],
    [80, 5],
    [200, 60],
  ] as const) {
    for (const mode of modes) {
      for (const acts of [true, false]) {
        const lines = sweepFrameTexts(view, { columns, rows, acts, screen: { ...initialSweepScreen, mode } })
        expect(lines.length).toBeLessThanOrEqual(rows)
        expect(lines.map(cellWidth)).toEqual(lines.map(() => columns))
      }
    }
  }
})

test.each(modes.slice(1).map((mode) => [mode.kind, mode] as const))('asked or told: %s', (_, mode) => {
  expect(shown(sweepFrameTexts(view, { screen: { ...initialSweepScreen, mode } }))).toMatchSnapshot()
})

test('a sweep of which nothing has begun says so', () => {
  const instances = view.instances.map((one) => ({ ...one, state: 'waiting' as const, status: undefined }))
  const lines = sweepFrameTexts({ ...view, instances, pools: [] }, {})
  expect(lines.join('\n')).toContain('nothing is measured yet')
  expect(lines[0]).toContain('no pool runs')
})

test('curves keep their first and last value; what is no number is marked', () => {
  const theme = themeFor({ colour: true, unicode: true })
  const range = { low: 0, high: 1 }
  expect(sparkline([0, 0.5, 1], 8, range, theme)).toBe('▁▅█')
  expect(sparkline([0, Number.NaN, 1], 8, range, theme)).toBe('▁!█')
  const long = Array.from({ length: 100 }, (_, i) => i / 99)
  expect(sparkline(long, 8, range, theme)).toHaveLength(8)
  expect(sparkline(long, 8, range, theme).at(-1)).toBe('█')
  expect(sparkline([0.3, 0.3], 8, { low: 0.3, high: 0.3 }, theme)).toBe('▅▅')
  expect(sparkline([], 8, range, theme)).toBe('')
})
