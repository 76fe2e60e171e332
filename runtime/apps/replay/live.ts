// Comparing a replay with its original while it trains, so that the first difference is known as soon as it
// is there.

import { RunError } from '../../platform/errors.js'
import { logLine } from '../../platform/texts/terminal.js'
import type { RunLock } from '../../run/folder/lock.js'
import type { RunEvent } from '../../run/loop/training.js'
import type { Original } from '../../run/session/hooks.js'
import {
  type Difference,
  differenceText,
  epochDifference,
  evaluationDifference,
  stepDifference,
} from './difference.js'
import { evaluationKey, type RunRecord, readRecord } from './record.js'

export interface LiveComparison {
  /** Each gives the first difference that is seen, once. */
  step(step: number, values: readonly number[]): Difference | undefined
  hear(event: RunEvent): Difference | undefined
}

/**
 * Undefined where the run repeats none, or its original is no longer where it was: the comparison waits for
 * the end then.
 */
export function originalOf({ replayOf }: RunLock): Original | undefined {
  if (replayOf === undefined) return undefined
  const inWords = (difference: Difference | undefined) => difference && differenceText(difference)
  try {
    const comparison = liveComparison(readRecord(replayOf.folder))
    return {
      step: (step, values) => inWords(comparison.step(step, values)),
      hear: (event) => inWords(comparison.hear(event)),
    }
  } catch (error) {
    if (!(error instanceof RunError)) throw error
    logLine(`nothing to compare with while it trains: ${error.message}`)
    return undefined
  }
}

export function liveComparison(original: RunRecord): LiveComparison {
  const columns = 1 + original.losses.length
  const { stepsPerEpoch } = original.plan.train
  let wasTold = false
  /** The last epoch whose training is done: evaluations of others were asked for. */
  let done = -1
  const tell = (difference: Difference | undefined): Difference | undefined => {
    if (wasTold || difference === undefined) return undefined
    wasTold = true
    return difference
  }
  return {
    step(step, values) {
      const row = original.steps?.subarray(step * columns, (step + 1) * columns) ?? []
      const place = { epoch: Math.floor(step / stepsPerEpoch), step }
      return tell(stepDifference(original.losses, place, row, values))
    },
    hear(event) {
      if (event.event === 'epoch_done') {
        done = event.epoch
        const before = original.epochs.get(event.epoch)
        if (before === undefined) return undefined
        return tell(epochDifference(original.losses, before, event))
      }
      if (event.event !== 'evaluated' || event.epoch !== done) return undefined
      const before = original.evaluations.get(evaluationKey(event))
      if (before === undefined) return undefined
      return tell(evaluationDifference({ ...before, confusion: original.confusionOf(before) }, event))
    },
  }
}
