// Starts the terminal UI on a stream and hands back what feeds and closes it. The only file of this folder that others
// load, and only when a terminal is there: everything it imports is slow to load.
import type { JournalEvent } from '../journal/events.js'
import { type RunView, reduceRunView } from '../output/run-view.js'
import type { RunActions } from './actions.js'
import { paintingStream } from './painter.js'
import { enterAlternateScreen } from './screen.js'
import { createRunStore } from './store.js'
import { themeFor } from './theme.js'

/** Milliseconds between two screens while events come. A screen costs 15 to 40 ms of a core that training needs too. */
const screenInterval = 400

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
  /** Keys that end watching where there are no actions. */
  readonly onLeave?: () => void
}

export async function startTerminalUi(options: TerminalUiOptions): Promise<TerminalUi> {
  // React's development build measures every render into a buffer that grows for as long as the run lasts.
  process.env.NODE_ENV ??= 'production'
  const [{ render }, { createElement }, { App }] = await Promise.all([
    import('ink'),
    import('react'),
    import('./app.js'),
  ])
  const store = createRunStore(screenInterval)
  let latest = store.snapshot()
  const screen = enterAlternateScreen(process.stdout)
  let isOpen = true
  const element = createElement(App, {
    store,
    theme: themeFor(options),
    clock: Date.now,
    actions: options.actions,
  })
  const instance = render(element, {
    stdout: paintingStream(process.stdout, () => isOpen),
    // Whole frames, for the painting stream.
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  })
  // Asked for now: asked for after the end, the answer would never come. A fault in a component ends the program as the
  // bug it is, on the normal screen; the training process then stops after a checkpoint by itself.
  const ended = instance.waitUntilExit().catch((error: unknown) => {
    isOpen = false
    screen.leave()
    throw error
  })
  return {
    event(event) {
      latest = reduceRunView(latest, event)
      store.add(event)
    },
    view: () => latest,
    async close() {
      isOpen = false
      instance.unmount()
      await ended
      screen.leave()
    },
  }
}
