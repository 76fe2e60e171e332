// Milliseconds of processor time an image, of all threads, that it takes to decode JPEGs and to bring them
// through the views of ImageNet-LT.
// Prints one JSON line. Usage: node bench/decode-views-own.mjs LIST COUNT
// (npm run build before); see decode-views.mjs.
import { readFileSync } from 'node:fs'
import { drawsOf } from '../dist/compiler/random/draws.js'
import { keyOf } from '../dist/compiler/random/random.js'
import { Canvas } from '../dist/runtime/data/pixels/canvas.js'
import { decodeImage } from '../dist/runtime/data/readers/decode-image.js'
import { drawOperations } from '../dist/runtime/data/views/draws.js'
import { applyOperations } from '../dist/runtime/data/views/operations.js'
import { imageNetViews } from './views-of-sau.mjs'

const [, , list, count] = process.argv
const files = readFileSync(list, 'utf8').split('\n')
const { first, second, test } = imageNetViews
/** What is made of one decoded image. */
const programs = {
  decode: [],
  first: [first],
  second: [second],
  'three views': [first, second, second],
  test: [test],
}

const canvas = new Canvas()
const target = new Uint8Array(224 * 224 * 3)
let drawn = 0

async function bring(file, views) {
  const decoded = await decodeImage(file)
  if (!decoded.ok) throw new Error(decoded.message)
  const { pixels, height, width } = decoded
  for (const view of views) {
    canvas.load(pixels, 0, height, width, 3)
    applyOperations(canvas, drawOperations(view, height, width, drawsOf(keyOf(1, 'bench', drawn++))))
    target.set(canvas.pixels.subarray(0, target.length))
  }
}

const times = {}
for (const [name, views] of Object.entries(programs)) {
  // An epoch has thousands of images; what comes before the code is compiled does not count.
  for (let i = 0; i < 150; i++) await bring(files[i % files.length], views)
  const start = process.cpuUsage()
  for (let i = 0; i < Number(count); i++) await bring(files[i % files.length], views)
  const { user, system } = process.cpuUsage(start)
  times[name] = (user + system) / 1000 / Number(count)
}
console.log(JSON.stringify(times))
