// Whether Ink might draw the cockpit: the same frames of a run, a step further each, put on a terminal by the
// cockpit's painter and by Ink with incremental rendering. Ink has them in the two forms that there are: a
// `Text` for every span, or a `Text` for every line with its colours in it, which React leaves alone where it
// is as it was. Blocks of frames change places, so that all three meet the same machine. Prints CPU time and
// bytes a frame, as medians over blocks.
// Usage: npm run build && node bench/ink-drawing.mjs [--frames 30] [--blocks 5] [--classes 100]
//   [--columns 120] [--rows 40]
import { EventEmitter } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { madeJournal } from './made-journal.mjs'
import { median } from './median.mjs'

process.env.NODE_ENV = 'production'
process.env.FORCE_COLOR = '3'
// Ink draws nothing before its end where it takes its place for a machine of continuous integration.
process.env.CI = 'false'

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '30' },
    blocks: { type: 'string', default: '5' },
    classes: { type: 'string', default: '100' },
    columns: { type: 'string', default: '120' },
    rows: { type: 'string', default: '40' },
  },
})
const columns = Number(values.columns)
// Ink clears the whole terminal for every frame that fills it; it is given a row that stays free.
const rows = Number(values.rows)

const { render, Box, Text } = await import('ink')
const { createElement, memo } = await import('react')
const { lineStyler } = await import('../dist/runtime/observe/tui/ansi.js')
const { drawFrame } = await import('../dist/runtime/observe/tui/frame.js')
const { initialScreen, panels } = await import('../dist/runtime/observe/tui/keys.js')
const { createRunLog } = await import('../dist/runtime/observe/tui/log.js')
const { createPainter } = await import('../dist/runtime/observe/tui/painter.js')
const { themeFor } = await import('../dist/runtime/observe/tui/theme.js')
const { confusionReader } = await import('../dist/runtime/run/folder/confusions.js')
const { emptyRunView, reduceRunView } = await import('../dist/runtime/run/view/run-view.js')

const runFolder = mkdtempSync(join(tmpdir(), 'saurun-ink-'))
process.on('exit', () => rmSync(runFolder, { recursive: true, force: true }))
const classes = Number(values.classes)
const events = [...madeJournal({ runFolder, classes, epochs: 200, stepEvents: 240, start: 0 })]
const confusionOf = confusionReader(runFolder)

const theme = themeFor({ colour: true, unicode: true })
// Made anew for every block, for it remembers the lines that it has styled.
let style = lineStyler(theme)

/** A terminal that counts what it is given. */
function countingTerminal(height) {
  const terminal = new EventEmitter()
  return Object.assign(terminal, {
    isTTY: true,
    columns,
    rows: height,
    bytes: 0,
    write(text) {
      terminal.bytes += Buffer.byteLength(text)
      return true
    },
  })
}

/** Frames of one panel, as lines of spans: a run of 200 epochs, near its end, one event further each. */
function framesOf(panel, count) {
  const log = createRunLog()
  let view = emptyRunView
  const frames = []
  for (const [position, event] of events.entries()) {
    view = reduceRunView(view, event)
    log.add(event, view)
    if (position < events.length - count) continue
    frames.push(
      drawFrame({
        view,
        run: undefined,
        confusionOf,
        log: log.lines(),
        screen: { ...initialScreen, panel },
        note: undefined,
        acts: true,
        now: view.now,
        columns,
        rows,
        theme,
      }),
    )
  }
  return frames
}

/** A line that React leaves alone where its text is as it was. */
const InkLine = memo(({ text }) => createElement(Text, { wrap: 'truncate' }, text))

function spanProps({ colour, bold, dim }) {
  return { ...(colour && { color: colour }), ...(bold && { bold }), ...(dim && { dimColor: dim }) }
}

/** The ways to put a frame on a terminal: each has a terminal of its own and shows one frame. */
function ways() {
  const own = countingTerminal(rows)
  const painter = createPainter(own)
  const ink = (treeOf) => {
    const terminal = countingTerminal(rows + 1)
    const screen = render(createElement(Box), {
      stdout: terminal,
      incrementalRendering: true,
      maxFps: 0,
      exitOnCtrlC: false,
      patchConsole: false,
    })
    return { terminal, show: (frame) => screen.rerender(treeOf(frame)), end: () => screen.unmount() }
  }
  const column = (children) => createElement(Box, { flexDirection: 'column' }, ...children)
  return {
    painter: { terminal: own, show: (frame) => painter.paint(frame.map((line) => style(line))), end() {} },
    'Ink, a Text for each span': ink((frame) =>
      column(
        frame.map((line, row) =>
          createElement(
            Text,
            { key: row, wrap: 'truncate' },
            ...(line.length === 0
              ? [' ']
              : line.map((span, place) =>
                  createElement(Text, { key: place, ...spanProps(span) }, span.text),
                )),
          ),
        ),
      ),
    ),
    'Ink, a Text for each line': ink((frame) =>
      column(frame.map((line, row) => createElement(InkLine, { key: row, text: style(line) || ' ' }))),
    ),
  }
}

console.log(
  `${classes} classes, ${columns}x${rows}, ${values.blocks} blocks of ${values.frames} frames; Node ${process.version}`,
)
for (const panel of panels) {
  const frames = framesOf(panel, Number(values.frames))
  const all = Object.entries(ways())
  const found = new Map(all.map(([name]) => [name, { cpu: [], bytes: [] }]))
  // The first block is for the just-in-time compiler.
  for (let block = 0; block <= Number(values.blocks); block++) {
    for (const [name, way] of block % 2 === 0 ? all : all.toReversed()) {
      way.terminal.bytes = 0
      style = lineStyler(theme)
      const begun = process.cpuUsage()
      for (const frame of frames) {
        way.show(frame)
        await turn()
      }
      const { user, system } = process.cpuUsage(begun)
      if (block === 0) continue
      found.get(name).cpu.push((user + system) / 1000 / frames.length)
      found.get(name).bytes.push(way.terminal.bytes / frames.length)
    }
  }
  for (const [name, way] of all) {
    const { cpu, bytes } = found.get(name)
    console.log(
      `${panel.padEnd(9)} ${name.padEnd(26)} ${median(cpu).toFixed(2).padStart(6)} ms of a core, ${Math.round(median(bytes)).toString().padStart(6)} bytes a frame`,
    )
    way.end()
  }
}
