// Tiny runs and replays of them, trained by the reference engine in processes of their own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { planHash } from '../../../compiler/plan/hash.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import { type ReplayRequest, replayOf, replaySettings } from '../../../runtime/apps/replay/prepare-replay.js'
import { readRecord } from '../../../runtime/apps/replay/record.js'
import type { NewRun } from '../../../runtime/run/process/prepare-run.js'
import {
  type ResumedRun,
  type StartedTraining,
  startTraining,
} from '../../../runtime/run/process/start-training.js'

export interface ReplayHarness {
  readonly runs: string
  start(plan: Plan, other?: Partial<NewRun>): StartedTraining
  resume(run: ResumedRun): StartedTraining
  replay(original: string, request?: Partial<ReplayRequest>, other?: Partial<NewRun>): StartedTraining
  dispose(): Promise<void>
}

export function replayHarness(): ReplayHarness {
  const runs = mkdtempSync(join(tmpdir(), 'saurun-replay-'))
  const started: StartedTraining[] = []
  const keep = (training: StartedTraining): StartedTraining => {
    started.push(training)
    return training
  }
  return {
    runs,
    start: (plan, other) =>
      keep(
        startTraining({
          plan,
          planHash: planHash(plan),
          file: 'tiny.sau',
          locations: plan.sources.map(() => []),
          texts: [{ path: '/tiny.sau', text: 'sau 1\n' }],
          runs,
          settings: { engine: 'reference', workers: 0 },
          ...other,
        }),
      ),
    resume: (run) => keep(startTraining(run)),
    replay(original, request, other) {
      const record = readRecord(original)
      const run = replayOf(record, {
        runs,
        settings: replaySettings(record, {}),
        locations: record.plan.sources.map(() => []),
        findings: [],
        stopAtDifference: false,
        ...request,
      })
      return keep(startTraining({ ...run, ...other }))
    },
    async dispose() {
      for (const training of started) training.tell({ command: 'stop_now' }, 'the end of the test')
      await Promise.all(started.map(({ exit }) => exit))
      rmSync(runs, { recursive: true })
    },
  }
}
