// What is written beside the journal as it grows: confusion matrices, metrics.csv, and what a hook writes.
import { join } from 'node:path'
import { openConfusions } from '../folder/confusions.js'
import { openMetrics } from '../folder/metrics-file.js'
import type { JournalEvent } from '../journal/events.js'
import { eventsOf, type JournalWriter, journalFile } from '../journal/journal.js'
import type { RunEvent } from '../loop/training.js'

/** What writes the events of a run down in another form. */
export interface Follower {
  /** An event that the journal has already. */
  hear(event: JournalEvent): void
  /** Forces what was written onto the disk. */
  flush(): void
  close(): void
}

/** Everything that a run writes down as it goes on. */
export interface Recorder {
  write(event: RunEvent): void
  /** Forces the journal and what follows it onto the disk. */
  flush(): void
  close(): void
}

/**
 * The journal with what stands beside it. A matrix is on the disk before the line that names it; the rest
 * follows from the journal, and is written after it.
 */
export function openRecorder(runFolder: string, journal: JournalWriter, follower?: Follower): Recorder {
  const metrics = openMetrics(runFolder)
  const confusions = openConfusions(runFolder)
  for (const event of eventsOf(join(runFolder, journalFile), ['run_started', 'epoch_done', 'evaluated'])) {
    metrics.recall(event)
    confusions.hear(event)
  }
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
      follower?.hear(known)
    },
    flush() {
      journal.flush()
      follower?.flush()
    },
    close() {
      journal.close()
      confusions.close()
      metrics.close()
      follower?.close()
    },
  }
}
