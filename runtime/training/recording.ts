// What is written beside the journal as it grows: metrics.csv and the events of TensorBoard.
import { join } from 'node:path'
import type { Plan } from '../../compiler/plan/plan.js'
import { type JournalWriter, journalFile, readJournal } from '../journal/journal.js'
import { metricsCsv, metricsFile } from '../journal/metrics-csv.js'
import { writeDurably } from '../run-folder/durable.js'
import { openTensorBoard } from '../tensorboard/tensorboard.js'

/** The journal, with metrics.csv written anew whenever an epoch has ended or been evaluated, and with tb/ beside it. */
export function withMetrics(runFolder: string, plan: Plan, journal: JournalWriter): JournalWriter {
  const isMetric = ({ event }: { readonly event: string }): boolean =>
    event === 'run_started' || event === 'epoch_done' || event === 'evaluated'
  const events = readJournal(join(runFolder, journalFile)).events.filter(isMetric)
  const tensorBoard = openTensorBoard(runFolder, plan)
  return {
    write(event) {
      journal.write(event)
      const known = { time: Date.now(), ...event }
      if (isMetric(event)) {
        events.push(known)
        const text = metricsCsv(events)
        if (text !== undefined) writeDurably(join(runFolder, metricsFile), text)
      }
      tensorBoard.hear(known)
    },
    flush() {
      journal.flush()
      tensorBoard.flush()
    },
    close() {
      journal.close()
      tensorBoard.close()
    },
  }
}
