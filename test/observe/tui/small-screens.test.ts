// Every hint and every answer is on the screen down to 40 columns and 12 rows, in full words where there is
// room for them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SweepView } from '../../../runtime/apps/sweep/state.js'
import { type Mode, panels } from '../../../runtime/observe/tui/keys.js'
import { initialSweepScreen, type SweepMode } from '../../../runtime/observe/tui/sweep/keys.js'
import { cellWidth } from '../../../runtime/platform/cell-width.js'
import { tenClasses } from '../text/recorded-run.js'
import { cockpitRun, folded, frameTexts } from './cockpit-run.js'
import { madeView, sweepFrameTexts } from './sweep/made-view.js'

const run = folded(cockpitRun(tenClasses))
const sizes = [
  [80, 24],
  [60, 20],
  [40, 12],
] as const

/** Modes whose question stands in the place of the panels. */
const isAsked = (kind: string): boolean => ['help', 'leave', 'stop', 'prune'].includes(kind)

const shown = (lines: readonly string[]): string => lines.map((line) => line.trimEnd()).join('\n')

describe.each(sizes)('at %d x %d', (columns, rows) => {
  test.each(panels)('the last line of the panel %s has all keys that act on the run', (panel) => {
    const last = frameTexts(run, { columns, rows, panel }).at(-1) ?? ''
    const keys =
      panel === 'classes' || panel === 'data' ? '?q/pes' : panel === 'overview' ? '?qpesy' : '?qpes'
    for (const key of keys) expect(last).toMatch(new RegExp(`(^| )${key.replace(/[?/]/, '\\$&')}( |$)`))
    if (columns >= 60) for (const word of ['leave', 'pause', 'eval', 'stop']) expect(last).toContain(word)
    if (columns >= 80) expect(last).toContain('evaluate')
    expect(last).not.toContain('…')
  })

  const answers: readonly (readonly [Mode, readonly string[]])[] = [
    [{ kind: 'leave' }, ['d detach', 'c stop after', 'n stop now', 'k keep']],
    [{ kind: 'stop' }, ['y yes', 'n no']],
    [{ kind: 'extend', digits: '12' }, ['epochs more: 12_', 'enter extend']],
    [{ kind: 'filter' }, ['classes named /', 'enter keep']],
  ]
  test.each(answers)('what is asked in the mode %o has all of its answers', (mode, wanted) => {
    const lines = frameTexts(run, { columns, rows, panel: 'overview', screen: { mode } })
    for (const words of wanted) expect(lines.join('\n')).toContain(words)
    if (isAsked(mode.kind)) expect(lines.filter((line) => /^│ .*…/.test(line))).toEqual([])
    expect(shown(lines)).toMatchSnapshot()
  })

  test('the help has every key', () => {
    const lines = frameTexts(run, { columns, rows, panel: 'overview', screen: { mode: { kind: 'help' } } })
    const text = lines.join('\n')
    for (const key of ['tab', 'arrows', '/', 'y', 'p', 'e', '+', 's', 'q', 'ctrl-c', '?']) {
      expect(text).toMatch(new RegExp(`[│ ]${key.replace(/[?+/]/, '\\$&')}[, ]`))
    }
    expect(shown(lines)).toMatchSnapshot()
  })
})

describe('a filter that is longer than the screen', () => {
  test('shows the end of what is typed', () => {
    const screen = { mode: { kind: 'filter' } as const, filter: `${'x'.repeat(100)}end` }
    const last = frameTexts(run, { columns: 40, rows: 12, panel: 'classes', screen }).at(-1) ?? ''
    expect(last).toContain('classes named /')
    expect(last).toContain('end_')
    expect(cellWidth(last)).toBe(40)
  })
})

describe('the screen of a sweep', () => {
  let root = ''
  let view: SweepView
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'saurun-small-'))
    view = madeView(root)
  })
  afterAll(() => rmSync(root, { recursive: true }))

  test.each(sizes)('has all keys in its last line at %d x %d', (columns, rows) => {
    const last = sweepFrameTexts(view, { columns, rows }).at(-1) ?? ''
    for (const key of ['q', '?', 'enter', 'x', 'P', '+', 's']) expect(` ${last}`).toContain(` ${key} `)
    expect(last).toContain('? keys')
    if (columns >= 60) for (const word of ['leave', 'open', 'run', 'prune']) expect(last).toContain(word)
  })

  const answers: readonly (readonly [SweepMode, readonly string[]])[] = [
    [{ kind: 'leave' }, ['d detach', 'c stop after', 'n stop now', 'k keep']],
    [{ kind: 'stop' }, ['y yes', 'n no']],
    [{ kind: 'prune', setting: 2, name: 'strategy=drop factor=10 rate=0.05 width=64' }, ['y yes', 'n no']],
    [{ kind: 'add', digits: '12' }, ['trials more: 12_', 'enter add']],
    [{ kind: 'help' }, ['arrows', 'enter', 'x', 'P', '+', 'ctrl-c']],
  ]
  test.each(sizes.flatMap((size) => answers.map(([mode, wanted]) => [...size, mode, wanted] as const)))(
    'at %d x %d has all answers in the mode %o',
    (columns, rows, mode, wanted) => {
      const lines = sweepFrameTexts(view, { columns, rows, screen: { ...initialSweepScreen, mode } })
      for (const words of wanted) expect(lines.join('\n')).toContain(words)
      if (isAsked(mode.kind)) expect(lines.filter((line) => /^│ .*…/.test(line))).toEqual([])
      expect(shown(lines)).toMatchSnapshot()
    },
  )
})
