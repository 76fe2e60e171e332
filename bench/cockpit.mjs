// What watching a training costs: opens the journal of a run of 200 epochs with 100 classes and confusion
// matrices in the terminal UI, lets it go on in real time (four step events a second), and measures the
// process that watches: time until everything is on the screen, share of a core, memory.
// Usage: node bench/cockpit.mjs [--seconds 60] [--panels 1,2,3,4,5] [--classes 100] [--columns 120] [--rows
// 40]
import { fork } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { madeJournal } from './made-journal.mjs'

const bars = { open: 2, share: 0.01, memory: 150 }

if (process.send !== undefined) await watch()
else await measure()

async function measure() {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      panels: { type: 'string', default: '1,2,3,4,5' },
      classes: { type: 'string', default: '100' },
      columns: { type: 'string', default: '120' },
      rows: { type: 'string', default: '40' },
    },
  })
  const folder = mkdtempSync(join(tmpdir(), 'saurun-cockpit-'))
  const journal = join(folder, 'journal.jsonl')
  let isMissed = false
  try {
    console.log(
      `${values.classes} classes, 200 epochs, ${values.columns}x${values.rows}, ${values.seconds} s a panel`,
    )
    for (const panel of values.panels.split(',')) {
      const { past, next } = history(folder, Number(values.classes))
      writeFileSync(journal, past.map((event) => `${JSON.stringify(event)}\n`).join(''))
      const size = statSync(journal).size
      const words = [journal, `${past.length}`, panel, values.columns, values.rows]
      const child = fork(fileURLToPath(import.meta.url), words, {
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
        env: { ...process.env, FORCE_COLOR: '3', NODE_ENV: 'production' },
      })
      let bytes = 0
      child.stdout.on('data', (chunk) => {
        bytes += chunk.length
      })
      const opened = await answer(child)
      // The just-in-time compiler settles.
      await play(journal, next, 5)
      child.send('begin')
      bytes = 0
      await play(journal, next, Number(values.seconds))
      child.send('end')
      const { share, memory } = await answer(child)
      child.kill()
      isMissed ||= opened.seconds > bars.open || share > bars.share || memory > bars.memory
      console.log(
        `panel ${panel}: ${(size / 1e6).toFixed(1)} MB of journal on the screen after ${opened.seconds.toFixed(2)} s (bar ${bars.open}; ${opened.cpu.toFixed(2)} s of a core), ` +
          `${(100 * share).toFixed(2)} % of a core (bar ${100 * bars.share}), ${memory.toFixed(0)} MB (bar ${bars.memory}), ` +
          `${(bytes / Number(values.seconds) / 1000).toFixed(1)} kB/s to the terminal`,
      )
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  process.exitCode = isMissed ? 1 : 0
}

/** All but the last five epochs as if they had just been trained, and an iterator over the rest. */
function history(runFolder, classes) {
  const events = [...madeJournal({ runFolder, classes, epochs: 200, stepEvents: 240, start: 0 })]
  const border = events.findIndex(({ event, epoch }) => event === 'epoch_done' && epoch === 194) - 20
  const begun = Date.now() - events[border].time
  const moved = events.map((event) => ({ ...event, time: event.time + begun }))
  return { past: moved.slice(0, border), next: moved.slice(border)[Symbol.iterator]() }
}

/** Appends events in real time, all of a second's together with nothing else in between. */
async function play(journal, events, seconds) {
  const end = Date.now() + seconds * 1000
  while (Date.now() < end) {
    const { value } = events.next()
    if (value === undefined) throw new Error('the journal is too short for so many seconds')
    appendFileSync(journal, `${JSON.stringify({ ...value, time: Date.now() })}\n`)
    if (value.event === 'steps_done') await sleep(250)
  }
}

function answer(child) {
  return new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', (code) => reject(new Error(`the watching process ended with ${code}`)))
  })
}

/** The process that is measured: what `saurun attach` does, on a terminal that is a pipe. */
async function watch() {
  // From the start of the process.
  const begun = 0
  const [journal, events, panel, columns, rows] = process.argv.slice(2)
  Object.assign(process.stdout, { isTTY: true, columns: Number(columns), rows: Number(rows) })
  const keyboard = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: () => {},
    ref: () => {},
    unref: () => {},
  })
  Object.defineProperty(process, 'stdin', { value: keyboard })
  const { startTerminalUi } = await import('../dist/runtime/observe/tui/start.js')
  const { confusionReader } = await import('../dist/runtime/run/folder/confusions.js')
  const { followJournal } = await import('../dist/runtime/run/journal/follow.js')
  const ui = await startTerminalUi({
    colour: true,
    unicode: true,
    actions: { tell() {}, detach() {} },
    confusionOf: confusionReader(dirname(journal)),
  })
  keyboard.write(panel)
  let since
  process.on('message', (message) => {
    if (message === 'begin') since = { cpu: process.cpuUsage(), at: performance.now() }
    else {
      const { user, system } = process.cpuUsage(since.cpu)
      const share = (user + system) / 1000 / (performance.now() - since.at)
      process.send({ share, memory: process.resourceUsage().maxRSS / 1024 })
    }
  })
  let read = 0
  for await (const event of followJournal(journal, { interval: 200 })) {
    ui.event(event)
    read++
    if (read !== Number(events)) continue
    // The next screen holds it all.
    setTimeout(() => {
      const { user, system } = process.cpuUsage()
      process.send({ seconds: (performance.now() - begun) / 1000, cpu: (user + system) / 1e6 })
    }, 250)
  }
}
