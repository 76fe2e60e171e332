// `npm run bench`: the training step against PyTorch, taking turns step by step in one run, as ratios of
// medians.
// Usage: npm run bench -- [--python PYTHON] [--steps N] [--threads N] [--engines tensorflow,onnx] [--size
// small|large]
// PYTHON is the interpreter of an environment with PyPI's torch (default: .venv/bin/python, or python3):
//   python3 -m venv .venv && .venv/bin/pip install torch
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { median } from './median.mjs'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const environment = here('../.venv/bin/python')
const { values } = parseArgs({
  options: {
    python: { type: 'string', default: existsSync(environment) ? environment : 'python3' },
    steps: { type: 'string', default: '15' },
    threads: { type: 'string', default: '2' },
    engines: { type: 'string', default: 'tensorflow,onnx' },
    size: { type: 'string' },
  },
})

/** Bars are ratios to eager PyTorch. */
const settings = [
  {
    size: 'small',
    name: 'ResNet-8, width 16, batch 128',
    sizes: ['8', '16', '128'],
    bars: { 'tensorflow float32': 0.72, 'tensorflow bfloat16': 0.55, 'onnx float32': 1.4 },
  },
  {
    size: 'large',
    name: 'ResNet-32, width 64, batch 32',
    sizes: ['32', '64', '32'],
    bars: { 'tensorflow float32': 0.9, 'tensorflow bfloat16': 0.6, 'onnx float32': 1.6 },
  },
]
const memoryBar = 1.3
const engines = values.engines.split(',')
const own = Object.keys(settings[0].bars).filter((name) => engines.includes(name.split(' ')[0]))
/** Eager mode first; then the modes that are its fastest in float32 and in bfloat16. */
const theirs = [[], ['channels_last'], ['channels_last', 'bfloat16']]
let missed = 0

for (const { size, name, sizes, bars } of settings) {
  if (values.size !== undefined && values.size !== size) continue
  console.log(`\n${name}: ${values.steps} steps each, in turns`)
  const programs = []
  for (const modes of theirs) {
    const words = [here('pytorch_step.py'), ...sizes, values.threads, ...modes]
    programs.push(await start(values.python, words, undefined))
  }
  for (const engine of own) {
    const words = [here('saurun-step.mjs'), ...sizes, values.threads, ...engine.split(' ')]
    programs.push(await start(process.execPath, words, bars[engine]))
  }
  for (const program of programs) for (let step = 0; step < 2; step++) await program.step()
  for (let step = 0; step < Number(values.steps); step++) {
    for (const program of programs) program.results.push(await program.step())
  }
  for (const program of programs) program.close()

  const eager = summary(programs[0])
  for (const program of programs) {
    const { time, memory } = summary(program)
    const columns = [
      program.title.padEnd(66),
      `${time.toFixed(0).padStart(6)} ms ${(time / eager.time).toFixed(2)}x`,
      `${memory.toFixed(0).padStart(6)} MB ${(memory / eager.memory).toFixed(2)}x`,
    ]
    if (program.bar !== undefined) {
      const isMet = time / eager.time <= program.bar && memory / eager.memory <= memoryBar
      if (!isMet) missed++
      columns.push(`(at most ${program.bar}x, memory ${memoryBar}x: ${isMet ? 'met' : 'MISSED'})`)
    }
    console.log(`  ${columns.join('  ')}`)
  }
}
process.exit(missed === 0 ? 0 : 1)

/** A program that runs one step for every line it is given. */
async function start(command, args, bar) {
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
    bar,
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
