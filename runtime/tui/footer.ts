// The last line: the panels and the keys; in their place what is being typed, a note, or what the run was advised of.
import { printable } from '../output/cell-width.js'
import type { RunView } from '../output/run-view.js'
import { keyHint } from './box.js'
import { panels, type ScreenState } from './keys.js'
import { joinFitting, type Line, lineWidth, padLine } from './spans.js'
import { okabeIto, type Theme } from './theme.js'

export interface FooterRequest {
  readonly view: RunView
  readonly screen: ScreenState
  readonly note: string | undefined
  /** Whether keys may act on the run. */
  readonly acts: boolean
  /** Milliseconds since 1970. */
  readonly now: number
  readonly width: number
  readonly theme: Theme
}

/** An advice stands in the place of the keys for so long, ms. */
const adviceTime = 60_000

/** One line of exactly `width` cells. */
export function footer(request: FooterRequest): Line {
  const { width, theme } = request
  return padLine(promptLine(request) ?? noticeLine(request) ?? keyLine(request), width, theme.cut)
}

function promptLine({ screen, width }: FooterRequest): Line | undefined {
  const { mode, filter } = screen
  const prompt = (label: string, typed: string, ...hints: readonly Line[]): Line => {
    const input: Line = [
      { text: label, colour: okabeIto.skyBlue, bold: true },
      { text: `${printable(typed)}_`, bold: true },
    ]
    return joinFitting([input, ...hints], '   ', width)
  }
  switch (mode.kind) {
    case 'filter':
      return prompt('classes named /', filter, keyHint('enter', 'keep'), keyHint('esc', 'all'))
    case 'extend':
      return prompt('epochs more: ', mode.digits, keyHint('enter', 'extend'), keyHint('esc', 'leave it'))
    case 'watch':
    case 'help':
    case 'leave':
    case 'stop':
      return undefined
  }
}

function noticeLine({ view, note, now }: FooterRequest): Line | undefined {
  if (note !== undefined) return [{ text: note, colour: okabeIto.yellow }]
  const { advice } = view
  if (advice === undefined || now - advice.time >= adviceTime) return undefined
  return [{ text: printable(advice.message), colour: okabeIto.orange }]
}

/** Names of the panels where they fit; the one on the screen in brackets. */
function keyLine({ view, screen, acts, width }: FooterRequest): Line {
  const tabs = (named: boolean): Line =>
    panels.map((panel, position) => {
      const isShown = panel === screen.panel
      const text = named || isShown ? `${position + 1} ${panel}` : `${position + 1}`
      return isShown
        ? { text: `[${text}]`, bold: true, colour: okabeIto.skyBlue }
        : { text: ` ${text} `, dim: true }
    })
  const named = tabs(true)
  const first = lineWidth(named) <= width - 8 ? named : tabs(false)
  const hints = [
    keyHint('?', 'keys'),
    keyHint('q', 'leave'),
    ...(screen.panel === 'classes' || screen.panel === 'data' ? [keyHint('/', 'filter')] : []),
    ...(acts ? [keyHint('p', view.paused ? 'go on' : 'pause')] : [[{ text: 'read-only', dim: true }]]),
    ...(acts ? [keyHint('e', 'evaluate'), keyHint('s', 'stop')] : []),
    ...(screen.panel === 'overview' ? [keyHint('y', 'log axis')] : []),
  ]
  return joinFitting([first, ...hints], '  ', width)
}
