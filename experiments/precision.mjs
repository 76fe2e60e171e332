// What bfloat16 costs the SAU row of the small study (README.md): the same runs in float32 and in bfloat16,
// seeds 1 and 2.
// Usage: node experiments/precision.mjs [DATA [ENGINE [SEEDS]]]   (npm run build before)
//        node experiments/precision.mjs ../shared/data tensorflow 1,2
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const [, , data = '../shared/data', engine = 'tensorflow', seedList = '1,2'] = process.argv
const command = fileURLToPath(new URL('../dist/runtime/cli/main.js', import.meta.url))
const experiment = fileURLToPath(new URL('sau.sau', import.meta.url))
const params = { data, depth: 8, width: 16, factor: 100, rate: 0.05, decay: 5e-4, epochs: 30 }
const precisions = ['float32', 'bfloat16']
/** Points of top-1 accuracy, in the mean over all seeds. */
const bar = 1.5

const accuracies = { float32: [], bfloat16: [] }
const seconds = { float32: 0, bfloat16: 0 }
for (const seed of seedList.split(',')) {
  for (const precision of precisions) {
    const result = await train(precision, seed)
    accuracies[precision].push(result.accuracy)
    seconds[precision] += result.seconds
    console.log(
      `seed ${seed}, ${precision.padEnd(8)}  top-1 ${result.accuracy.toFixed(1)} %  few ${result.few.toFixed(1)} %  ${result.seconds.toFixed(0)} s`,
    )
  }
}
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
const cost = mean(accuracies.float32) - mean(accuracies.bfloat16)
console.log(
  `mean       float32 ${mean(accuracies.float32).toFixed(1)} %, bfloat16 ${mean(accuracies.bfloat16).toFixed(1)} %: ` +
    `bfloat16 costs ${cost.toFixed(1)} points (less than ${bar}: ${cost < bar ? 'met' : 'MISSED'}) ` +
    `and takes ${(seconds.bfloat16 / seconds.float32).toFixed(2)} of the time`,
)
process.exit(cost < bar ? 0 : 1)

/** Accuracies of the last epoch in percent, and how long the run took. */
function train(precision, seed) {
  const settings = Object.entries({ ...params, precision }).flatMap(([name, value]) => [
    '--set',
    `${name}=${value}`,
  ])
  const words = ['run', experiment, ...settings, '--seed', seed, '--engine', engine, '--json']
  const child = spawn(process.execPath, [command, ...words], { stdio: ['ignore', 'pipe', 'inherit'] })
  let evaluated
  let ended
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line)
    if (event.event === 'evaluated') evaluated = event
    if (event.event === 'warned') console.log(`seed ${seed}, ${precision}: ${event.message}`)
    if (event.event === 'run_ended') ended = event
  })
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      if (code !== 0 || evaluated === undefined || ended === undefined)
        return reject(new Error(ended?.message ?? `the run ended with ${code}`))
      const few = evaluated.shots?.find((group) => group.name === 'few')?.accuracy ?? Number.NaN
      resolve({ accuracy: 100 * evaluated.top1, few: 100 * few, seconds: ended.seconds })
    })
  })
}
