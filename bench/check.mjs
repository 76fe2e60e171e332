// How long `saurun check` takes from a cold process: on experiments/sau.sau and on a made file of 2,000
// declarations.
// Usage: node bench/check.mjs [ROUNDS]   (npm run build before; ../shared/data is used where it is there)
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const rounds = Number(process.argv[2] ?? 9)
const command = join(root, 'dist', 'runtime', 'cli', 'main.js')
const folder = mkdtempSync(join(tmpdir(), 'saurun-bench-'))
const large = join(folder, 'large.sau')
writeFileSync(large, largeFile(2000))
const data = join(root, '..', 'shared', 'data')

const cases = [
  ['examples/quickstart.sau', [join(root, 'examples', 'quickstart.sau')], 0.5],
  ...(existsSync(data)
    ? [['experiments/sau.sau', [join(root, 'experiments', 'sau.sau'), '--set', `data=${data}`], 0.5]]
    : []),
  ['2,000 declarations', [large], 1.5],
]
let missed = 0
for (const [name, words, bar] of cases) {
  const seconds = Array.from({ length: rounds }, () => {
    const start = performance.now()
    execFileSync(process.execPath, [command, 'check', ...words], { stdio: 'ignore' })
    return (performance.now() - start) / 1000
  }).sort((a, b) => a - b)
  const median = seconds[rounds >> 1]
  if (median > bar) missed++
  console.log(
    `${name.padEnd(24)} ${median.toFixed(3)} s, median of ${rounds} (at most ${bar}: ${median <= bar ? 'met' : 'MISSED'})`,
  )
}
rmSync(folder, { recursive: true })
process.exit(missed === 0 ? 0 : 1)

/** A right file: params, and lets of sums of them, which one loss after the other weighs. */
function largeFile(declarations) {
  const half = (declarations - 10) / 2
  const numbers = Array.from({ length: half }, (_, index) => index)
  const groups = Math.ceil(half / 25)
  const group = (index) => numbers.slice(index * 25, index * 25 + 25).map((number) => `q${number}`)
  return `sau 1
experiment "large"
dataset train = shapes(classes: 4, per_class: 40, size: 16, seed: 1)
dataset test  = shapes(classes: 4, per_class: 40, size: 16, seed: 2)
stream s = shuffle(train)
view plain = crop(padding: 2) |> flip |> normalize
network net = cifar_resnet(depth: 8, width: 16) { head logits = linear(classes) }
${numbers.map((number) => `param p${number} : float = 0.5 in 0.0..1.0`).join('\n')}
${numbers.map((number) => `let q${number} = p${number} * 2 + ${number}`).join('\n')}
branch b {
  let entropy = cross_entropy(net(s.plain).logits, s.labels)
${Array.from({ length: groups }, (_, index) => `  loss l${index} = entropy * (${group(index).join(' + ')})`).join('\n')}
}
minimize ${Array.from({ length: groups }, (_, index) => `b.l${index}`).join(' + ')}
train { epochs = 1; batch = 16; optimizer = sgd(lr: 0.1) }
evaluate test { using = net.logits }
`
}
