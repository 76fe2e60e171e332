// When the cockpit draws: seldom while steps come, at once for keys and for what one waits for, never after
// it is closed.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createCockpit } from '../../../runtime/observe/tui/cockpit.js'
import { themeFor } from '../../../runtime/observe/tui/theme.js'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import { recordedRun, tenClasses } from '../text/recorded-run.js'
import { PaintedTerminal, plainText } from './rendered-frame.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const events = recordedRun(tenClasses)
const eventOf = (kind: JournalEvent['event']): JournalEvent => {
  const found = events.find(({ event }) => event === kind)
  if (found === undefined) throw new Error(`no ${kind} was recorded`)
  return found
}

function started() {
  const terminal = new PaintedTerminal(80, 24)
  const theme = themeFor({ colour: true, unicode: true })
  const clock = (): number => (events[0]?.time ?? 0) + performance.now()
  const cockpit = createCockpit({ terminal, theme, clock, actions: undefined, confusionOf: () => undefined })
  const [begun] = events
  if (begun !== undefined) cockpit.event(begun)
  vi.advanceTimersByTime(2000)
  return { terminal, cockpit }
}

test('steps bring at most one screen a second', () => {
  const { terminal, cockpit } = started()
  const before = terminal.paints
  const steps = events.filter(({ event }) => event === 'steps_done')
  for (let i = 0; i < 40; i++) {
    const event = steps[i % steps.length]
    if (event !== undefined) cockpit.event(event)
    vi.advanceTimersByTime(250)
  }
  expect(terminal.paints - before).toBeGreaterThanOrEqual(9)
  expect(terminal.paints - before).toBeLessThanOrEqual(11)
})

test('the end of an epoch is on the screen within a quarter of a second', () => {
  const { terminal, cockpit } = started()
  cockpit.event(eventOf('steps_done'))
  vi.advanceTimersByTime(1000)
  cockpit.event(eventOf('evaluated'))
  vi.advanceTimersByTime(250)
  expect(terminal.rowTexts.map(plainText).join('\n')).toContain('many')
})

test('a key is answered at once', () => {
  const { terminal, cockpit } = started()
  cockpit.keys([{ character: '5' }])
  expect(plainText(terminal.rowTexts.at(-1) ?? '')).toContain('[5 log]')
})

test('the clock goes on while no event comes', () => {
  const { terminal } = started()
  const gone = (): string | undefined =>
    /[\d.:]+ s gone/.exec(terminal.rowTexts.map(plainText).join('\n'))?.[0]
  const before = gone()
  vi.advanceTimersByTime(3000)
  expect(gone()).not.toBe(before)
})

test('a closed cockpit draws no more', () => {
  const { terminal, cockpit } = started()
  cockpit.close()
  const before = terminal.paints
  cockpit.event(eventOf('evaluated'))
  cockpit.keys(['tab'])
  terminal.emit('resize')
  vi.advanceTimersByTime(5000)
  expect(terminal.paints).toBe(before)
})
