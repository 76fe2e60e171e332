// What watching a run costs: the processor time and the memory of the process that shows it, and how soon it
// shows something. A run of the quickstart's experiment trains on one thread; each way of watching it draws
// for a while, the terminal UI on a terminal of 120 columns and 40 rows made by `script` (util-linux). Linux
// only: reads /proc.
// Usage: node bench/parent.mjs [--seconds 60] [--engine onnx] [--only ui,plain,json,attach,attach-plain]
//   (npm run build before)
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { median } from './median.mjs'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    engine: { type: 'string', default: 'onnx' },
    only: { type: 'string', default: 'ui,plain,json,attach,attach-plain' },
  },
})
const seconds = Number(values.seconds)
const wanted = new Set(values.only.split(','))
const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const main = here('../dist/runtime/cli/main.js')

/** Share of one core, MB, seconds. */
const bars = { share: 0.01, memory: 150, attach: 1 }

const folder = mkdtempSync(join(tmpdir(), 'saurun-parent-'))
const environment = { ...process.env, SAURUN_RUNS_DIR: join(folder, 'runs'), TERM: 'xterm-256color' }
for (const name of ['CI', 'NO_COLOR', 'FORCE_COLOR', 'NODE_ENV']) delete environment[name]
const experiment = join(folder, 'long.sau')
const quickstart = readFileSync(here('../examples/quickstart.sau'), 'utf8')
writeFileSync(experiment, quickstart.replace(/epochs( *)= 8/, 'epochs$1= 5000'))
const start = [experiment, '--engine', values.engine, '--threads', '1', '--workers', '0']

/** Starts `saurun` as a child of this process, or inside a terminal; `out` is called with what it shows. */
function saurun(words, onTerminal, out) {
  const quoted = ['exec', process.execPath, main, ...words]
    .map((word) => `'${word}'`)
    .join(' ')
    .replace("'exec'", 'exec')
  const child = onTerminal
    ? spawn('script', ['-qfc', `stty rows 40 columns 120; ${quoted}`, '/dev/null'], {
        cwd: folder,
        env: environment,
        stdio: ['pipe', 'pipe', 'inherit'],
      })
    : spawn(process.execPath, [main, ...words], {
        cwd: folder,
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
  child.stdout.on('data', out)
  child.stderr?.on('data', out)
  return child
}

/** The process of `saurun` itself: the child, or below `script`. */
function pidOf(child, onTerminal) {
  if (!onTerminal) return child.pid
  const [below] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')
  return Number(below)
}

/** Processor time of a process since it began, seconds. */
function processorTime(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kilobytes = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1])
  return { peak: (kilobytes('VmHWM') * 1024) / 1e6, now: (kilobytes('VmRSS') * 1024) / 1e6 }
}

/** Measures a process that watches, once its screen has come and training goes on. */
async function measure(name, words, onTerminal) {
  let bytes = 0
  const child = saurun(words, onTerminal, (chunk) => {
    bytes += chunk.length
  })
  await sleep(15_000)
  const pid = pidOf(child, onTerminal)
  const [before, bytesBefore, began] = [processorTime(pid), bytes, performance.now()]
  await sleep(seconds * 1000)
  const share = (processorTime(pid) - before) / ((performance.now() - began) / 1000)
  const { peak, now } = memoryOf(pid)
  const shown = Math.round((bytes - bytesBefore) / seconds)
  console.log(
    `${name.padEnd(22)} ${(share * 100).toFixed(2)} % of a core (bar 1), peak ${peak.toFixed(0)} MB (bar ${bars.memory}), ` +
      `${now.toFixed(0)} MB at the end, ${shown} bytes a second shown`,
  )
  if (share >= bars.share || peak >= bars.memory) process.exitCode = 1
  return { child, pid }
}

async function leave({ child, pid }) {
  // A terminal that goes away: the run goes on.
  process.kill(pid, 'SIGHUP')
  if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve))
}

async function command(words) {
  const child = spawn(process.execPath, [main, ...words], { cwd: folder, env: environment, stdio: 'ignore' })
  await new Promise((resolve) => child.once('exit', resolve))
}

/** Seconds from the start of `attach` until what it writes names the run's experiment. */
async function attachTime(words, onTerminal) {
  const began = performance.now()
  let text = ''
  return await new Promise((resolve) => {
    const child = saurun(words, onTerminal, (chunk) => {
      text += chunk
      if (!text.includes('Quickstart') || child.killed) return
      const took = (performance.now() - began) / 1000
      child.once('exit', () => resolve(took))
      process.kill(pidOf(child, onTerminal), 'SIGHUP')
      child.kill('SIGHUP')
    })
  })
}

const ways = [
  { key: 'ui', name: 'saurun, terminal UI', words: start, onTerminal: true },
  { key: 'plain', name: 'saurun --plain', words: [...start, '--plain'], onTerminal: false },
  { key: 'json', name: 'saurun --json', words: [...start, '--json'], onTerminal: false },
]
const attachWays = [
  { key: 'attach', name: 'attach, terminal UI', words: ['attach'], onTerminal: true },
  { key: 'attach-plain', name: 'attach --plain', words: ['attach', '--plain'], onTerminal: false },
]

try {
  for (const { name, words, onTerminal } of ways.filter((way) => wanted.has(way.key))) {
    await leave(await measure(name, words, onTerminal))
    await command(['stop', '--now'])
  }
  const attached = attachWays.filter((way) => wanted.has(way.key))
  if (attached.length > 0) {
    await command([...start, '--detach'])
    for (const { name, words, onTerminal } of attached) {
      const times = []
      for (let i = 0; i < 7; i++) times.push(await attachTime(words, onTerminal))
      const took = median(times)
      console.log(
        `${name.padEnd(22)} shows the run after ${took.toFixed(2)} s (bar ${bars.attach}), at most ${Math.max(...times).toFixed(2)} s`,
      )
      if (took >= bars.attach) process.exitCode = 1
      await leave(await measure(name, words, onTerminal))
    }
    await command(['stop', '--now'])
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
