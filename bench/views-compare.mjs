// Compares the view pipeline with torchvision and Pillow, one core each, taking turns; prints medians and
// their ratio.
// Usage: node bench/views-compare.mjs PYTHON [ROUNDS] [SECONDS]   (npm run build before)
// PYTHON is the interpreter of an environment with torch and torchvision. The images are those of
// ../shared/data/cifar-10-batches-bin where it is there, else smooth noise drawn here.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { magnitudeOf, subPolicies } from '../dist/runtime/data/views/autoaugment.js'

const [, , python, rounds = '5', seconds = '1'] = process.argv
if (python === undefined) {
  console.error('usage: node bench/views-compare.mjs PYTHON [ROUNDS] [SECONDS]')
  process.exit(2)
}
const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'saurun-bench-'))
const images = join(folder, 'images.bin')
const policy = join(folder, 'policy.json')
const batch = join(root, '..', 'shared', 'data', 'cifar-10-batches-bin', 'data_batch_1.bin')
writeFileSync(images, existsSync(batch) ? interleaved(readFileSync(batch)) : smoothNoise(1000))
writeFileSync(
  policy,
  JSON.stringify(
    subPolicies('cifar10').map((steps) =>
      steps.map(([probability, operation, index]) => [probability, operation, magnitudeOf(operation, index)]),
    ),
  ),
)

const ours = []
const theirs = []
for (let round = 0; round < Number(rounds); round++) {
  ours.push(measured(process.execPath, [join(root, 'bench', 'views.mjs'), images, seconds]))
  theirs.push(measured(python, [join(root, 'bench', 'views.py'), images, policy, seconds]))
}
rmSync(folder, { recursive: true })

console.log(
  `images a second on one core, median of ${rounds} rounds; ${existsSync(batch) ? 'CIFAR-10' : 'noise'} images`,
)
console.log('view      saurun   torchvision   ratio   with ToTensor+Normalize   ratio')
for (const view of Object.keys(ours[0])) {
  const own = median(ours, view)
  const pixels = median(theirs, view)
  const tensor = median(theirs, `${view}_tensor`)
  const columns = [own, pixels].map((rate) => rate.toFixed(0).padStart(9))
  console.log(
    `${view.padEnd(6)}${columns[0]}${columns[1].padStart(14)}${(own / pixels).toFixed(2).padStart(8)}` +
      `${tensor.toFixed(0).padStart(26)}${(own / tensor).toFixed(2).padStart(8)}`,
  )
}

function measured(command, args) {
  return JSON.parse(
    execFileSync(command, args, { encoding: 'utf8', env: { ...process.env, OMP_NUM_THREADS: '1' } }),
  )
}

function median(runs, name) {
  const rates = runs.map((run) => run[name]).sort((a, b) => a - b)
  return rates[Math.floor(rates.length / 2)]
}

/** Records of a label byte and three planes, as images of interleaved channels. */
function interleaved(records) {
  const count = Math.floor(records.length / 3073)
  const out = new Uint8Array(count * 3072)
  for (let i = 0; i < count; i++) {
    for (let p = 0; p < 1024; p++) {
      for (let c = 0; c < 3; c++) out[i * 3072 + 3 * p + c] = records[i * 3073 + 1 + c * 1024 + p]
    }
  }
  return out
}

/** Images of a few random waves per channel: as smooth as photographs, all grey levels. */
function smoothNoise(count) {
  const out = new Uint8Array(count * 3072)
  let state = 1
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return state / 4294967296
  }
  for (let i = 0; i < count * 3; i++) {
    const [a, b, phase, tilt] = [random(), random(), random() * 6.28, random()]
    for (let p = 0; p < 1024; p++) {
      const wave = Math.sin((p % 32) * a + (p >> 5) * b + phase) + (tilt * (p >> 5)) / 16 + random() * 0.2
      out[Math.floor(i / 3) * 3072 + 3 * p + (i % 3)] = Math.max(0, Math.min(255, 128 + 90 * wave))
    }
  }
  return out
}
