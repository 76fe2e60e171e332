// Compares every pixel operation with Pillow and torchvision on images of many sizes and with many
// parameters, and whole drawn views with the same operations there. `npm run build` comes first.
// Usage: node test/data/views/compare-with-pillow.mjs PYTHON [--write]
// PYTHON is the interpreter of an environment with torchvision. A difference of more than 2 levels, or of
// 0.25 in the mean, ends with 1. `--write` writes pillow-images.jsonl, a part of the cases, for the tests
// that have no Python.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { drawsOf } from '../../../dist/compiler/random/draws.js'
import { keyOf } from '../../../dist/compiler/random/random.js'
import { Canvas } from '../../../dist/runtime/data/pixels/canvas.js'
import { subPolicies } from '../../../dist/runtime/data/views/autoaugment.js'
import { drawOperations } from '../../../dist/runtime/data/views/draws.js'
import { applyOperations } from '../../../dist/runtime/data/views/operations.js'
import { formulaImage, formulaKinds } from './formula-images.mjs'
import { operationsFor, viewsToDraw } from './pillow-cases.mjs'

const [, , python, flag] = process.argv
if (python === undefined) {
  console.error('usage: node test/data/views/compare-with-pillow.mjs PYTHON [--write]')
  process.exit(2)
}

/** Height, width: odd, narrow, tiny, one pixel wide, of training size. */
const sizes = [
  [1, 1],
  [1, 9],
  [9, 1],
  [2, 3],
  [7, 5],
  [32, 32],
  [33, 47],
  [64, 31],
  [224, 224],
]
const images = []
for (const kind of formulaKinds) {
  for (const [height, width] of sizes) {
    if (height === 224 && kind !== 'ramps' && kind !== 'noise') continue
    images.push(formulaImage(kind, height, width, 3))
  }
  images.push(formulaImage(kind, 19, 28, 1))
  images.push(formulaImage(kind, 6, 1, 1))
}
const photo = images.push(formulaImage('ramps', 375, 500, 3)) - 1

const cases = []
for (const [image, { height, width, channels }] of images.entries()) {
  if (image === photo) continue
  for (const operation of operationsFor(height, width, channels))
    cases.push({ image, operations: [operation] })
}
for (const [name, view] of Object.entries(viewsToDraw)) {
  for (let i = 0; i < 60; i++) {
    const { height, width } = images[photo]
    const image = name.startsWith('cifar') ? images.findIndex((each) => each.height === 32) : photo
    const { height: rows, width: columns } = image === photo ? { height, width } : images[image]
    const operations = drawOperations(view, rows, columns, drawsOf(keyOf(i, name)))
    cases.push({ view: name, image, operations })
  }
}

const { results, versions, policies } = theirs()
const rows = new Map()
const canvas = new Canvas()
let failed = 0
for (const [i, { view, image, operations }] of cases.entries()) {
  const { pixels, height, width, channels } = images[image]
  canvas.load(pixels, 0, height, width, channels)
  applyOperations(canvas, operations)
  const name = view ?? nameOf(operations[0])
  const row = rows.get(name) ?? { cases: 0, different: 0, largest: 0, mean: 0, worst: undefined }
  rows.set(name, row)
  row.cases++
  const { largest, mean } = difference(canvas, results[i])
  if (largest > 0) row.different++
  if (largest > row.largest) {
    row.largest = largest
    row.worst = { image: `${images[image].kind} ${height}x${width}x${channels}`, operations }
  }
  row.mean = Math.max(row.mean, mean)
  if (largest > 2 || mean >= 0.25) failed++
}

