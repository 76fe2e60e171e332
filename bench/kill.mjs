// Kills a training run at random moments, resumes it each time, and compares its end with that of a run that
// was left alone.
// Usage: node bench/kill.mjs [--kills 100] [--engine onnx] [--seed 1] [--epochs 40]   (npm run build before)
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { killRuns } from './kill-runs.mjs'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    engine: { type: 'string', default: 'onnx' },
    seed: { type: 'string', default: '1' },
    epochs: { type: 'string', default: '40' },
    verbose: { type: 'boolean', short: 'v', default: false },
  },
})
const folder = mkdtempSync(join(tmpdir(), 'saurun-bench-'))
const began = performance.now()
try {
  const { kills, runs, stops, fell, faults } = await killRuns({
    kills: Number(values.kills),
    engine: values.engine,
    seed: Number(values.seed),
    epochs: Number(values.epochs),
    folder,
    log: values.verbose ? console.log : undefined,
  })
  const seconds = (performance.now() - began) / 1000
  console.log(
    `${values.engine}, seed ${values.seed}: ${kills} kills and ${stops} orderly stops, ${runs} runs ended, ${seconds.toFixed(0)} s`,
  )
  for (const [place, count] of Object.entries(fell))
    console.log(
      `  ${place.padEnd(22)} ${String(count).padStart(4)}  ${((100 * count) / kills).toFixed(0).padStart(3)} %`,
    )
  const share = fell['writing a checkpoint'] / kills
  const isMet = faults.length === 0
  console.log(
    `  while a checkpoint was written: ${(100 * share).toFixed(0)} % (at least 25: ${share >= 0.25 ? 'met' : 'MISSED'})`,
  )
  console.log(`  weights, optimizer, memories and metrics as without kills: ${isMet ? 'met' : 'MISSED'}`)
  for (const fault of faults) console.log(`    ${fault}`)
  process.exitCode = isMet && share >= 0.25 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
