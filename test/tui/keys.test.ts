// Keys: what they do to the screen, and when they reach the run.
import { afterEach, describe, expect, test } from 'vitest'
import { initialScreen, type Key, pressKey, type ScreenState } from '../../runtime/tui/keys.js'
import { hundredClasses, recordedRun, tenClasses } from '../output/recorded-run.js'
import { type RenderedUi, renderUi } from './rendered-frame.js'

const situation = {
  stopping: 'no',
  classes: 10,
  order: ['overview', 'losses', 'accuracy', 'classes'],
} as const

const press = (screen: ScreenState, ...keys: readonly Key[]) =>
  keys.reduce((state, key) => pressKey(state, key, situation).screen, screen)

describe('keys', () => {
  test('tab goes round the panels, and back with shift', () => {
    expect(press(initialScreen, 'tab', 'tab').focus).toBe('accuracy')
    expect(press(initialScreen, 'tab', 'tab', 'tab', 'tab').focus).toBe('overview')
    expect(press(initialScreen, 'back_tab').focus).toBe('classes')
  })

  test('q asks, and only an answer stops', () => {
    const asked = pressKey(initialScreen, { character: 'q' }, situation)
    expect(asked).toEqual({ screen: { ...initialScreen, overlay: 'stop' }, stop: undefined })
    expect(pressKey(asked.screen, { character: 'x' }, situation)).toEqual(asked)
    expect(pressKey(asked.screen, { character: 'k' }, situation).screen.overlay).toBe('none')
    expect(pressKey(asked.screen, { character: 'c' }, situation).stop).toBe('after_checkpoint')
    expect(pressKey(asked.screen, { character: 'n' }, situation).stop).toBe('now')
  })

  test('ctrl-c stops after a checkpoint, and at once when that was asked for already', () => {
    expect(pressKey(initialScreen, 'interrupt', situation).stop).toBe('after_checkpoint')
    expect(pressKey(initialScreen, 'interrupt', { ...situation, stopping: 'after_checkpoint' }).stop).toBe(
      'now',
    )
  })

  test('scrolling stays within the classes', () => {
    expect(press(initialScreen, 'up').scroll).toBe(0)
    expect(press(initialScreen, 'page_down', 'page_down').scroll).toBe(9)
  })
})

describe('on the screen', () => {
  let ui: RenderedUi | undefined
  afterEach(() => {
    ui?.close()
    ui = undefined
  })

  test('? shows the keys and esc takes them away', async () => {
    ui = await renderUi(recordedRun(tenClasses), { columns: 80, rows: 24 })
    await ui.press('?')
    expect(ui.lines().join('\n')).toContain('twice: stop now')
    await ui.press('\u001b')
    expect(ui.lines().join('\n')).not.toContain('twice: stop now')
  })

  test('y puts the losses on a logarithmic axis', async () => {
    ui = await renderUi(recordedRun(tenClasses), { columns: 80, rows: 24 })
    await ui.press('y')
    expect(ui.lines()[5]).toContain('loss (log)')
  })

  test('several keys that come at once all count', async () => {
    ui = await renderUi(recordedRun(hundredClasses), { columns: 80, rows: 24 })
    await ui.press('\t\t\t')
    await ui.press('\u001b[B\u001b[B')
    expect(ui.lines()[5]).toContain('3 to 18 of 100')
  })

  test('ctrl-c asks the run once, and once more to stop now', async () => {
    ui = await renderUi(recordedRun(tenClasses), { columns: 80, rows: 24 })
    await ui.press('\u0003')
    expect(ui.stops).toEqual(['after_checkpoint'])
    expect(ui.lines()[2]).toContain('stopping after a checkpoint')
    await ui.press('\u0003')
    expect(ui.stops).toEqual(['after_checkpoint', 'now'])
  })

  test('a resize draws the whole screen anew at the new size', async () => {
    ui = await renderUi(recordedRun(tenClasses), { columns: 80, rows: 24 })
    await ui.resize(120, 40)
    expect(ui.lines()).toHaveLength(40)
    await ui.resize(40, 15)
    expect(ui.lines()).toHaveLength(15)
    expect(Math.max(...ui.lines().map((line) => line.length))).toBeLessThanOrEqual(40)
  })
})
