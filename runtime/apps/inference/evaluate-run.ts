// A run's evaluations once more, on the weights of a checkpoint.

import { diskHost } from '../../data/host/shared-host.js'
import { loadData } from '../../data/load.js'
import { createBatchSource } from '../../data/views/index.js'
import { evaluate } from '../../run/loop/evaluate.js'
import type { Evaluation } from '../../run/loop/metrics.js'
import { evaluatedPart } from './evaluated-data.js'
import type { TrainedNetwork } from './trained-network.js'

/** What was measured, without how long it took. */
export type Measured = Omit<Evaluation, 'event' | 'seconds'>

/**
 * Repeats all evaluations of the run on its data, which must be what it was.
 * @throws RunError SAU7202 (no finite numbers), SAU8001 - SAU8006 (the data), SAU8501.
 */
export async function evaluateRun(network: TrainedNetwork): Promise<readonly Measured[]> {
  const { plan: whole, lock, program, executable, epoch } = network
  const { plan, locations } = evaluatedPart(
    whole,
    lock.sources.map((source) => source.locations),
  )
  const data = await loadData(plan, locations, {
    verify: true,
    host: diskHost(),
    ...(lock.settings.dataMemory === undefined ? {} : { memory: lock.settings.dataMemory }),
  })
  const batches = createBatchSource(plan, data)
  try {
    const results: Measured[] = []
    for (const position of plan.evaluations.keys()) {
      const work = { plan, data, program, executable, batches, control: { breathe: async () => {} } }
      results.push(measured(await evaluate(work, position, epoch)))
    }
    return results
  } finally {
    await batches.dispose()
  }
}

/** Without what belongs to a journal. */
export function measured({ event: _, seconds: __, ...rest }: Evaluation): Measured {
  return rest
}
