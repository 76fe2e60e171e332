// tb/ of a run folder: a reader of the journal that writes TensorBoard's event files as the run goes on.
// Steps are the journal's: the last step that had been done, counted from 0.
import { join } from 'node:path'
import { inspect } from 'node:util'
import type { Plan } from '../../../compiler/plan/plan.js'
import { logLine } from '../../platform/texts/terminal.js'
import { type ConfusionReader, confusionReader } from '../../run/folder/confusions.js'
import { tensorBoardFolder } from '../../run/folder/file-names.js'
import { eventKinds } from '../../run/journal/event-form.js'
import type { JournalEvent, RunStarted, StepsDone } from '../../run/journal/events.js'
import { eventsOf, journalFile } from '../../run/journal/journal.js'
import type { Follower } from '../../run/session/recording.js'
import { beginEventFile, type EventFile, eventFiles } from './event-file.js'
import { hparamsAtEnd, hparamsAtStart } from './hparams.js'
import type { SummaryValue } from './messages.js'
import { epochValues, evaluationValues, stepValues } from './summaries.js'

/** Milliseconds that lie between two points inside an epoch, at least. */
const pause = 15_000

/**
 * Writes nothing before a run has started; then begins a file, so that every process has its own. A run that
 * began without tb/ gets all that its journal tells. Hearing an event throws what the file system says,
 * except at the run's end.
 */
export function openTensorBoard(runFolder: string, plan: Plan): Follower {
  const folder = join(runFolder, tensorBoardFolder)
  let writer: Writer | undefined
  return {
    hear(event) {
      if (writer === undefined) {
        if (event.event !== 'run_started') return
        const isFirst = eventFiles(folder).length === 0
        writer = createWriter(beginEventFile(folder, event.time), plan, confusionReader(runFolder))
        // The journal has this event already.
        const events = isFirst ? eventsOf(join(runFolder, journalFile), eventKinds) : [event]
        for (const known of events) writer.write(known)
        return
      }
      try {
        writer.write(event)
      } catch (error) {
        if (event.event !== 'run_ended') throw error
        // The journal says how the run ended; that its curves do not is no reason to end otherwise.
        logLine(inspect(error))
      }
    },
    flush: () => writer?.file.flush(),
    close: () => writer?.file.close(),
  }
}

interface Writer {
  readonly file: EventFile
  write(event: JournalEvent): void
}

function createWriter(file: EventFile, plan: Plan, confusionOf: ConfusionReader): Writer {
  let started: RunStarted | undefined
  let step = 0
  let steps: StepsDone[] = []
  let lastPoint = 0
  const summary = (time: number, values: readonly SummaryValue[]): void => {
    if (values.length > 0) file.write(time, step, { kind: 'summary', values })
  }
  const begin = (event: RunStarted, time: number): void => {
    started = event
    steps = []
    lastPoint = time
    const next = event.resumed?.step ?? 0
    // Steps that were done after the checkpoint are done again. TensorBoard takes only the second such line
    // as a restart.
    file.write(time, next, { kind: 'start' })
    step = 0
    summary(time, hparamsAtStart(plan, event, time))
    step = Math.max(0, next - 1)
  }
  return {
    file,
    write(event) {
      const { time } = event
      if (event.event === 'run_started') return begin(event, time)
      if (started === undefined) return
      switch (event.event) {
        case 'steps_done':
          step = event.step
          steps.push(event)
          if (time - lastPoint < pause) return
          summary(time, stepValues(steps))
          steps = []
          lastPoint = time
          return
        case 'epoch_done':
          step = event.step
          summary(time, [...stepValues(steps), ...epochValues(event, started)])
          steps = []
          lastPoint = time
          return
        case 'evaluated':
          return summary(time, evaluationValues(event, started, confusionOf(event)))
        case 'run_ended':
          return summary(time, hparamsAtEnd(event, time))
        default:
      }
    },
  }
}