console.log(`${cases.length} cases, Pillow ${versions.pillow}, torchvision ${versions.torchvision}`)
console.log('operation                    cases  not equal  largest  largest mean')
for (const [name, { cases: count, different, largest, mean, worst }] of rows) {
  console.log(
    `${name.padEnd(27)}${String(count).padStart(7)}${String(different).padStart(11)}${String(largest).padStart(9)}${mean.toFixed(4).padStart(14)}`,
  )
  if (largest > 2 || mean >= 0.25) console.log(`    ${JSON.stringify(worst)}`)
}
for (const [name, table] of Object.entries(policies)) {
  const isSame = tablesAgree(subPolicies(name), table)
  console.log(`the table of autoaugment(${name}) is ${isSame ? '' : 'not '}torchvision's`)
  if (!isSame) failed++
}
if (flag === '--write') write()
console.log(failed === 0 ? 'all within 2 levels and a mean of 0.25' : `${failed} cases differ by more`)
process.exit(failed === 0 ? 0 : 1)

function nameOf({ op, sampling, filter }) {
  const manner = sampling ?? filter
  return manner === undefined ? op : `${op} ${manner}`
}

function theirs() {
  const folder = mkdtempSync(join(tmpdir(), 'saurun-pillow-'))
  let at = 0
  const entries = images.map(({ height, width, channels, pixels }) => {
    at += pixels.length
    return { height, width, channels, at: at - pixels.length }
  })
  writeFileSync(join(folder, 'images.bin'), Buffer.concat(images.map(({ pixels }) => pixels)))
  writeFileSync(join(folder, 'cases.json'), JSON.stringify({ images: entries, cases }))
  const program = fileURLToPath(new URL('pillow-operations.py', import.meta.url))
  execFileSync(python, [program, folder], { stdio: 'inherit' })
  const {
    shapes,
    versions,
    policies: tables,
  } = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'))
  const bytes = readFileSync(join(folder, 'results.bin'))
  rmSync(folder, { recursive: true })
  let from = 0
  const results = shapes.map(([height, width, channels = 1]) => {
    const pixels = bytes.subarray(from, from + height * width * channels)
    from += pixels.length
    return { height, width, channels, pixels }
  })
  return { results, versions, policies: tables }
}

/** torchvision gives no magnitude to operations that have none. */
function tablesAgree(own, other) {
  const plain = own.map((steps) => steps.map(([p, operation, index]) => [operation.toLowerCase(), p, index]))
  return (
    own.length === other.length &&
    other.every((steps, i) =>
      steps.every(([operation, p, index], k) => {
        const [ownOperation, ownP, ownIndex] = plain[i][k]
        return (
          operation.toLowerCase() === ownOperation && p === ownP && (index === null || index === ownIndex)
        )
      }),
    )
  )
}

function difference(own, other) {
  if (own.height !== other.height || own.width !== other.width || own.channels !== other.channels)
    return { largest: Infinity, mean: Infinity }
  let largest = 0
  let sum = 0
  for (let i = 0; i < other.pixels.length; i++) {
    const apart = Math.abs(own.pixels[i] - other.pixels[i])
    if (apart > largest) largest = apart
    sum += apart
  }
  return { largest, mean: sum / other.pixels.length }
}

/** Three cases of every operation and one of every view; small results as they are and others as a digest. */
function write() {
  const byName = new Map()
  for (const [i, { view, operations }] of cases.entries()) {
    const name = view ?? nameOf(operations[0])
    byName.set(name, [...(byName.get(name) ?? []), i])
  }
  const kept = [...byName.values()].flatMap((list) => {
    const count = cases[list[0]].view === undefined ? 3 : 1
    return Array.from({ length: count }, (_, k) => list[(7919 * (k + 1)) % list.length])
  })
  const lines = kept.map((i) => {
    const { kind, height, width, channels } = images[cases[i].image]
    const { pixels, ...shape } = results[i]
    const bytes = Buffer.from(pixels)
    return JSON.stringify({
      input: [kind, height, width, channels],
      operations: cases[i].operations,
      output: [shape.height, shape.width, shape.channels],
      ...(bytes.length <= 48
        ? { pixels: bytes.toString('hex') }
        : { sha256: createHash('sha256').update(bytes).digest('hex').slice(0, 32) }),
    })
  })
  const target = fileURLToPath(new URL('pillow-images.jsonl', import.meta.url))
  writeFileSync(target, `${lines.join('\n')}\n`)
  console.log(`${lines.length} cases written to pillow-images.jsonl`)
}
