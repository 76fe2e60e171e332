// Memory and time of a list of 120,000 photographs: `saurun check` on it, and an epoch of its views drawn by
// worker threads as training draws them. The tree is made here: a few hundred different JPEG files of 500 x
// 375, each under many names.
// Usage: node bench/image-list.mjs [--images 120000] [--workers 2] [--size 224] [--batch 256] [--part 1]
// [--folder DIR]
//        (npm run build before)
// --part 0.1 stops after a tenth of the epoch; --folder keeps the tree for the next time.
import { spawn } from 'node:child_process'
import { existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import sharp from 'sharp'

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '120000' },
    workers: { type: 'string', default: '2' },
    size: { type: 'string', default: '224' },
    batch: { type: 'string', default: '256' },
    part: { type: 'string', default: '1' },
    folder: { type: 'string' },
  },
})
const root = fileURLToPath(new URL('..', import.meta.url))
const images = Number(values.images)
const different = 300
const classes = 1000
const bar = 1.5e9

const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'saurun-list-'))
const experiment = join(folder, 'list.sau')
if (!existsSync(join(folder, 'train.txt'))) await makeTree()
writeFileSync(experiment, experimentText())
const environment = { ...process.env, SAURUN_CACHE: join(folder, 'cache') }
rmSync(join(folder, 'cache'), { recursive: true, force: true })

const main = join(root, 'dist/runtime/cli/main.js')
const checks = []
for (const when of ['the first time', 'again'])
  checks.push([when, await watched([main, 'check', experiment])])
const epoch = await watched([
  join(root, 'bench/image-list-epoch.mjs'),
  experiment,
  values.workers,
  values.part,
])
if (values.folder === undefined) rmSync(folder, { recursive: true })

console.log(`${images} images of ${different} different JPEG files, views of ${values.size} px`)
for (const [when, { seconds, peak }] of checks)
  console.log(`check, ${when.padEnd(14)}  ${seconds.toFixed(1).padStart(7)} s   peak ${megabytes(peak)}`)
const { loaded, drawn, rate, samples } = JSON.parse(epoch.output.trim().split('\n').at(-1))
console.log(`loading               ${loaded.toFixed(1).padStart(7)} s   nothing decoded`)
console.log(
  `views of ${drawn} images  ${(drawn / rate).toFixed(0)} s, ${rate.toFixed(0)} images a second with ${values.workers} threads`,
)
console.log(`resident memory over the epoch, in tenths: ${samples.map(megabytes).join(', ')}`)
console.log(`peak of the whole process ${megabytes(epoch.peak)} (bar ${megabytes(bar)})`)
process.exitCode = Math.max(epoch.peak, ...checks.map(([, { peak }]) => peak)) < bar ? 0 : 1

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(0)} MB`
}

/**
 * Runs a script of Node; its peak of resident memory is the kernel's own count (`VmHWM`), read while it runs.
 */
function watched(words) {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(process.execPath, words, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] })
    let peak = 0
    let output = ''
    const look = setInterval(() => {
      peak = Math.max(peak, peakOf(child.pid))
    }, 100)
    child.stdout.on('data', (text) => {
      output += text
    })
    child.on('exit', (code) => {
      clearInterval(look)
      if (code !== 0) reject(new Error(`${words.join(' ')} ended with ${code}\n${output}`))
      else resolve({ seconds: (performance.now() - started) / 1000, peak, output })
    })
  })
}

function peakOf(pid) {
  try {
    return 1024 * Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

async function makeTree() {
  mkdirSync(join(folder, 'distinct'), { recursive: true })
  for (let i = 0; i < different; i++) writeFileSync(join(folder, 'distinct', `${i}.jpg`), await photograph(i))
  const lines = []
  for (let i = 0; i < images; i++) {
    const label = i % classes
    const name = `train/n${String(label).padStart(8, '0')}/n${String(label).padStart(8, '0')}_${i}.JPEG`
    if (i < classes) mkdirSync(join(folder, name, '..'), { recursive: true })
    // A file may have some ten thousands of names at most.
    linkSync(join(folder, 'distinct', `${i % different}.jpg`), join(folder, name))
    lines.push(`${name} ${label}`)
  }
  writeFileSync(join(folder, 'train.txt'), `${lines.join('\n')}\n`)
}

/** Smooth colours with some detail: about the bytes of a photograph of its size. */
function photograph(seed) {
  const [small, wide] = [24, 500]
  const noise = Uint8Array.from(
    { length: small * small * 3 },
    (_, i) => ((i + 1) * (seed + 3) * 2_654_435_761) >>> 24,
  )
  const grain = Uint8Array.from({ length: wide * 375 * 3 }, (_, i) => ((i * (seed + 7) * 40_503) >>> 7) % 24)
  return sharp(noise, { raw: { width: small, height: small, channels: 3 } })
    .resize(wide, 375, { kernel: 'cubic', fit: 'fill' })
    .composite([{ input: grain, raw: { width: wide, height: 375, channels: 3 }, blend: 'add' }])
    .jpeg({ quality: 90 })
    .toBuffer()
}

function experimentText() {
  const { size, batch } = values
  return `sau 1

experiment "A list of ${images} images"

dataset train = image_list(".", "train.txt", split: train)

view plain = resized_crop(size: ${size}) |> flip |> normalize(imagenet)
view sim   = resized_crop(size: ${size}) |> flip |> color_jitter(0.4, 0.4, 0.4, 0.1) |> normalize(imagenet)

network net = cifar_resnet(depth: 8, width: 4) {
  head logits    = linear(classes)
  head embedding = mlp(16, 16) |> l2_normalize
}

stream a = shuffle(train)

branch both {
  loss ce = cross_entropy(net(a.plain).logits, a.labels)
  loss sc = supcon([net(a.plain).embedding, net(a.sim).embedding], labels: a.labels, temperature: 0.1)
}

minimize both.ce + both.sc

train {
  epochs    = 1
  batch     = ${batch}
  optimizer = sgd(lr: 0.1)
}
`
}
