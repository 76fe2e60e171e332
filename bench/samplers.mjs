// How good the samplers and pruners of sweeps are: TPE against random search on test functions with known
// minima, and
// ASHA on made learning curves. Prints the spread over 20 seeds. Usage: node bench/samplers.mjs
// (npm run build before)
import { nextPromotion, randomTrial, tpeTrial } from '../dist/compiler/sweep/index.js'
import { median } from './median.mjs'
import { functions, madeCurves } from './test-functions.mjs'

const seeds = 20
const trials = 100
let missed = 0

console.log(`best of ${trials} trials, median [quartiles] over ${seeds} seeds`)
for (const { name, space, minimum, value } of functions) {
  const best = { random: [], tpe: [] }
  for (let seed = 0; seed < seeds; seed++) {
    const past = []
    let random = Number.POSITIVE_INFINITY
    for (let trial = 0; trial < trials; trial++) {
      const params = tpeTrial(space, past, trial, { direction: 'minimize', seed, startup: 10 })
      past.push({ trial, params, value: value(params) })
      random = Math.min(random, value(randomTrial(space, seed, trial)))
    }
    best.random.push(random - minimum)
    best.tpe.push(Math.min(...past.map((one) => one.value)) - minimum)
  }
  const wins = best.tpe.filter((one, seed) => one < best.random[seed]).length
  const isMet = median(best.tpe) < median(best.random)
  if (!isMet) missed++
  console.log(
    `${name.padEnd(24)} above the minimum: random ${spread(best.random)}, tpe ${spread(best.tpe)}, better in ${wins} of ${seeds} (${isMet ? 'met' : 'MISSED'})`,
  )
}

const epochs = 27
const settings = 27
const first = 3
const shares = []
let found = 0
for (let seed = 0; seed < seeds; seed++) {
  const curves = madeCurves(seed, settings, epochs)
  const known = []
  let spent = 0
  // One worker after the other takes what ASHA gives it, until every setting has begun and none is left to
  // promote.
  for (;;) {
    const promotion = nextPromotion(known, { direction: 'maximize', reduction: 3, first }, epochs)
    if (promotion === undefined && known.length === settings) break
    const trial = promotion?.trial ?? known.length
    const until = promotion?.epochs ?? first
    spent += until - (known[trial]?.values.length ?? 0)
    known[trial] = { trial, values: curves[trial].slice(0, until), isFinished: until === epochs }
  }
  const last = (trial) => curves[trial][epochs - 1]
  const truth = curves.map((_, trial) => trial).sort((a, b) => last(b) - last(a))[0]
  if (known[truth].values.length === epochs) found++
  shares.push(spent / (settings * epochs))
}
const isMet = found === seeds && Math.max(...shares) <= 0.4
if (!isMet) missed++
console.log(
  `ASHA, best of ${settings}         found in ${found} of ${seeds}, with ${(100 * median(shares)).toFixed(1)} % of all epochs, at most ${(100 * Math.max(...shares)).toFixed(1)} % (bar 40 %: ${isMet ? 'met' : 'MISSED'})`,
)
process.exit(missed === 0 ? 0 : 1)

function spread(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const at = (share) => sorted[Math.floor(share * (sorted.length - 1))].toPrecision(3)
  return `${median(numbers).toPrecision(3)} [${at(0.25)}, ${at(0.75)}]`
}
