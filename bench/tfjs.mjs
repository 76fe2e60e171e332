// One training step of examples/quickstart.sau on both backends of the tfjs engine, in turns, and the ratio
// of their medians.
// Usage: node bench/tfjs.mjs [STEPS]; the bar is WebAssembly at least 5 times as fast as plain JavaScript.
import { fileURLToPath } from 'node:url'
import { traceProgram } from '../dist/compiler/graph/index.js'
import { compileExperiment } from '../dist/compiler/index.js'
import { createTfjsEngine } from '../dist/runtime/engines/tfjs/index.js'
import { createDiskHost } from '../dist/runtime/index.js'
import { initialValues } from '../dist/runtime/run/loop/initialize.js'

const bar = 5
const steps = Number(process.argv[2] ?? 5)
const file = fileURLToPath(new URL('../examples/quickstart.sau', import.meta.url))
const { plan, diagnostics } = compileExperiment(createDiskHost({}), { file, cwd: process.cwd(), set: {} })
if (plan === undefined) throw new Error(diagnostics.map(({ title }) => title).join('\n'))

const contenders = []
for (const backend of ['wasm', 'cpu']) {
  const engine = await createTfjsEngine({ backend })
  const program = traceProgram(plan, { layout: engine.layout, images: 'uint8' })
  const executable = await engine.load(program)
  await executable.write(initialValues(program))
  const inputs = Object.fromEntries(program.entries.train.inputs.map((input) => [input.name, madeUp(input)]))
  contenders.push({ engine, executable, inputs, times: [] })
}

// One step each to warm up, which is not counted.
for (let step = -1; step < steps; step++) {
  for (const { executable, inputs, times } of contenders) {
    const start = performance.now()
    await executable.run('train', inputs)
    if (step >= 0) times.push(performance.now() - start)
  }
}
for (const { engine, times } of contenders) {
  console.log(`${engine.description}: ${median(times).toFixed(0)} ms a step (median of ${steps})`)
}
const [wasm, cpu] = contenders.map(({ times }) => median(times))
const ratio = cpu / wasm
console.log(`WebAssembly is ${ratio.toFixed(1)} times as fast (bar ${bar})`)
if (ratio < bar) process.exitCode = 1

function median(times) {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]
}

/** Uniform noise of the input's type, and settings of a usual step. */
function madeUp({ name, type: { dtype, shape } }) {
  const length = shape.reduce((product, size) => product * size, 1)
  if (dtype === 'uint8') return { dtype, shape, data: Uint8Array.from({ length }, () => Math.random() * 256) }
  if (dtype === 'int32') {
    const choices = name.startsWith('origin') ? 2 : 10
    return { dtype, shape, data: Int32Array.from({ length }, () => Math.random() * choices) }
  }
  return { dtype, shape, data: new Float32Array(length).fill(name === 'learning_rate' ? 0.01 : 0.4) }
}
