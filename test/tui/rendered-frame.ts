// Renders the UI as it would stand on a terminal of a given size, without a terminal.
import { EventEmitter } from 'node:events'
import { render } from 'ink'
import { createElement } from 'react'
import type { JournalEvent } from '../../runtime/journal/events.js'
import { App } from '../../runtime/tui/app.js'
import type { StopWish } from '../../runtime/tui/keys.js'
import { createRunStore, type RunStore } from '../../runtime/tui/store.js'
import { themeFor } from '../../runtime/tui/theme.js'

export interface RenderedUi {
  /** The latest frame, one string a line, without trailing blanks. */
  readonly lines: () => readonly string[]
  readonly raw: () => string
  readonly press: (keys: string) => Promise<void>
  readonly resize: (columns: number, rows: number) => Promise<void>
  readonly store: RunStore
  readonly stops: readonly StopWish[]
  readonly close: () => void
}

class FakeOutput extends EventEmitter {
  frame = ''
  frames = 0
  readonly isTTY = true
  constructor(
    public columns: number,
    public rows: number,
  ) {
    super()
  }
  write = (frame: string): boolean => {
    if (frame.startsWith('\u001b[?')) return true
    this.frame = frame
    this.frames++
    return true
  }
}

class FakeInput extends EventEmitter {
  readonly isTTY = true
  private pending: string | null = null
  setEncoding(): void {}
  setRawMode(): void {}
  ref(): void {}
  unref(): void {}
  resume(): void {}
  pause(): void {}
  read(): string | null {
    const text = this.pending
    this.pending = null
    return text
  }
  type(text: string): void {
    this.pending = text
    this.emit('readable')
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Waits for a frame after so many, and for the effects of drawing it. */
async function nextFrame(output: FakeOutput, before: number): Promise<void> {
  for (let waited = 0; output.frames <= before && waited < 5000; waited += 10) await pause(10)
  await pause(20)
}

export async function renderUi(
  events: readonly JournalEvent[],
  size: { readonly columns: number; readonly rows: number },
  look: { readonly colour: boolean; readonly unicode: boolean } = { colour: true, unicode: true },
): Promise<RenderedUi> {
  const output = new FakeOutput(size.columns, size.rows)
  const input = new FakeInput()
  const store = createRunStore(0)
  const stops: StopWish[] = []
  for (const event of events) store.add(event)
  const now = events.at(-1)?.time ?? 0
  const instance = render(
    createElement(App, {
      store,
      theme: themeFor(look),
      clock: () => now,
      actions: {
        tell: (command) => void stops.push(command.command === 'stop_now' ? 'now' : 'after_checkpoint'),
        detach: () => {},
      },
    }),
    {
      stdout: fake(output, process.stdout),
      stdin: fake(input, process.stdin),
      debug: true,
      exitOnCtrlC: false,
      patchConsole: false,
    },
  )
  await nextFrame(output, 0)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes begin with one
  const plain = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, '')
  return {
    store,
    stops,
    raw: () => output.frame,
    lines: () =>
      plain(output.frame)
        .split('\n')
        .map((line) => line.trimEnd()),
    async press(keys) {
      const before = output.frames
      input.type(keys)
      await nextFrame(output, before)
    },
    async resize(columns, rows) {
      output.columns = columns
      output.rows = rows
      const before = output.frames
      output.emit('resize')
      await nextFrame(output, before)
    },
    close: () => instance.unmount(),
  }
}

/** `stand` in the place of a stream of the process: what it lacks comes from the real one. */
function fake<T extends object>(stand: object, real: T): T {
  return new Proxy(real, {
    get: (_, key) => Reflect.get(key in stand ? stand : real, key),
    set: (_, key, value) => Reflect.set(stand, key, value),
  })
}
