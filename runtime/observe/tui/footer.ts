// The last line: the panels and the keys; in their place what is being typed, or a note.
import { printable } from '../../../grammar/printable.js'
import { cellWidth } from '../../platform/cell-width.js'
import type { RunView } from '../../run/view/run-view.js'
import { keyHint } from './box.js'
import { type PanelName, panels, type ScreenState } from './keys.js'
import { firstFitting, joined, joinFitting, type Line, padLine } from './spans.js'
import { okabeIto, type Theme } from './theme.js'

export interface FooterRequest {
  readonly view: RunView
  readonly screen: ScreenState
  readonly note: string | undefined
  /** Whether keys may act on the run. */
  readonly acts: boolean
  readonly width: number
  readonly theme: Theme
}

/** One line of exactly `width` cells. */
export function footer(request: FooterRequest): Line {
  const { width, theme } = request
  return padLine(promptLine(request) ?? noticeLine(request) ?? keyLine(request), width, theme.cut)
}

function promptLine({ screen, width }: FooterRequest): Line | undefined {
  const { mode, filter } = screen
  const prompt = (label: string, typed: string, ...hints: readonly Line[]): Line =>
    promptFor(label, typed, hints, width)
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

/** What is typed, of which the end stays in sight, and as many hints as fit beside it. */
export function promptFor(label: string, typed: string, hints: readonly Line[], width: number): Line {
  const room = width - cellWidth(label) - 1
  const shown = printable(typed)
  const input: Line = [
    { text: label, colour: okabeIto.skyBlue, bold: true },
    { text: `${shown.length <= room ? shown : shown.slice(-Math.max(1, room))}_`, bold: true },
  ]
  return joinFitting([input, ...hints], '   ', width)
}

function noticeLine({ note }: FooterRequest): Line | undefined {
  return note === undefined ? undefined : [{ text: note, colour: okabeIto.yellow }]
}

/**
 * The panels, the one on the screen in brackets, and the keys: with all words where they fit, in the end
 * without any.
 */
function keyLine({ view, screen, acts, width, theme }: FooterRequest): Line {
  const hints = (isShort: boolean, isBare: boolean, separator: string): Line => {
    const hint = (key: string, words: string, few = words): Line =>
      isBare ? [{ text: key, colour: okabeIto.skyBlue, bold: true }] : keyHint(key, isShort ? few : words)
    return joined(
      [
        keyHint('?', 'keys'),
        hint('q', 'leave'),
        ...(screen.panel === 'classes' || screen.panel === 'data' ? [hint('/', 'filter')] : []),
        ...(acts ? [hint('p', view.paused ? 'go on' : 'pause')] : [[{ text: 'read-only', dim: true }]]),
        ...(acts ? [hint('e', 'evaluate', 'eval'), hint('s', 'stop')] : []),
        ...(screen.panel === 'overview' ? [hint('y', 'log axis', 'log')] : []),
      ],
      separator,
    )
  }
  const forms: readonly (readonly [tabs: 'named' | 'numbered' | 'bare', hints: Line])[] = [
    ['named', hints(false, false, '  ')],
    ['numbered', hints(false, false, '  ')],
    ['bare', hints(true, false, '  ')],
    ['bare', hints(true, false, ' ')],
    ['bare', hints(true, true, ' ')],
  ]
  return firstFitting(
    forms.map(([tabs, keys]) => [...panelTabs(screen.panel, tabs), { text: '  ' }, ...keys]),
    width,
    theme.cut,
  )
}

function panelTabs(shown: PanelName, form: 'named' | 'numbered' | 'bare'): Line {
  const tabs = panels.map((panel, position): Line => {
    const isShown = panel === shown
    const text =
      form === 'named' || (isShown && form === 'numbered') ? `${position + 1} ${panel}` : `${position + 1}`
    return isShown
      ? [{ text: `[${text}]`, bold: true, colour: okabeIto.skyBlue }]
      : [{ text: form === 'named' ? ` ${text} ` : text, dim: true }]
  })
  return joined(tabs, form === 'named' ? '' : ' ')
}
