// One training step of bench/step.sau, for bench/run.mjs.
// Usage: node saurun-step.mjs DEPTH WIDTH BATCH THREADS [ENGINE] [PRECISION] For every line of standard input
// it runs one step on the same made-up batch and prints its time and the peak memory.
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { traceProgram } from '../dist/compiler/graph/index.js'
import { compileExperiment } from '../dist/compiler/index.js'
import { selectEngine } from '../dist/runtime/engines/select.js'
import { createDiskHost } from '../dist/runtime/index.js'
import { initialValues } from '../dist/runtime/run/loop/initialize.js'

const [, , depth, width, batch, threads, engineName = 'onnx', precision = 'float32'] = process.argv
const file = fileURLToPath(new URL('step.sau', import.meta.url))
const { plan, diagnostics } = compileExperiment(createDiskHost({}), {
  file,
  cwd: process.cwd(),
  set: { depth, width, batch },
})
if (plan === undefined) throw new Error(diagnostics.map(({ title }) => title).join('\n'))

const { engine } = await selectEngine(engineName)
const program = traceProgram(plan, { layout: engine.layout, images: 'uint8', precision })
const executable = await engine.load(program, { threads: Number(threads) })
await executable.write(initialValues(program))
const inputs = Object.fromEntries(program.entries.train.inputs.map((input) => [input.name, madeUp(input)]))
console.log(JSON.stringify({ ready: `saurun on ${engine.description}, ${precision}, ${threads} threads` }))

for await (const _ of createInterface({ input: process.stdin })) {
  const start = performance.now()
  const { loss } = await executable.run('train', inputs)
  const milliseconds = performance.now() - start
  const peak_megabytes = process.resourceUsage().maxRSS / 1024
  console.log(JSON.stringify({ milliseconds, peak_megabytes, loss: loss.data[0] }))
}

/** Uniform noise of the input's type, and settings of a usual step. */
function madeUp({ name, type: { dtype, shape } }) {
  const length = shape.reduce((product, size) => product * size, 1)
  if (dtype === 'uint8') return { dtype, shape, data: Uint8Array.from({ length }, () => Math.random() * 256) }
  if (dtype === 'int32') {
    const choices = name.startsWith('origin') ? 2 : 10
    return { dtype, shape, data: Int32Array.from({ length }, () => Math.random() * choices) }
  }
  const value = name === 'learning_rate' ? 0.01 : name.startsWith('center') ? 12 : 0.4
  return { dtype, shape, data: new Float32Array(length).fill(value) }
}
