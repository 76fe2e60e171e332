// What stands in the place of the panels while it is asked for: the keys, and the question how to stop.
import type { ReactElement } from 'react'
import { keyHint, Panel } from './panel.js'
import type { Line } from './spans.js'
import type { Theme } from './theme.js'

interface OverlayRequest {
  readonly width: number
  readonly height: number
  readonly theme: Theme
}

export function HelpOverlay({ width, height, theme }: OverlayRequest): ReactElement {
  const lines: readonly Line[] = [
    keyHint('tab', '       next panel: overview, losses, accuracy, classes'),
    keyHint('up, down', '  scroll the classes, where they do not all fit'),
    keyHint('y', '         logarithmic axis for the losses, and back'),
    keyHint('q', '         ask how to stop'),
    keyHint('ctrl-c', '    finish the step, write a checkpoint, stop; twice: stop now'),
    keyHint('?, esc', '    close this'),
    [],
    [{ text: 'Bars: images of a class (real, synthetic), then its accuracy.', dim: true }],
    [{ text: 'Colours of classes: their group by real images (many, medium, few).', dim: true }],
  ]
  return (
    <Panel
      title={[{ text: 'keys', bold: true }]}
      lines={indent(lines)}
      width={width}
      height={height}
      theme={theme}
    />
  )
}

export function StopOverlay({ width, height, theme }: OverlayRequest): ReactElement {
  const lines: readonly Line[] = [
    [{ text: 'The run goes on until you choose.' }],
    keyHint('c', ' stop after a checkpoint (goes on with --resume last)'),
    keyHint('n', ' stop now; what came after the last checkpoint is lost'),
    keyHint('k', ' keep watching (esc too)'),
  ]
  return (
    <Panel
      title={[{ text: 'stop the run?', bold: true }]}
      lines={indent(lines)}
      width={width}
      height={height}
      theme={theme}
    />
  )
}

function indent(lines: readonly Line[]): readonly Line[] {
  return lines.map((line) => [{ text: ' ' }, ...line])
}
