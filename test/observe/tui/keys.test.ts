// Keys: what they do to the screen, and what they ask the run for.
import { afterEach, describe, expect, test } from 'vitest'
import type { Key } from '../../../runtime/observe/tui/key.js'
import {
  initialScreen,
  type KeySituation,
  pressKey,
  type ScreenState,
} from '../../../runtime/observe/tui/keys.js'
import { hundredClasses, tenClasses } from '../text/recorded-run.js'
import { cockpitRun } from './cockpit-run.js'
import { type RenderedUi, renderUi } from './rendered-frame.js'

const situation: KeySituation = {
  stopping: 'no',
  paused: false,
  acts: true,
  rows: { total: 100, page: 10 },
}
const readOnly: KeySituation = { ...situation, acts: false }

const typed = (text: string): readonly Key[] => [...text].map((character) => ({ character }))

const press = (screen: ScreenState, ...keys: readonly Key[]) =>
  keys.reduce((state, key) => pressKey(state, key, situation).screen, screen)

const wish = (keys: string, given = situation, screen = initialScreen) => {
  let state = screen
  let asked: unknown
  for (const key of typed(keys)) {
    const result = pressKey(state, key, given)
    state = result.screen
    asked = result.wish ?? asked
  }
  return asked
}

describe('panels', () => {
  test('digits choose them', () => {
    expect([...'12345'].map((digit) => press(initialScreen, ...typed(digit)).panel)).toEqual([
      'overview',
      'classes',
      'data',
      'system',
      'log',
    ])
  })

  test('tab goes round, and back with shift', () => {
    expect(press(initialScreen, 'tab', 'tab').panel).toBe('data')
    expect(press(initialScreen, 'tab', 'tab', 'tab', 'tab', 'tab').panel).toBe('overview')
    expect(press(initialScreen, 'back_tab').panel).toBe('log')
  })

  test('y changes the axis of the losses, ? shows the keys until esc', () => {
    expect(press(initialScreen, ...typed('y')).logarithmic).toBe(true)
    expect(press(initialScreen, ...typed('yy')).logarithmic).toBe(false)
    expect(press(initialScreen, ...typed('?')).mode).toEqual({ kind: 'help' })
    expect(press(initialScreen, ...typed('?'), 'escape').mode).toEqual({ kind: 'watch' })
    expect(press(initialScreen, ...typed('?3'))).toMatchObject({ mode: { kind: 'watch' }, panel: 'data' })
  })
})

describe('leaving and stopping', () => {
  test('q asks, and only an answer leaves or stops', () => {
    const asked = pressKey(initialScreen, { character: 'q' }, situation)
    expect(asked).toEqual({
      screen: { ...initialScreen, mode: { kind: 'leave' } },
      wish: undefined,
      note: undefined,
    })
    expect(pressKey(asked.screen, { character: 'x' }, situation)).toEqual(asked)
    expect(press(asked.screen, ...typed('k')).mode.kind).toBe('watch')
    expect(press(asked.screen, 'escape').mode.kind).toBe('watch')
    expect(wish('qd')).toEqual({ kind: 'detach' })
    expect(wish('qc')).toEqual({ kind: 'tell', command: { command: 'stop' } })
    expect(wish('qn')).toEqual({ kind: 'tell', command: { command: 'stop_now' } })
    expect(wish('q?1y')).toBeUndefined()
  })

  test('s asks whether to stop after a checkpoint', () => {
    expect(wish('s')).toBeUndefined()
    expect(wish('sy')).toEqual({ kind: 'tell', command: { command: 'stop' } })
    expect(wish('sn')).toBeUndefined()
    expect(press(initialScreen, ...typed('sn')).mode.kind).toBe('watch')
  })

  test('ctrl-c stops after a checkpoint, and at once when that was asked for already', () => {
    const stop = { kind: 'tell', command: { command: 'stop' } }
    expect(pressKey(initialScreen, 'interrupt', situation).wish).toEqual(stop)
    const inFilter = press(initialScreen, ...typed('/a'))
    expect(pressKey(inFilter, 'interrupt', situation).wish).toEqual(stop)
    expect(pressKey(initialScreen, 'interrupt', { ...situation, stopping: 'after_checkpoint' }).wish).toEqual(
      {
        kind: 'tell',
        command: { command: 'stop_now' },
      },
    )
  })
})

