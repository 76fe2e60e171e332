// Starts the screen of a sweep on the process's terminal.
import type { SweepGoal, SweepReader, SweepView } from '../../../apps/sweep/state.js'
import { enterAlternateScreen } from '../screen.js'
import { takeKeys } from '../start.js'
import { themeFor } from '../theme.js'
import type { SweepActions } from './screen.js'

export type { SweepActions } from './screen.js'

export interface SweepUiOptions {
  readonly colour: boolean
  readonly unicode: boolean
  readonly reader: SweepReader
  /** What runs are sorted by. */
  readonly goal: SweepGoal
  /** Instances in all, where a search has not chosen all of its settings yet. */
  readonly expected?: number | undefined
  /** Whether it searches, so that trials can be added. */
  readonly takesTrials: boolean
  /** None for a screen that only shows. */
  readonly actions: SweepActions | undefined
  /** Keys that end watching where there are no actions. */
  readonly onLeave?: () => void
  /** The caller closes this screen, opens the run's, and starts this one again, with `selectedRun`. */
  readonly onOpen?: (runFolder: string) => void
  readonly selectedRun?: string | undefined
}

export interface SweepUi {
  /** Looks at the sweep at once, instead of within two seconds. */
  readonly refresh: () => void
  readonly view: () => SweepView
  /** Closes the screen and gives the normal one back. */
  readonly close: () => Promise<void>
}

export async function startSweepUi(options: SweepUiOptions): Promise<SweepUi> {
  const { createSweepScreen } = await import('./screen.js')
  const alternate = enterAlternateScreen(process.stdout)
  const screen = createSweepScreen({
    ...options,
    terminal: process.stdout,
    theme: themeFor(options),
    clock: Date.now,
  })
  const leave = (): void => {
    screen.close()
    alternate.leave()
  }
  // As in the cockpit: the screen does not wait for Ink, and a fault in it ends the program on the normal
  // screen.
  const close = takeKeys(screen.keys, leave)
  return {
    refresh: screen.refresh,
    view: screen.view,
    async close() {
      screen.close()
      await close()
    },
  }
}
