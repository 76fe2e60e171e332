// What a panel is drawn from.

import type { ConfusionReader } from '../../../run/folder/confusions.js'
import type { RunView } from '../../../run/view/run-view.js'
import type { Extent } from '../box.js'
import type { ScreenState } from '../keys.js'
import type { LogLine } from '../log.js'
import type { Theme } from '../theme.js'

export interface PanelRequest {
  readonly view: RunView
  /** The matrix of one of its evaluations. */
  readonly confusionOf: ConfusionReader
  /** Name that the run is known by, where it is not the one in its journal. */
  readonly run: string | undefined
  readonly log: readonly LogLine[]
  readonly screen: ScreenState
  readonly body: Extent
  /** Milliseconds since 1970. */
  readonly now: number
  readonly theme: Theme
}
