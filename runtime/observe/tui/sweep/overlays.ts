// What stands in the place of the table while it is asked for: the keys, and questions before something is
// stopped.
import { printable } from '../../../../grammar/printable.js'
import { keyHint } from '../box.js'
import type { Overlay } from '../overlays.js'
import type { Line } from '../spans.js'
import type { Theme } from '../theme.js'

/** All keys; without those that act on the sweep where none do. */
export function sweepHelp(acts: boolean, { unicode }: Theme): Overlay {
  const acting: readonly Line[] = acts
    ? [
        keyHint('x', '       stop the selected run after a checkpoint'),
        keyHint('P', '       prune its setting: no seed of it is trained on (asks)'),
        keyHint('+', '       add trials to a search'),
        keyHint('s', '       stop the sweep after checkpoints (asks)'),
        keyHint('q', '       leave: the sweep goes on, or stops (asks)'),
        keyHint('ctrl-c', '  stop after checkpoints; twice: stop now'),
      ]
    : [keyHint('q', '       leave (ctrl-c too); the sweep goes on')]
  return {
    title: 'keys',
    lines: [
      keyHint('arrows', '  select a run; page up, page down, home, end too'),
      keyHint('enter', '   open the selected run; leaving it comes back here'),
      ...acting,
      keyHint('?, esc', '  close this'),
    ],
    notes: [
      [{ text: 'Runs stand by the newest value of the metric, the best first.', dim: true }],
      [{ text: `Curves share one scale; ${unicode ? '▁' : '.'} is the lowest value shown.`, dim: true }],
    ],
    short: [
      keyHint('arrows', 'select'),
      keyHint('enter', 'open'),
      ...(acts
        ? [
            keyHint('x', 'stop run'),
            keyHint('P', 'prune'),
            keyHint('+', 'add trials'),
            keyHint('s', 'stop sweep'),
            keyHint('q', 'leave'),
            keyHint('ctrl-c', 'stop'),
          ]
        : [keyHint('q', 'leave')]),
      keyHint('?', 'close'),
    ],
  }
}

export function pruneOverlay(name: string): Overlay {
  return {
    title: 'prune this setting?',
    lines: [
      [{ text: printable(name), bold: true }],
      keyHint('y', 'yes (enter too); no seed of it is trained on'),
      keyHint('n', 'no, keep watching (esc too)'),
    ],
    short: [keyHint('y', 'prune'), keyHint('n', 'keep watching')],
  }
}
