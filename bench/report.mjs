// How long the report of a long run takes: reading its journal, making the page, showing it in a browser.
// Usage: node bench/report.mjs [EPOCHS [CLASSES [ROUNDS]]]
// (npm run build before; a Chromium for the last number)
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runReport } from '../dist/runtime/observe/report/run-report.js'
import { writePage } from '../dist/runtime/observe/report/write.js'
import { readJournal } from '../dist/runtime/run/journal/journal.js'
import { median } from './median.mjs'
import { pageLoad } from './page-load.mjs'
import { makeLongRun } from './report-run.mjs'

const [epochs = 200, classes = 100, rounds = 3] = process.argv.slice(2).map(Number)
const runs = mkdtempSync(join(tmpdir(), 'saurun-bench-'))
const folder = makeLongRun(runs, { epochs, classes })
const journal = join(folder, 'journal.jsonl')
const page = join(folder, 'report.html')
const megabytes = (path) => (statSync(path).size / 1e6).toFixed(1)
const timed = (act) => {
  const start = performance.now()
  act()
  return (performance.now() - start) / 1000
}
const say = (what, values, note, bar) => {
  const seconds = median(values)
  const isMet = seconds <= bar
  console.log(
    `${what.padEnd(10)} ${seconds.toFixed(2)} s, ${note} (at most ${bar}: ${isMet ? 'met' : 'MISSED'})`,
  )
  return isMet
}
const times = (act) => Array.from({ length: rounds }, () => timed(act))
const reading = times(() => readJournal(journal))
const making = times(() => writePage(page, runReport(folder)))
const made = [
  say('journal', reading, `${megabytes(journal)} MB of ${epochs} epochs with ${classes} classes`, 2),
  say('report', making, `journal included, ${megabytes(page)} MB`, 2),
]
const loading = await pageLoad(page, rounds)
if (loading === undefined) console.log('page       not measured: there is no Chromium here')
else made.push(say('page', loading, 'until its charts are drawn, in headless Chromium', 2))
rmSync(runs, { recursive: true })
process.exit(made.every((isMet) => isMet) ? 0 : 1)
