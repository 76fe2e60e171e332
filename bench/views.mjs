// Images a second that one core brings through the views of experiments/sau.sau, without a process of its own
// per view.
// Prints one JSON line. Usage: node bench/views.mjs IMAGES [SECONDS]   (npm run build before)
// IMAGES is a file of raw 32x32x3 images, as bench/views-compare.mjs writes it.
import { readFileSync } from 'node:fs'
import { keyOf } from '../dist/compiler/random/random.js'
import { Renderer } from '../dist/runtime/data/views/render.js'
import { cifarViews } from './views-of-sau.mjs'

const [, , path, seconds = '1'] = process.argv
const bytes = readFileSync(path)
const size = 32 * 32 * 3
const count = Math.floor(bytes.length / size)

const pixels = new SharedArrayBuffer(count * size)
new Uint8Array(pixels).set(bytes.subarray(0, count * size))
const geometry = new SharedArrayBuffer(24 * count)
new Float64Array(geometry).set(
  Float64Array.from({ length: 3 * count }, (_, i) => [(i / 3) * size, 32, 32][i % 3]),
)

const views = Object.entries(cifarViews).map(([name, operations]) => ({
  name,
  operations,
  output: { height: 32, width: 32, channels: 3 },
}))
const renderer = new Renderer({
  views,
  datasets: [{ store: new Uint16Array(count), record: Uint32Array.from({ length: count }, (_, i) => i) }],
  stores: [{ kind: 'decoded', pixels, geometry, channels: 3, count }],
})

const batch = 128
const target = new Uint8Array(batch * size)
const passes = new Int32Array(batch)
const rates = {}
for (const [view, { name }] of views.entries()) {
  let step = 0
  const renderBatch = async () => {
    const records = Int32Array.from({ length: batch }, (_, i) => (step * batch + i) % count)
    const views = [{ view, key: keyOf(0, 'bench', step++) }]
    await renderer.render({ views, dataset: 0, records, passes }, target)
  }
  for (let i = 0; i < 20; i++) await renderBatch()
  const start = performance.now()
  let done = 0
  while (performance.now() - start < 1000 * Number(seconds)) {
    await renderBatch()
    done += batch
  }
  rates[name] = done / ((performance.now() - start) / 1000)
}
console.log(JSON.stringify(rates))
