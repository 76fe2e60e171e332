// What is written beside the journal as it grows: confusion matrices, metrics.csv and the events of TensorBoard.
import { join } from 'node:path'
import type { Plan } from '../../compiler/plan/plan.js'
import type { JournalEvent } from '../journal/events.js'
import { eventsOf, type JournalWriter, journalFile, type NewEvent } from '../journal/journal.js'
import { openConfusions } from '../run-folder/confusions.js'
import { openMetrics } from '../run-folder/metrics-file.js'
import { openTensorBoard } from '../tensorboard/tensorboard.js'
import type { Evaluation } from './metrics.js'

/** What happens in a run, an evaluation with its matrix in hand. */
export type RunEvent = Exclude<NewEvent, { readonly event: 'evaluated' }> | Evaluation

/** Everything that a run writes down as it goes on. */
export interface Recorder {
  write(event: RunEvent): void
  /** Forces the journal and the events of TensorBoard onto the disk. */
  flush(): void
  close(): void
}

/**
 * The journal with what stands beside it. A matrix is on the disk before the line that names it; the rest follows from the
 * journal, and is written after it.
 */
export function openRecorder(runFolder: string, plan: Plan, journal: JournalWriter): Recorder {
  const metrics = openMetrics(runFolder)
  const confusions = openConfusions(runFolder)
  for (const event of eventsOf(join(runFolder, journalFile), ['run_started', 'epoch_done', 'evaluated'])) {
    metrics.recall(event)
    confusions.hear(event)
  }
  const tensorBoard = openTensorBoard(runFolder, plan)
  const written = (event: RunEvent): JournalEvent => {
    if (event.event !== 'evaluated') return journal.write(event)
    const { epoch, evaluation, dataset, confusion } = event
    const place =
      confusion === undefined ? undefined : confusions.append({ epoch, evaluation, dataset, ...confusion })
    return journal.write({ ...event, confusion: place })
  }
  return {
    write(event) {
      const known = written(event)
      confusions.hear(known)
      metrics.hear(known)
      tensorBoard.hear(known)
    },
    flush() {
      journal.flush()
      tensorBoard.flush()
    },
    close() {
      journal.close()
      confusions.close()
      metrics.close()
      tensorBoard.close()
    },
  }
}
