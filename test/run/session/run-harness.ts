// Starts tiny runs in folders of their own and cleans up after them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { planHash } from '../../../compiler/plan/hash.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import {
  type CheckpointTensors,
  listCheckpoints,
  readCheckpoint,
} from '../../../runtime/run/folder/checkpoint.js'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import {
  type ResumedRun,
  type StartedTraining,
  startTraining,
} from '../../../runtime/run/process/start-training.js'

export interface RunHarness {
  /** Folder that holds the runs. */
  readonly runs: string
  start(plan: Plan): StartedTraining
  resume(run: ResumedRun): StartedTraining
  /** Ends what still runs and removes everything. */
  dispose(): Promise<void>
}

export function runHarness(): RunHarness {
  const runs = mkdtempSync(join(tmpdir(), 'saurun-runs-'))
  const started: StartedTraining[] = []
  const keep = (training: StartedTraining) => {
    started.push(training)
    return training
  }
  return {
    runs,
    start: (plan) =>
      keep(
        startTraining({
          plan,
          planHash: planHash(plan),
          file: 'examples/Tiny one.sau',
          locations: [[], [], []],
          texts: [
            { path: 'examples/Tiny one.sau', text: 'sau 1\n' },
            { path: 'examples/base.sau', text: 'sau 1\n// base\n' },
          ],
          runs,
          settings: { engine: 'reference', workers: 0 },
        }),
      ),
    resume: (run) => keep(startTraining(run)),
    async dispose() {
      for (const training of started) training.tell({ command: 'stop_now' }, 'the end of the test')
      await Promise.all(started.map(({ exit }) => exit))
      rmSync(runs, { recursive: true })
    },
  }
}

/** Reads all events; `onEvent` may act on them. */
export async function finish(training: StartedTraining, onEvent: (event: JournalEvent) => void = () => {}) {
  const events: JournalEvent[] = []
  for await (const event of training.events) {
    events.push(event)
    onEvent(event)
  }
  return { events, exitCode: await training.exit, last: events.at(-1) }
}

/** The state in the last checkpoint of a run. */
export function finalState(runFolder: string): CheckpointTensors {
  const folder = listCheckpoints(runFolder).at(-1)
  if (folder === undefined) throw new Error('no checkpoint')
  return readCheckpoint(folder).tensors
}

/** Process that trains, as the journal says. */
export function pidOf(events: readonly JournalEvent[]): number {
  const event = events.findLast(({ event }) => event === 'run_started')
  if (event?.event !== 'run_started') throw new Error('not started')
  return event.pid
}

/** Calls `send` with the process once training of the given epoch begins. */
export function atEpoch(epoch: number, send: (pid: number) => void): (event: JournalEvent) => void {
  const seen: JournalEvent[] = []
  let sent = false
  return (event) => {
    seen.push(event)
    if (sent || event.event !== 'phase_started' || event.phase !== 'train' || event.epoch !== epoch) return
    sent = true
    send(pidOf(seen))
  }
}
