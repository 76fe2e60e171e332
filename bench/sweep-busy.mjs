// Sweeps of short runs beside processes that keep the machine busy:
// `node bench/sweep-busy.mjs [SWEEPS] [ENGINE]`, 20 by default, of twelve runs each, two at a time, that end
// at the first failure. A pool that takes a run for dead which has just ended stops here. Bar: every sweep
// ends with 0 and twelve runs done, and none of its runs was adopted.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const sweeps = Number(process.argv[2] ?? 20)
const engine = process.argv[3] ?? 'auto'
const runs = 12
const main = join(resolve(import.meta.dirname, '..'), 'dist', 'runtime', 'cli', 'main.js')
const folder = mkdtempSync(join(tmpdir(), 'saurun-busy-'))
writeFileSync(
  join(folder, 'short.sau'),
  `sau 1
experiment "short"
dataset train = shapes(classes: 3, per_class: 12, size: 8, seed: 1)
dataset test  = shapes(classes: 3, per_class: 5, size: 8, seed: 2)
view plain = flip |> normalize
network net = cifar_resnet(depth: 8, width: 4) { head logits = linear(classes) }
stream all = shuffle(train)
branch only { loss ce = cross_entropy(net(all.plain).logits, all.labels) }
minimize only.ce
train { epochs = 2; batch = 12; optimizer = sgd(lr: 0.05) }
evaluate test { using = net.logits; metrics = [top1] }
`,
)
const seeds = Array.from({ length: runs }, (_, position) => position + 1)
writeFileSync(
  join(folder, 'busy.sweep.yaml'),
  `experiment: short.sau
seeds: [${seeds.join(', ')}]
limits: { parallel: 2, on_failure: stop, retries: 0 }
`,
)

const busy = [1, 2].map(() => spawn(process.execPath, ['-e', 'for (;;) {}'], { stdio: 'ignore' }))
let good = 0
try {
  for (let sweep = 1; sweep <= sweeps; sweep++) {
    const began = Date.now()
    const words = ['sweep', 'busy.sweep.yaml', '--runs', join(folder, 'runs'), '--json', '--engine', engine]
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, SAURUN_CACHE: join(folder, 'cache') },
      maxBuffer: 1 << 28,
    })
    const last = stdout.trim().split('\n').at(-1) ?? ''
    const done = last.startsWith('{') ? (JSON.parse(last).counts?.done ?? 0) : 0
    const pools = join(folder, 'runs', 'busy-sweep', 'pools')
    const journals = readdirSync(pools).map((pool) =>
      readFileSync(join(pools, pool, 'journal.jsonl'), 'utf8'),
    )
    const adopted = journals.join('').split('"how":"adopted"').length - 1
    const isGood = status === 0 && done === runs && adopted === 0
    if (isGood) good++
    const seconds = ((Date.now() - began) / 1000).toFixed(1)
    console.log(`sweep ${sweep}: exit ${status}, ${done} of ${runs} done, ${adopted} adopted, ${seconds} s`)
    if (!isGood) console.log(stderr.trim().split('\n').slice(-5).join('\n'))
    rmSync(join(folder, 'runs'), { recursive: true, force: true })
  }
} finally {
  for (const process of busy) process.kill()
  rmSync(folder, { recursive: true, force: true })
}
console.log(`${good} of ${sweeps} sweeps: ${good === sweeps ? 'met' : 'NOT MET'}`)
process.exitCode = good === sweeps ? 0 : 1
