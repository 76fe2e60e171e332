// `npm run bench`: the training step against PyTorch, taking turns step by step in one run, as ratios of medians.
// Usage: npm run bench -- [--python PYTHON] [--steps N] [--threads N]
// PYTHON is the interpreter of an environment with PyPI's torch (default: .venv/bin/python, or python3):
//   python3 -m venv .venv && .venv/bin/pip install torch
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const environment = here('../.venv/bin/python')
const { values } = parseArgs({
  options: {
    python: { type: 'string', default: existsSync(environment) ? environment : 'python3' },
    steps: { type: 'string', default: '15' },
    threads: { type: 'string', default: '2' },
  },
})

const settings = [
  { name: 'ResNet-8, width 16, batch 128', sizes: ['8', '16', '128'], bar: 1.4 },
  { name: 'ResNet-32, width 64, batch 32', sizes: ['32', '64', '32'], bar: 1.6 },
]
const memoryBar = 1.3
let missed = 0

for (const { name, sizes, bar } of settings) {
  console.log(`\n${name}: ${values.steps} steps each, in turns`)
  const own = await start(process.execPath, [here('saurun-step.mjs'), ...sizes, values.threads])
  const eager = await start(values.python, [here('pytorch_step.py'), ...sizes, values.threads])
  const best = await start(values.python, [
    here('pytorch_step.py'),
    ...sizes,
    values.threads,
    'channels_last',
  ])
  const programs = [own, eager, best]
  for (const program of programs) for (let step = 0; step < 2; step++) await program.step()
  for (let step = 0; step < Number(values.steps); step++) {
    for (const program of programs) program.results.push(await program.step())
  }
  for (const program of programs) program.close()

  for (const program of programs) {
    const { time, memory } = summary(program)
    console.log(
      `  ${program.title.padEnd(70)} ${time.toFixed(0).padStart(6)} ms  ${memory.toFixed(0).padStart(6)} MB`,
    )
  }
  const time = summary(own).time / summary(eager).time
  const memory = summary(own).memory / summary(eager).memory
  const verdict = (value, limit) =>
    `${value.toFixed(2)}x (at most ${limit}: ${value <= limit ? 'met' : 'MISSED'})`
  console.log(`  time against eager PyTorch:  ${verdict(time, bar)}`)
  console.log(`  time against channels last:  ${(summary(own).time / summary(best).time).toFixed(2)}x`)
  console.log(`  peak memory against eager:   ${verdict(memory, memoryBar)}`)
  if (time > bar || memory > memoryBar) missed++
}
process.exit(missed === 0 ? 0 : 1)

/** A program that runs one step for every line it is given. */
async function start(command, args) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`${command} ${args.join(' ')} ended early`)
    return JSON.parse(value)
  }
  const { ready } = await next()
  return {
    title: ready,
    results: [],
    close: () => child.stdin.end(),
    step() {
      child.stdin.write('\n')
      return next()
    },
  }
}

function summary({ results }) {
  return {
    time: median(results.map(({ milliseconds }) => milliseconds)),
    memory: Math.max(...results.map(({ peak_megabytes }) => peak_megabytes)),
  }
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
