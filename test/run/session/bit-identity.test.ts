// The same Plan, engine and threads give the same bits on every run, whatever the number of threads that
// prepare images.
import { expect, test } from 'vitest'
import type { EngineChoice } from '../../../runtime/engines/names.js'
import { replayHarness } from '../../apps/replay/tiny-replays.js'
import { missingTensorFlow, tensorFlow } from '../../engines/tensorflow-there.js'
import { endOfRun } from './command-harness.js'
import { finish } from './run-harness.js'
import { tinyPlan } from './tiny-experiment.js'

const engines: readonly {
  readonly engine: EngineChoice
  readonly threads: number
  readonly there: boolean
}[] = [
  { engine: 'reference', threads: 1, there: true },
  { engine: 'onnx', threads: 1, there: true },
  { engine: 'onnx', threads: 2, there: true },
  { engine: 'tfjs', threads: 1, there: true },
  { engine: 'tensorflow', threads: 2, there: tensorFlow !== undefined },
]

for (const { engine, threads, there } of engines) {
  const why = there ? '' : ` (skipped: ${missingTensorFlow})`
  test.skipIf(!there)(`${engine} with ${threads} of its own threads${why}`, async () => {
    const harness = replayHarness()
    try {
      const ends: Readonly<Record<string, string>>[] = []
      for (const workers of [0, 1, 3]) {
        const training = harness.start(tinyPlan({ epochs: 2 }), { settings: { engine, threads, workers } })
        expect((await finish(training)).exitCode).toBe(0)
        ends.push(endOfRun(training.runFolder))
      }
      const [first, ...others] = ends
      expect(Object.keys(first ?? {})).toContain('weights.safetensors')
      expect(first?.['metrics.csv']).toMatch(/^epoch,step,learning_rate,loss/)
      for (const other of others) expect(other).toEqual(first)
    } finally {
      await harness.dispose()
    }
  })
}
