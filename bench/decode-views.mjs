// Decoding JPEGs and bringing them through the views of ImageNet-LT, compared with torchvision and Pillow:
// one core each, taking turns; prints medians in milliseconds of processor time an image (other work on the
// machine counts less so) and their ratios.
// Usage: node bench/decode-views.mjs PYTHON [--images FOLDER] [--rounds N] [--count N] [--core N]
// (npm run build before)
// PYTHON is the interpreter of an environment with torch and torchvision. FOLDER is a tree of JPEGs; without
// it the program draws 40 of ImageNet's usual size (500 x 375, quality 90, 4:2:0). Both programs are kept to
// one core with taskset.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { drawPhoto } from './drawn-photo.mjs'
import { median } from './median.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    images: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    count: { type: 'string', default: '80' },
    core: { type: 'string', default: '0' },
  },
})
const [python] = positionals
if (python === undefined) {
  console.error(
    'usage: node bench/decode-views.mjs PYTHON [--images FOLDER] [--rounds N] [--count N] [--core N]',
  )
  process.exit(2)
}
const folder = mkdtempSync(join(tmpdir(), 'saurun-bench-'))
const list = join(folder, 'images.txt')
const files = values.images === undefined ? await drawn(40) : jpegsUnder(resolve(values.images))
writeFileSync(list, files.join('\n'))

const ours = []
const theirs = []
for (let round = 0; round < Number(values.rounds); round++) {
  ours.push(measured(process.execPath, 'decode-views-own.mjs'))
  theirs.push(measured(python, 'decode_views.py'))
}
rmSync(folder, { recursive: true })

console.log(
  `ms of processor time an image, one core, median of ${values.rounds} rounds of ${values.count} images each`,
)
console.log('                          saurun  torchvision  ratio  with ToTensor+Normalize  ratio')
let missed = 0
for (const name of Object.keys(ours[0])) {
  const [own, pixels, tensor] = [
    median(ours.map((run) => run[name])),
    median(theirs.map((run) => run[name])),
    median(theirs.map((run) => run[`${name}_tensor`])),
  ]
  if (name !== 'decode' && pixels < own) missed++
  const columns = [
    name.padEnd(23),
    own.toFixed(2).padStart(9),
    pixels.toFixed(2).padStart(13),
    (pixels / own).toFixed(2).padStart(7),
    tensor.toFixed(2).padStart(25),
    (tensor / own).toFixed(2).padStart(7),
  ]
  console.log(columns.join(''))
}
console.log(`at least as fast with every view (ratio 1): ${missed === 0 ? 'met' : 'MISSED'}`)
process.exit(missed === 0 ? 0 : 1)

function measured(command, program) {
  const path = fileURLToPath(new URL(program, import.meta.url))
  const words = ['-c', values.core, command, path, list, values.count]
  const environment = { ...process.env, OMP_NUM_THREADS: '1' }
  return JSON.parse(execFileSync('taskset', words, { encoding: 'utf8', env: environment }))
}

async function drawn(count) {
  mkdirSync(join(folder, 'images'))
  const paths = Array.from({ length: count }, (_, i) => join(folder, 'images', `${i}.jpg`))
  for (const [i, path] of paths.entries()) {
    const [height, width] = i % 4 === 3 ? [500, 375] : [375, 500]
    await sharp(drawPhoto(i, height, width), { raw: { height, width, channels: 3 } })
      .jpeg({ quality: 90, chromaSubsampling: '4:2:0', mozjpeg: false })
      .toFile(path)
  }
  return paths
}

function jpegsUnder(root) {
  const found = readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.jpe?g$/i.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
  if (found.length > 0) return found
  console.error(`no JPEGs under ${root}`)
  process.exit(2)
}
