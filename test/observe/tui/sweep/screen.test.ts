// What keys do to a sweep that is watched, and when its screen is drawn.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { defaultGoal } from '../../../../runtime/apps/sweep/results.js'
import type { SweepView } from '../../../../runtime/apps/sweep/state.js'
import type { Key } from '../../../../runtime/observe/tui/key.js'
import { createSweepScreen } from '../../../../runtime/observe/tui/sweep/screen.js'
import { themeFor } from '../../../../runtime/observe/tui/theme.js'
import { PaintedTerminal, plainText } from '../rendered-frame.js'
import { madeView } from './made-view.js'

let root = ''
let view: SweepView
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'saurun-screen-'))
  view = madeView(root)
})
afterAll(() => rmSync(root, { recursive: true }))
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function watched(
  look: { readonly acts?: boolean; readonly takesTrials?: boolean; readonly read?: () => SweepView } = {},
) {
  const { acts = true, takesTrials = true, read = () => view } = look
  const terminal = new PaintedTerminal(100, 24)
  const said: unknown[] = []
  const screen = createSweepScreen({
    terminal,
    theme: themeFor({ colour: true, unicode: true }),
    clock: () => 0,
    reader: { read },
    goal: defaultGoal,
    takesTrials,
    actions: acts
      ? {
          tell: (command) => void said.push(command),
          tellRun: (folder, command) => void said.push([folder, command]),
          detach: () => void said.push('detached'),
        }
      : undefined,
    onLeave: () => void said.push('left'),
    onOpen: (folder) => void said.push(['open', folder]),
  })
  const press = (...keys: readonly (Key | string)[]): void =>
    screen.keys(
      keys.map((key) => (typeof key === 'string' && key.length === 1 ? { character: key } : (key as Key))),
    )
  const text = (): string => terminal.rowTexts.map(plainText).join('\n')
  return { terminal, screen, said, press, text }
}

test('enter opens the selected run, arrows select another', () => {
  const { press, said, text } = watched()
  const first = /▸ (\d+) /.exec(text())?.[1]
  press('enter')
  press('down', 'enter')
  const second = /▸ (\d+) /.exec(text())?.[1]
  expect(second).not.toBe(first)
  const folderOf = (number: string | undefined) => view.instances[Number(number) - 1]?.runFolder
  expect(said).toEqual([
    ['open', folderOf(first)],
    ['open', folderOf(second)],
  ])
  press('end', 'enter')
  expect(said).toHaveLength(2)
  expect(text()).toContain('this run has not begun yet')
})

test('x stops a run that is running, and no other', () => {
  const { press, said, text } = watched()
  press('x')
  expect(said).toEqual([])
  expect(text()).toContain('only a running run can be stopped')
  for (let i = 0; i < 24 && said.length === 0; i++) press('down', 'x')
  expect(said).toHaveLength(1)
  const [[folder, command]] = said as [[string, unknown]]
  expect(command).toEqual({ command: 'stop' })
  expect(view.instances.find(({ runFolder }) => runFolder === folder)?.state).toBe('running')
})

test('P prunes the setting of the selected run once it is confirmed', () => {
  const { press, said, text } = watched()
  press('P')
  expect(text()).toContain('prune this setting?')
  press('n')
  press('P', 'y')
  const number = Number(/▸ (\d+) /.exec(text())?.[1])
  expect(said).toEqual([{ command: 'prune', setting: view.instances[number - 1]?.instance.setting }])
})

test('+ takes digits and adds trials, where the sweep searches', () => {
  const { press, said } = watched()
  press('+', '1', 'x', '2', '3', 'backspace', 'enter')
  expect(said).toEqual([{ command: 'add_trials', trials: 12 }])
  const grid = watched({ takesTrials: false })
  grid.press('+', '1', 'enter')
  expect(grid.said).not.toContainEqual({ command: 'add_trials', trials: 1 })
})

test('s, q and ctrl-c stop the sweep after asking, or leave it running', () => {
  const { press, said } = watched()
  press('s', 'n', 's', 'y')
  press('q', 'd')
  press('q', 'n')
  press('q', 'k')
  expect(said).toEqual([{ command: 'stop' }, 'detached', { command: 'stop_now' }])
  const other = watched()
  other.press('interrupt', 'interrupt')
  expect(other.said).toEqual([{ command: 'stop' }, { command: 'stop_now' }])
  expect(other.text()).toContain('stopping now')
})

test('a screen that only shows acts on nothing', () => {
  const { press, said, text } = watched({ acts: false })
  press('x', 'P', 'y', '+', '3', 's')
  expect(text()).toContain('read-only')
  expect(said).toEqual([])
  press('enter', 'q', 'interrupt')
  expect(said).toEqual([['open', expect.any(String)], 'left', 'left'])
})

test('the sweep is looked at every two seconds, and not for keys', () => {
  const read = vi.fn(() => view)
  const { press, screen } = watched({ read })
  expect(read).toHaveBeenCalledTimes(1)
  press('down', 'up', 'down')
  expect(read).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(6100)
  expect(read).toHaveBeenCalledTimes(4)
  screen.close()
  vi.advanceTimersByTime(6100)
  expect(read).toHaveBeenCalledTimes(4)
})

test('a folder that is away for a while leaves what was seen last', () => {
  let isAway = false
  const { text } = watched({
    read() {
      if (isAway) throw new Error('no such device')
      return view
    },
  })
  isAway = true
  vi.advanceTimersByTime(2100)
  expect(text()).toContain('cannot look at the sweep: no such device')
  expect(text()).toContain('runs by top-1')
})
