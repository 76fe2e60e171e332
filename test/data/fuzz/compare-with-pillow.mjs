// Decodes image files of random forms, whole and damaged, as saurun does, and compares header and pixels with
// what Pillow makes of them. `npm run build` comes first.
// Usage: node test/data/fuzz/compare-with-pillow.mjs PYTHON [--seed N] [--count N] [--keep FOLDER]
// [--verbose]
// PYTHON is the interpreter of an environment with Pillow 13. What differs ends with 1: other pixels, another
// size in the header, an image that saurun reads and Pillow refuses; or whole images of a common form that
// saurun refuses. Of damaged images a few in ten thousand may be read that Pillow refuses: its decoder gives
// up where damage to restart intervals begins.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { decodeImage } from '../../../dist/runtime/data/readers/decode-image.js'
import { imageHeaderOfFile } from '../../../dist/runtime/data/readers/image-header.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '720' },
    keep: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
})
const [python] = positionals
if (python === undefined) {
  console.error('usage: node test/data/fuzz/compare-with-pillow.mjs PYTHON [--seed N] [--count N]')
  process.exit(2)
}

const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'saurun-fuzz-'))
const program = fileURLToPath(new URL('make-fuzzed-images.py', import.meta.url))
execFileSync(python, [program, folder, values.seed, values.count], { stdio: ['ignore', 'inherit', 'ignore'] })
const { pillow, images } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'))

/** Outcome of each image: what it is called in the table, and whether it may be. */
const outcomes = {
  'the same pixels': true,
  'refused by both': true,
  'refused, damaged or of a rare form': true,
  'damaged and read, refused by Pillow': true,
  'read, refused by Pillow': false,
  'whole and refused': false,
  'other pixels': false,
  'another header': false,
}
const rows = new Map()
const wrong = []
for (const [name, expected] of Object.entries(images)) {
  const path = join(folder, name)
  const header = imageHeaderOfFile(path)
  const decoded = await decodeImage(path)
  const outcome = compare(expected, header, decoded)
  const format = expected.form.split(' ', 1)[0]
  const row = rows.get(format) ?? {}
  row[outcome] = (row[outcome] ?? 0) + 1
  rows.set(format, row)
  if (outcomes[outcome] && !(values.verbose && /^(refused,|damaged)/.test(outcome))) continue
  wrong.push(
    `${outcome}: ${name} (${expected.form})\n  Pillow: ${said(expected)}\n  header: ${said(header)}\n  saurun: ${said(decoded)}`,
  )
}
if (values.keep === undefined) rmSync(folder, { recursive: true })

for (const line of wrong) console.log(line)
console.log(`${Object.keys(images).length} images, seed ${values.seed}, Pillow ${pillow}`)
for (const [format, row] of rows) {
  console.log(
    `${format.padEnd(6)} ${Object.entries(row)
      .map(([outcome, count]) => `${count} ${outcome}`)
      .join('; ')}`,
  )
}
const leniencies = [...rows.values()].reduce(
  (sum, row) => sum + (row['damaged and read, refused by Pillow'] ?? 0),
  0,
)
const isWrong = [...rows.values()].some((row) => Object.keys(row).some((outcome) => !outcomes[outcome]))
process.exit(isWrong || leniencies > Object.keys(images).length / 500 ? 1 : 0)

function compare(expected, header, decoded) {
  if (expected.error !== undefined) {
    if (!decoded.ok) return 'refused by both'
    return isWhole(expected) ? 'read, refused by Pillow' : 'damaged and read, refused by Pillow'
  }
  if (!decoded.ok) return isWhole(expected) ? 'whole and refused' : 'refused, damaged or of a rare form'
  if (!header.ok || header.height !== decoded.height || header.width !== decoded.width)
    return 'another header'
  const isSame =
    decoded.height === expected.height &&
    decoded.width === expected.width &&
    hashOf(decoded.pixels) === expected.sha256
  return isSame ? 'the same pixels' : 'other pixels'
}

/**
 * An undamaged image of a form that must be read. TIFF has forms that are refused, and Netpbm's words are.
 */
function isWhole({ form }) {
  return /, (whole|trailing)$/.test(form) && !/^(tiff|ppm) /.test(form)
}

function hashOf(pixels) {
  return createHash('sha256').update(pixels).digest('hex')
}

function said(result) {
  if (result.error !== undefined) return result.error
  if (result.ok === false) return result.message
  return `${result.height} x ${result.width} ${result.sha256?.slice(0, 8) ?? (result.pixels === undefined || typeof result.pixels === 'string' ? JSON.stringify({ pixels: result.pixels, orientation: result.orientation }) : hashOf(result.pixels).slice(0, 8))}`
}
