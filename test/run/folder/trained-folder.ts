// A run that was trained in this process, with everything that a run folder has.
import { planHash } from '../../../compiler/plan/hash.js'
import { writeReportAtEnd } from '../../../runtime/observe/report/run-report.js'
import { openTensorBoard } from '../../../runtime/observe/tensorboard/tensorboard.js'
import { prepareRun } from '../../../runtime/run/process/prepare-run.js'
import { runSession } from '../../../runtime/run/session/session.js'
import { tinyPlan } from '../session/tiny-experiment.js'

/** Two epochs of the tiny experiment on the reference engine, done. */
export async function trainedFolder(runs: string): Promise<string> {
  const plan = tinyPlan({ best: true })
  const folder = prepareRun({
    plan,
    planHash: planHash(plan),
    file: 'tiny.sau',
    locations: plan.sources.map(() => []),
    texts: [
      { path: '/tiny.sau', text: 'sau 1\n' },
      { path: '/base.sau', text: 'sau 1\n// base\n' },
    ],
    runs,
    settings: { engine: 'reference', workers: 0 },
  })
  const exitCode = await runSession(folder, {
    hooks: { follow: openTensorBoard, ended: (run) => writeReportAtEnd(run) },
  })
  if (exitCode !== 0) throw new Error(`the tiny run ended with ${exitCode}`)
  return folder
}
