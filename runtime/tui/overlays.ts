// What stands in the place of the panels while it is asked for: the keys, and questions before the run is left or stopped.
import { boxed, type Extent, keyHint } from './box.js'
import type { Line } from './spans.js'
import type { Theme } from './theme.js'

export interface Overlay {
  readonly title: string
  readonly lines: readonly Line[]
}

/** All keys; without those that act on the run where none do. */
export function helpOverlay(acts: boolean): Overlay {
  const acting: readonly Line[] = acts
    ? [
        keyHint('p', '          pause the run, and go on'),
        keyHint('e', '          evaluate now, between two steps'),
        keyHint('+', '          train some epochs more than the file says'),
        keyHint('s', '          stop after a checkpoint (asks)'),
        keyHint('q', '          leave: the run goes on, or stops (asks)'),
        keyHint('ctrl-c', '     stop after a checkpoint; twice: stop now'),
      ]
    : [keyHint('q, ctrl-c', '  leave; the run goes on')]
  return {
    title: 'keys',
    lines: [
      keyHint('1 to 5', '     overview, classes, data, system, log'),
      keyHint('tab', '        next panel; shift-tab: the one before'),
      keyHint('arrows', '     scroll; page up, page down, home, end too'),
      keyHint('/', '          only classes whose name contains ...; esc: all'),
      keyHint('y', '          logarithmic axis for the losses, and back'),
      ...acting,
      keyHint('?, esc', '     close this'),
      [],
      [{ text: 'Bars: images of a class (real, synthetic), then its recall.', dim: true }],
      [{ text: 'Colours of classes: their group by real images (many, medium, few).', dim: true }],
    ],
  }
}

export const leaveOverlay: Overlay = {
  title: 'leave the run?',
  lines: [
    keyHint('d', 'detach: the run goes on without this screen'),
    keyHint('c', 'stop after a checkpoint (goes on with --resume last)'),
    keyHint('n', 'stop now; what came after the last checkpoint is lost'),
    keyHint('k', 'keep watching (esc too)'),
  ],
}

export const stopOverlay: Overlay = {
  title: 'stop after a checkpoint?',
  lines: [
    keyHint('y', 'yes (enter too); it goes on with --resume last'),
    keyHint('n', 'no, keep watching (esc too)'),
  ],
}

export function overlayBox({ title, lines }: Overlay, body: Extent, theme: Theme): readonly Line[] {
  return boxed(
    [{ text: title, bold: true }],
    lines.map((line) => [{ text: ' ' }, ...line]),
    body,
    theme,
  )
}
