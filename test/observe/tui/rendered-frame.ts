// The UI on a terminal of a given size that only exists in memory: keys go in as bytes, and what is painted
// is applied to rows of text as a terminal does it.

import { EventEmitter } from 'node:events'
import { render } from 'ink'
import { createElement } from 'react'
import { type Cockpit, createCockpit } from '../../../runtime/observe/tui/cockpit.js'
import { KeyReader } from '../../../runtime/observe/tui/key-reader.js'
import { themeFor } from '../../../runtime/observe/tui/theme.js'
import type { Command } from '../../../runtime/run/journal/commands.js'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import { matrices } from './cockpit-run.js'

export interface RenderedUi {
  /** What stands on the terminal, one string a row, without trailing blanks. */
  readonly lines: () => readonly string[]
  readonly text: () => string
  /** With trailing blanks and codes of style. */
  readonly raw: () => readonly string[]
  readonly press: (keys: string) => Promise<void>
  readonly resize: (columns: number, rows: number) => void
  readonly cockpit: Cockpit
  /** What the run was told. */
  readonly told: readonly Command[]
  readonly left: readonly ('detached' | 'left')[]
  readonly paints: () => number
  readonly close: () => void
}

export interface Look {
  readonly colour?: boolean
  readonly unicode?: boolean
  readonly readOnly?: boolean
  readonly run?: string
}

/** The smallest terminal that understands what is painted. */
export class PaintedTerminal extends EventEmitter {
  rowTexts: string[] = []
  paints = 0
  readonly isTTY = true
  constructor(
    public columns: number,
    public rows: number,
  ) {
    super()
  }
  write = (text: string): boolean => {
    this.paints++
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes begin with one
    if (/\u001b\[2J/.test(text)) this.rowTexts = []
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes begin with one
    for (const part of text.split(/(?=\u001b\[\d+;1H)/)) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes begin with one
      const match = /^\u001b\[(\d+);1H\u001b\[0m\u001b\[2K(.*)$/s.exec(part)
      if (match === null) continue
      const row = Number(match[1]) - 1
      while (this.rowTexts.length <= row) this.rowTexts.push('')
      this.rowTexts[row] = match[2] ?? ''
    }
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

/** Text without codes of style. */
export function plainText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes begin with one
  return text.replace(/\u001b\[[0-9;?]*[a-zA-Z]/g, '')
}

export async function renderUi(
  events: readonly JournalEvent[],
  size: { readonly columns: number; readonly rows: number },
  look: Look = {},
): Promise<RenderedUi> {
  const { colour = true, unicode = true, readOnly = false, run } = look
  const terminal = new PaintedTerminal(size.columns, size.rows)
  const input = new FakeInput()
  const told: Command[] = []
  const left: ('detached' | 'left')[] = []
  const now = events.at(-1)?.time ?? 0
  let chunks = 0
  const cockpit = createCockpit({
    terminal,
    theme: themeFor({ colour, unicode }),
    clock: () => now,
    confusionOf: matrices.confusionOf,
    actions: readOnly
      ? undefined
      : { tell: (command) => void told.push(command), detach: () => void left.push('detached') },
    onLeave: () => void left.push('left'),
    run,
  })
  for (const event of events) cockpit.event(event)
  cockpit.keys([])
  const onKeys: Cockpit['keys'] = (keys) => {
    cockpit.keys(keys)
    chunks++
  }
  const instance = render(createElement(KeyReader, { onKeys }), {
    stdout: fake({ write: () => true, columns: size.columns, rows: size.rows }, process.stdout),
    stdin: fake(input, process.stdin),
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  })
  // Ink listens for keys from its first effects on.
  for (let waited = 0; input.listenerCount('readable') === 0 && waited < 5000; waited += 5) await pause(5)
  const lines = (): readonly string[] => terminal.rowTexts.map((line) => plainText(line).trimEnd())
  return {
    cockpit,
    told,
    left,
    lines,
    text: () => lines().join('\n'),
    raw: () => terminal.rowTexts,
    paints: () => terminal.paints,
    async press(keys) {
      const before = chunks
      input.type(keys)
      for (let waited = 0; chunks === before && waited < 5000; waited += 5) await pause(5)
      await pause(5)
    },
    resize(columns, rows) {
      terminal.columns = columns
      terminal.rows = rows
      terminal.emit('resize')
    },
    close() {
      cockpit.close()
      instance.unmount()
    },
  }
}

/** `stand` in the place of a stream of the process: what it lacks comes from the real one. */
function fake<T extends object>(stand: object, real: T): T {
  return new Proxy(real, {
    get: (_, key) => Reflect.get(key in stand ? stand : real, key),
    set: (_, key, value) => Reflect.set(stand, key, value),
  })
}
