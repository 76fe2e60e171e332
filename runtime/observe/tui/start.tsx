// Starts the terminal UI on a stream and hands back what feeds and closes it. The only file of this folder
// that others load, and only when a terminal is there: everything it imports is slow to load.
import type { Instance } from 'ink'
import type { ConfusionReader } from '../../run/folder/confusions.js'
import type { JournalEvent } from '../../run/journal/events.js'
import type { RunView } from '../../run/view/run-view.js'
import type { RunActions } from './actions.js'
import type { Cockpit } from './cockpit.js'
import { enterAlternateScreen } from './screen.js'
import { themeFor } from './theme.js'

export interface TerminalUi {
  readonly event: (event: JournalEvent) => void
  /** Closes the UI and gives the normal screen back. */
  readonly close: () => Promise<void>
  readonly view: () => RunView
}

export interface TerminalUiOptions {
  readonly colour: boolean
  readonly unicode: boolean
  /** None for a screen that only shows (`--readonly`). */
  readonly actions: RunActions | undefined
  /** The matrices of the run (`confusionReader`). */
  readonly confusionOf: ConfusionReader
  /** Keys that end watching where there are no actions. */
  readonly onLeave?: () => void
  /** Name that the run is known by, where it is not the one in its journal. */
  readonly run?: string | undefined
}

export async function startTerminalUi(options: TerminalUiOptions): Promise<TerminalUi> {
  const { createCockpit } = await import('./cockpit.js')
  const screen = enterAlternateScreen(process.stdout)
  const cockpit = createCockpit({
    terminal: process.stdout,
    theme: themeFor(options),
    clock: Date.now,
    actions: options.actions,
    confusionOf: options.confusionOf,
    onLeave: options.onLeave,
    run: options.run,
  })
  const leave = (): void => {
    cockpit.close()
    screen.leave()
  }
  // Ink takes half a second to load: the screen and the first events do not wait for it. A fault in it ends
  // the program as the bug it is, on the normal screen; the training goes on.
  const close = takeKeys(cockpit.keys, leave)
  return {
    event: cockpit.event,
    view: cockpit.view,
    async close() {
      cockpit.close()
      await close()
    },
  }
}

/**
 * Reads keys until what it returns is called, which then leaves the screen; a fault in reading leaves it too.
 */
export function takeKeys(onKeys: Cockpit['keys'], leave: () => void): () => Promise<void> {
  const reader = readKeys(onKeys)
  const ended = reader
    .then(({ waitUntilExit }) => waitUntilExit())
    .catch((error: unknown) => {
      leave()
      throw error
    })
  return async () => {
    const { unmount } = await reader
    unmount()
    await ended
    leave()
  }
}

/** Reads the keys of the terminal with Ink, which draws nothing. */
async function readKeys(onKeys: Cockpit['keys']): Promise<Instance> {
  // What is typed until Ink listens waits for it, instead of standing on the screen.
  if (process.stdin.isTTY) process.stdin.setRawMode(true)
  // React's development build measures every render into a buffer that grows for as long as the run lasts.
  process.env.NODE_ENV ??= 'production'
  const [{ render }, { createElement }, { KeyReader }] = await Promise.all([
    import('ink'),
    import('react'),
    import('./key-reader.js'),
  ])
  return render(createElement(KeyReader, { onKeys }), {
    stdout: mute(process.stdout),
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  })
}

/** `stream` as Ink sees it: what it writes is left out, for the cockpit paints the screen. */
function mute(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  // As a stream's: what is written, then perhaps an encoding, then perhaps whom to tell.
  const write = (...given: readonly unknown[]): boolean => {
    const tell = given.at(-1)
    if (typeof tell === 'function') setImmediate(() => tell())
    return true
  }
  return new Proxy(stream, {
    get(target, key) {
      if (key === 'write') return write
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