describe('steering', () => {
  test('p pauses a run that goes on and lets a paused one go on', () => {
    expect(wish('p')).toEqual({ kind: 'tell', command: { command: 'pause' } })
    expect(wish('p', { ...situation, paused: true })).toEqual({
      kind: 'tell',
      command: { command: 'continue' },
    })
  })

  test('e evaluates now', () => {
    expect(wish('e')).toEqual({ kind: 'tell', command: { command: 'evaluate' } })
  })

  test('+ takes a number of epochs; enter extends by it', () => {
    const screen = press(initialScreen, ...typed('+1x205'), 'backspace')
    expect(screen.mode).toEqual({ kind: 'extend', digits: '120' })
    expect(pressKey(screen, 'enter', situation)).toMatchObject({
      screen: { mode: { kind: 'watch' } },
      wish: { kind: 'tell', command: { command: 'extend', epochs: 120 } },
    })
    expect(pressKey(screen, 'escape', situation).wish).toBeUndefined()
    expect(pressKey(press(initialScreen, ...typed('+')), 'enter', situation).wish).toBeUndefined()
    expect(press(initialScreen, ...typed('+0007')).mode).toEqual({ kind: 'extend', digits: '7' })
  })

  test('in a run that may only be watched, keys that would act say so and do nothing', () => {
    for (const key of ['p', 'e', 's', '+']) {
      const result = pressKey(initialScreen, { character: key }, readOnly)
      expect(result.screen).toEqual(initialScreen)
      expect(result.wish).toBeUndefined()
      expect(result.note).toContain('read-only')
    }
    expect(wish('q', readOnly)).toEqual({ kind: 'leave' })
    expect(pressKey(initialScreen, 'interrupt', readOnly).wish).toEqual({ kind: 'leave' })
  })
})

describe('the filter of classes', () => {
  test('is typed after /, kept by enter and taken away by esc', () => {
    const screen = press(initialScreen, ...typed('/cat q'))
    expect(screen).toMatchObject({ panel: 'classes', filter: 'cat q', mode: { kind: 'filter' } })
    expect(press(screen, 'backspace', 'backspace', 'enter')).toMatchObject({
      filter: 'cat',
      mode: { kind: 'watch' },
    })
    expect(press(screen, 'escape')).toMatchObject({ filter: '', mode: { kind: 'watch' } })
    expect(press(screen, 'enter', 'escape').filter).toBe('')
  })

  test('belongs to the data panel too, and begins at the first row', () => {
    const scrolled = press(initialScreen, ...typed('3'), 'end')
    expect(scrolled.scroll.data).toBe(90)
    expect(press(scrolled, ...typed('/a'))).toMatchObject({ panel: 'data', filter: 'a', scroll: { data: 0 } })
  })
})

