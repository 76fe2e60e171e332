// The terminal UI of a run: status lines, curves, classes, keys. It reads a store of journal events and asks for stops;
// it computes nothing and never touches the run itself.
import { Box, type Key as InkKey, useInput, useStdin, useStdout } from 'ink'
import { type ReactElement, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { printable } from '../output/cell-width.js'
import type { RunView } from '../output/run-view.js'
import { terminalSize } from '../output/terminal.js'
import type { RunActions } from './actions.js'
import { narrowestClassRow } from './class-panel.js'
import { initialScreen, type Key, pressKey, type ScreenState } from './keys.js'
import { type Focus, isReduced, layoutFor } from './layout.js'
import { HelpOverlay, StopOverlay } from './overlays.js'
import { keyHint, Lines } from './panel.js'
import { AccuracyPanel, ClassPanel, LossPanel } from './panels.js'
import { joinFitting, type Line, padLine } from './spans.js'
import { accuracyLine, factsLine, progressLines, type StatusRequest, titleLine } from './status.js'
import type { RunStore } from './store.js'
import { okabeIto, type Theme } from './theme.js'

export interface AppProps {
  readonly store: RunStore
  readonly theme: Theme
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** None where keys only move what is shown. */
  readonly actions: RunActions | undefined
}

const overviewOrder: readonly Focus[] = ['overview', 'losses', 'accuracy', 'classes']
const reducedOrder: readonly Focus[] = ['losses', 'accuracy', 'classes']

export function App({ store, theme, clock, actions }: AppProps): ReactElement {
  const view = useSyncExternalStore(store.subscribe, store.snapshot)
  const { columns, rows } = useTerminalSize()
  const [screen, setScreen] = useState(initialScreen)
  // Several keys can come before the next render; each acts on what the one before made of the screen.
  const latest = useRef(screen)
  const now = useClock(clock)

  // Without a terminal to read from (`< /dev/null`) there are no keys; Ctrl-C then comes as a signal.
  const { isRawModeSupported } = useStdin()
  const takeKeys = (input: string, key: InkKey): void => {
    for (const pressed of pressedKeys(input, key)) {
      const result = pressKey(latest.current, pressed, {
        stopping: store.snapshot().stopping,
        classes: view.started?.classes.length ?? 0,
        order: isReduced(columns, rows) ? reducedOrder : overviewOrder,
      })
      latest.current = result.screen
      if (result.stop !== undefined && actions !== undefined) {
        store.asked(result.stop)
        actions.tell({ command: result.stop === 'now' ? 'stop_now' : 'stop' })
      }
    }
    setScreen(latest.current)
  }
  useInput(takeKeys, { isActive: isRawModeSupported })

  return <Frame view={view} theme={theme} now={now} columns={columns} rows={rows} screen={screen} />
}

/** Keys of one chunk of input: a terminal hands over several at once when they come fast. */
function pressedKeys(input: string, key: InkKey): readonly Key[] {
  if (key.ctrl && input === 'c') return ['interrupt']
  if (key.tab) return [key.shift ? 'back_tab' : 'tab']
  if (key.escape) return ['escape']
  if (key.upArrow) return ['up']
  if (key.downArrow) return ['down']
  if (key.pageUp) return ['page_up']
  if (key.pageDown) return ['page_down']
  return [...input].map((character) =>
    character === '\t' ? 'tab' : character === '\u0003' ? 'interrupt' : { character },
  )
}

export interface FrameProps {
  readonly view: RunView
  readonly theme: Theme
  readonly now: number
  readonly columns: number
  readonly rows: number
  readonly screen: ScreenState
}

/** One screen, at most `rows` lines high. */
export function Frame(props: FrameProps): ReactElement {
  const { view, theme, now, columns, rows, screen } = props
  const layout = layoutFor(columns, rows, view.started?.classes.length ?? 0, screen.focus, narrowestClassRow)
  const { width } = layout
  const request = { view, width, now, theme }
  const status = [
    titleLine(request),
    ...progressLines(request),
    ...(width < 64 ? [] : [factsLine(request)]),
    accuracyLine(request),
  ]
  if (layout.kind === 'lines') return <Lines lines={status.slice(0, layout.height)} theme={theme} />
  const bodyHeight = layout.kind === 'single' ? layout.height : layout.charts.height + layout.classes.height
  const body = { width, height: bodyHeight, theme }
  return (
    <Box flexDirection="column">
      <Lines lines={status} theme={theme} />
      {screen.overlay === 'help' ? (
        <HelpOverlay {...body} />
      ) : screen.overlay === 'stop' ? (
        <StopOverlay {...body} />
      ) : layout.kind === 'single' ? (
        <SinglePanel {...props} {...body} panel={layout.panel} />
      ) : (
        <Box flexDirection="column">
          <Box flexDirection="row">
            <LossPanel
              view={view}
              width={layout.charts.left}
              height={layout.charts.height}
              theme={theme}
              logarithmic={screen.logarithmic}
            />
            <AccuracyPanel
              view={view}
              width={layout.charts.right}
              height={layout.charts.height}
              theme={theme}
            />
          </Box>
          <ClassPanel
            view={view}
            width={width}
            height={layout.classes.height}
            theme={theme}
            arrangement={layout.classes.arrangement}
            scroll={0}
          />
        </Box>
      )}
      <Lines lines={[footer(request)]} theme={theme} />
    </Box>
  )
}

function SinglePanel(
  props: FrameProps & {
    readonly panel: Exclude<Focus, 'overview'>
    readonly width: number
    readonly height: number
  },
): ReactElement {
  const { view, width, height, theme, screen } = props
  switch (props.panel) {
    case 'losses':
      return (
        <LossPanel view={view} width={width} height={height} theme={theme} logarithmic={screen.logarithmic} />
      )
    case 'accuracy':
      return <AccuracyPanel view={view} width={width} height={height} theme={theme} />
    case 'classes':
      return (
        <ClassPanel
          view={view}
          width={width}
          height={height}
          theme={theme}
          arrangement="rows"
          scroll={screen.scroll}
        />
      )
  }
}

/** An advice stands in the place of the keys for so long, ms. */
const adviceTime = 60_000

function footer({ view, width, now, theme }: StatusRequest): Line {
  const { advice } = view
  if (advice !== undefined && now - advice.time < adviceTime) {
    return padLine([{ text: printable(advice.message), colour: okabeIto.orange }], width, theme.cut)
  }
  const hints = [
    keyHint('?', 'keys'),
    keyHint('tab', 'next panel'),
    keyHint('y', 'log axis'),
    keyHint('q', 'stop'),
    keyHint('ctrl-c', 'stop after a checkpoint'),
  ]
  return padLine(joinFitting(hints, '   ', width), width, theme.cut)
}

/** Size of the terminal, followed while it changes. */
function useTerminalSize(): { readonly columns: number; readonly rows: number } {
  const { stdout } = useStdout()
  const [size, setSize] = useState(terminalSize(stdout))
  useEffect(() => {
    const follow = (): void => setSize(terminalSize(stdout))
    follow()
    stdout.on('resize', follow)
    return () => {
      stdout.off('resize', follow)
    }
  }, [stdout])
  return size
}

/** The time, renewed every second, so that clocks move while no event comes. */
function useClock(clock: () => number): number {
  const [now, setNow] = useState(clock)
  useEffect(() => {
    const timer = setInterval(() => setNow(clock()), 1000)
    return () => clearInterval(timer)
  }, [clock])
  return Math.max(now, clock())
}
