// What running in a sweep costs beside the runs themselves: the time that a place of the pool stands empty
// between two runs, and the processor time of the pool, as shares of the runs' time.
// `node bench/sweep-pool.mjs [PARALLEL]`; bar 2 %.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const parallel = Number(process.argv[2] ?? 1)
const root = resolve(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'saurun-sweep-'))
const file = join(folder, 'pool.sweep.yaml')
// Six runs of about half a minute each.
writeFileSync(
  file,
  `experiment: ${join(root, 'examples', 'quickstart-varied.sau')}
set: { epochs: 6, width: 8 }
grid: { rate: [0.02, 0.03, 0.04, 0.05, 0.06, 0.07] }
limits: { parallel: ${parallel} }
`,
)
const main = join(root, 'dist', 'runtime', 'cli', 'main.js')
const runs = join(folder, 'runs')
const words = ['sweep', file, '--runs', runs, '--detach', '--engine', 'onnx', '--threads', '1']
const started = spawnSync(process.execPath, [main, ...words], { encoding: 'utf8' })
if (started.status !== 0) throw new Error(started.stderr)
const sweep = join(runs, 'pool-sweep')
const own = join(sweep, 'pools', 'local')
const { pid } = JSON.parse(readFileSync(join(own, 'owner.json'), 'utf8'))

/** Seconds of a processor that a process has taken; undefined once it is gone. */
function processorSeconds() {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return undefined
  }
}

let processor = 0
for (let now = processorSeconds(); now !== undefined; now = processorSeconds()) {
  processor = now
  await sleep(200)
}

const lines = (path) =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
const events = lines(join(own, 'journal.jsonl'))
const ended = events.filter(({ event }) => event === 'instance_ended')
const starts = events.filter(({ event }) => event === 'instance_started')
// A place is taken again by the next start after an end.
const gaps = ended
  .slice(0, starts.length - parallel)
  .map(({ time }, at) => (starts[at + parallel].time - time) / 1000)
const trained = readdirSync(sweep)
  .filter((name) => /^\d{4}-/.test(name))
  .map((name) => {
    const journal = lines(join(sweep, name, 'journal.jsonl'))
    return (journal.at(-1).time - journal[0].time) / 1000
  })
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0)
const percent = (part) => `${((100 * part) / sum(trained)).toFixed(2)} %`
console.log(`runs: ${trained.length}, ${sum(trained).toFixed(1)} s, ${parallel} at a time`)
console.log(
  `between two runs: ${gaps.map((gap) => gap.toFixed(3)).join(' ')} s, together ${percent(sum(gaps))} of the runs' time`,
)
console.log(`processor time of the pool: ${processor.toFixed(1)} s, ${percent(processor)}`)
const total = sum(gaps) + processor
console.log(`together ${percent(total)}: ${total / sum(trained) < 0.02 ? 'met' : 'NOT MET'} (bar 2 %)`)
rmSync(folder, { recursive: true, force: true })