describe('scrolling', () => {
  test('stays within the rows of the panel', () => {
    const classes = press(initialScreen, ...typed('2'))
    expect(press(classes, 'up').scroll.classes).toBe(0)
    expect(press(classes, 'page_down', 'down').scroll.classes).toBe(10)
    expect(press(classes, 'end', 'down').scroll.classes).toBe(90)
    expect(press(classes, 'end', 'page_up').scroll.classes).toBe(81)
    expect(press(classes, 'end', 'home').scroll.classes).toBe(0)
  })

  test('the log is left at its end by going up and followed again from the end on', () => {
    const log = press(initialScreen, ...typed('5'))
    expect(press(log, 'up').scroll.log).toBe(89)
    expect(press(log, 'up', 'down').scroll.log).toBe(Number.POSITIVE_INFINITY)
    expect(press(log, 'home', 'end').scroll.log).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('on the screen', () => {
  let ui: RenderedUi | undefined
  afterEach(() => {
    ui?.close()
    ui = undefined
  })

  test('? shows the keys and esc takes them away', async () => {
    ui = await renderUi(cockpitRun(tenClasses), { columns: 80, rows: 24 })
    await ui.press('?')
    expect(ui.text()).toContain('twice: stop now')
    await ui.press('\u001b')
    expect(ui.text()).not.toContain('twice: stop now')
  })

  test('y puts the losses on a logarithmic axis', async () => {
    ui = await renderUi(cockpitRun(tenClasses), { columns: 80, rows: 24 })
    await ui.press('y')
    expect(ui.lines()[5]).toContain('loss (log)')
  })

  test('several keys that come at once all count', async () => {
    ui = await renderUi(cockpitRun(hundredClasses), { columns: 120, rows: 24 })
    await ui.press('\t\t\t\t2')
    await ui.press('\u001b[B\u001b[B')
    expect(ui.lines()[3]).toContain('3-20 of 100')
    await ui.press('\u001b[F')
    expect(ui.lines()[3]).toContain('83-100 of 100')
  })

  test('a filter is typed, kept, and cleared', async () => {
    ui = await renderUi(cockpitRun(hundredClasses), { columns: 120, rows: 24 })
    await ui.press('/09')
    expect(ui.lines().at(-1)).toContain('classes named /09_')
    await ui.press('\r')
    expect(ui.text()).toContain('class 090')
    expect(ui.text()).not.toContain('│class 000')
    await ui.press('\u001b')
    expect(ui.text()).toContain('│class 000')
  })

  test('ctrl-c tells the run once, and once more to stop now', async () => {
    ui = await renderUi(cockpitRun(tenClasses), { columns: 80, rows: 24 })
    await ui.press('\u0003')
    expect(ui.told).toEqual([{ command: 'stop' }])
    expect(ui.lines()[2]).toContain('stopping after a checkpoint')
    await ui.press('\u0003')
    expect(ui.told).toEqual([{ command: 'stop' }, { command: 'stop_now' }])
  })

  test('the run is extended by the number that is typed', async () => {
    ui = await renderUi(cockpitRun(tenClasses), { columns: 80, rows: 24 })
    await ui.press('+')
    await ui.press('25')
    expect(ui.lines().at(-1)).toContain('epochs more: 25_')
    await ui.press('\r')
    expect(ui.told).toEqual([{ command: 'extend', epochs: 25 }])
    expect(ui.lines().at(-1)).toContain('asked to extend by 25')
  })

  test('q d detaches; in a run that may only be watched, q leaves', async () => {
    ui = await renderUi(cockpitRun(tenClasses), { columns: 80, rows: 24 })
    await ui.press('q')
    expect(ui.text()).toContain('detach: the run goes on')
    await ui.press('d')
    expect(ui.left).toEqual(['detached'])
    ui.close()
    ui = await renderUi(cockpitRun(tenClasses), { columns: 80, rows: 24 }, { readOnly: true })
    await ui.press('p')
    expect(ui.lines().at(-1)).toContain('read-only')
    await ui.press('q')
    expect(ui.left).toEqual(['left'])
    expect(ui.told).toEqual([])
  })

  test('a resize draws the whole screen anew at the new size', async () => {
    ui = await renderUi(cockpitRun(tenClasses), { columns: 80, rows: 24 })
    ui.resize(120, 40)
    expect(ui.lines()).toHaveLength(40)
    ui.resize(40, 15)
    expect(ui.lines()).toHaveLength(15)
    expect(Math.max(...ui.lines().map((line) => line.length))).toBeLessThanOrEqual(40)
  })
})
