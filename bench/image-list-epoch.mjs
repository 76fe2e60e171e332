// One epoch of an experiment's batches without an engine, for bench/image-list.mjs: prints one line of JSON.
// Usage: node bench/image-list-epoch.mjs FILE WORKERS PART
import { resolve } from 'node:path'
import { compileExperiment } from '../dist/compiler/index.js'
import { diskHost } from '../dist/runtime/data/host/shared-host.js'
import { loadData } from '../dist/runtime/data/load.js'
import { createBatchSource } from '../dist/runtime/data/views/source.js'

const [, , file, workers, part] = process.argv
const host = diskHost()
const { plan, locations, diagnostics } = compileExperiment(host, { file: resolve(file), cwd: process.cwd() })
if (plan === undefined) throw new Error(JSON.stringify(diagnostics.map(({ title }) => title)))
const places = plan.sources.map((_, position) => locations[position] ?? [])

const started = performance.now()
const data = await loadData(plan, places, { verify: true, host, memory: 1e9 })
const loaded = (performance.now() - started) / 1000
const source = createBatchSource(plan, data, { workers: Number(workers) })
const steps = Math.ceil(plan.train.stepsPerEpoch * Number(part))
const samples = []
let drawn = 0
const begun = performance.now()
for await (const { step, size } of source.epoch(0, 0)) {
  drawn += size
  if (samples.length < Math.floor((10 * (step + 1)) / steps)) samples.push(process.memoryUsage.rss())
  if (step + 1 >= steps) break
}
const seconds = (performance.now() - begun) / 1000
await source.dispose()
console.log(JSON.stringify({ loaded, drawn, rate: drawn / seconds, samples }))
