// Plays the journal of a run in the terminal UI, as it looked while it ran:
//   node docs/screenshot/play-journal.mjs runs/<experiment>/<run>/journal.jsonl [times faster] [ascii] [hold]
// `hold` keeps the last screen until q d or ctrl-c, for a picture of it.
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startTerminalUi } from '../../dist/runtime/observe/tui/start.js'
import { confusionReader } from '../../dist/runtime/run/folder/confusions.js'
import { readJournal } from '../../dist/runtime/run/journal/journal.js'

const [path, faster = '10', ...flags] = process.argv.slice(2)
if (path === undefined) {
  process.stderr.write('usage: node docs/screenshot/play-journal.mjs JOURNAL [times faster] [ascii] [hold]\n')
  process.exit(2)
}
const { events } = readJournal(path)

let isStopped = false
const stop = () => {
  isStopped = true
}
const ui = await startTerminalUi({
  colour: process.env.NO_COLOR === undefined,
  unicode: !flags.includes('ascii'),
  // There is no run to act on: whatever would stop it or leave it ends the play.
  actions: { tell: ({ command }) => command.startsWith('stop') && stop(), detach: stop },
  confusionOf: confusionReader(dirname(path)),
})
const first = events[0]?.time ?? 0
const begun = Date.now()
for (const event of events) {
  if (isStopped) break
  const due = (event.time - first) / Number(faster)
  const wait = due - (Date.now() - begun)
  if (wait > 1) await sleep(wait)
  if (event.event === 'run_ended' && flags.includes('hold')) break
  ui.event({ ...event, time: begun + due })
}
while (flags.includes('hold') && !isStopped) await sleep(100)
await ui.close()
