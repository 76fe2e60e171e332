// What stands in the place of the panels while it is asked for: the keys, and questions before the run is
// left or stopped.
import { borders, boxed, type Extent, keyHint } from './box.js'
import { flow, type Line, wrapLine } from './spans.js'
import type { Theme } from './theme.js'

export interface Overlay {
  readonly title: string
  readonly lines: readonly Line[]
  /** What is below the lines where there is room for it. */
  readonly notes?: readonly Line[]
  /** The same in few words, for where the lines have no room. */
  readonly short: readonly Line[]
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
    ],
    notes: [
      [{ text: 'Bars: images of a class (real, synthetic), then its recall.', dim: true }],
      [{ text: 'Colours of classes: their group by real images (many, medium, few).', dim: true }],
    ],
    short: [
      keyHint('1-5 tab', 'panels'),
      keyHint('arrows', 'scroll'),
      keyHint('/', 'filter'),
      keyHint('y', 'log axis'),
      ...(acts
        ? [
            keyHint('p', 'pause'),
            keyHint('e', 'evaluate'),
            keyHint('+', 'extend'),
            keyHint('s', 'stop'),
            keyHint('q', 'leave'),
            keyHint('ctrl-c', 'stop'),
          ]
        : [keyHint('q', 'leave')]),
      keyHint('?', 'close'),
    ],
  }
}

/**
 * The overlay in a frame in the place of the panels; of the whole screen above the last line, where it has no
 * room there; in few words, where not even that is enough.
 * @param body what the panels fill
 * @param screen `body` and the lines above it
 */
export function overlayBox(
  overlay: Overlay,
  { body, screen, theme }: { readonly body: Extent; readonly screen: Extent; readonly theme: Theme },
): { readonly isWhole: boolean; readonly lines: readonly Line[] } {
  const inner = body.width - borders - 1
  const wrapped = (some: readonly Line[]): readonly Line[] =>
    some.flatMap((line) => wrapLine(line, inner, theme.cut))
  const own = wrapped(overlay.lines)
  const isWhole = own.length > body.height - borders
  const extent = isWhole ? screen : body
  const room = extent.height - borders
  const notes = overlay.notes === undefined ? [] : [[], ...wrapped(overlay.notes)]
  const full = own.length + notes.length <= room ? [...own, ...notes] : own
  const shown = full.length <= room ? full : flow(overlay.short, '  ', inner, theme.cut)
  const lines = shown.map((line) => [{ text: ' ' }, ...line])
  return { isWhole, lines: boxed([{ text: overlay.title, bold: true }], lines, extent, theme) }
}

/** The overlay on a screen that is too small for frames: at most `rows` lines. */
export function overlayLines(overlay: Overlay, { width, height }: Extent, theme: Theme): readonly Line[] {
  const full = overlay.lines.flatMap((line) => wrapLine(line, width, theme.cut))
  return (full.length <= height ? full : flow(overlay.short, '  ', width, theme.cut)).slice(0, height)
}
