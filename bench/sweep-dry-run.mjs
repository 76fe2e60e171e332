// How long `saurun sweep --dry-run` takes for 10,000 instances from a cold process, and how much memory.
// Usage: node bench/sweep-dry-run.mjs [ROUNDS]   (npm run build before)
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from './median.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const rounds = Number(process.argv[2] ?? 3)
const folder = mkdtempSync(join(tmpdir(), 'saurun-bench-'))
const experiment = relative(folder, join(root, 'examples', 'quickstart-varied.sau'))
const main = join(root, 'dist', 'runtime', 'cli', 'main.js')

/** Loaded before the program: says at its end how much memory and processor time it took. */
const report = join(folder, 'report.mjs')
writeFileSync(
  report,
  `process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  console.error('resources ' + JSON.stringify({ maxRSS, cpu: userCPUTime + systemCPUTime }))
})
`,
)
const bars = { seconds: 20, mebibytes: 1024 }
const sweeps = {
  'grid and seeds': `grid: { strategy: , factor: , width: [8, 16] }\nseeds: [${numbers(417)}]\n`,
  'random, five seeds':
    'random: { trials: 2000, params: [rate, factor, strategy] }\nseeds: [1, 2, 3, 4, 5]\n',
}
let missed = 0
for (const [name, text] of Object.entries(sweeps)) {
  const file = join(folder, `${name.replaceAll(/\W+/g, '-')}.yaml`)
  writeFileSync(file, `experiment: ${experiment}\n${text}`)
  const times = []
  const memories = []
  const processor = []
  let instances = 0
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--import', report, main, 'sweep', file, '--dry-run'],
      {
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
        env: { ...process.env, SAURUN_RUNS_DIR: join(folder, 'runs') },
      },
    )
    times.push((performance.now() - start) / 1000)
    const { maxRSS, cpu } = JSON.parse(/resources (.*)/.exec(stderr)?.[1] ?? '{}')
    memories.push(maxRSS / 1024)
    processor.push(cpu / 1e6)
    instances = stdout.split('\n').filter((line) => /^ *\d+ {2}/.test(line)).length
    if (status !== 0) throw new Error(stderr)
  }
  const seconds = median(times)
  const mebibytes = Math.max(...memories)
  const isMet = seconds <= bars.seconds && mebibytes <= bars.mebibytes && instances >= 10000
  if (!isMet) missed++
  console.log(
    `${name.padEnd(20)} ${instances} instances: ${seconds.toFixed(1)} s, median of ${rounds} (${median(processor).toFixed(1)} s of processor time), ${mebibytes.toFixed(0)} MiB (at most ${bars.seconds} s, ${bars.mebibytes} MiB: ${isMet ? 'met' : 'MISSED'})`,
  )
}
rmSync(folder, { recursive: true })
process.exit(missed === 0 ? 0 : 1)

function numbers(count) {
  return Array.from({ length: count }, (_, position) => position).join(', ')
}
