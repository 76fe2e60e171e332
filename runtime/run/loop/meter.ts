// Means over the steps since the last `steps_done` event, a few times a second.
import type { EpochDone, StepsDone } from '../journal/events.js'
import type { EpochSums } from './progress.js'

/** Least milliseconds between two `steps_done` events. */
const rhythm = 250

/** One step as it was measured. */
export interface StepMeasure {
  readonly loss: number
  /** In the order of `Plan.losses`. */
  readonly losses: readonly number[]
  readonly samples: number
  /**
   * Seconds from the end of the step before to the end of this one, and those of them spent waiting for data.
   */
  readonly seconds: number
  readonly waited: number
}

export interface Meter {
  add(measure: StepMeasure): void
  /**
   * The event since the last one, when it is time for it or `always`; undefined else, and where no step was
   * done.
   */
  take(
    place: Pick<StepsDone, 'epoch' | 'step' | 'rate'>,
    always: boolean,
  ): Omit<StepsDone, 'time'> | undefined
}

/** `now` gives milliseconds. */
export function createMeter(losses: number, now: () => number = () => performance.now()): Meter {
  let since = now()
  const none = () => ({
    steps: 0,
    loss: 0,
    losses: new Array<number>(losses).fill(0),
    samples: 0,
    seconds: 0,
    waited: 0,
  })
  let sums = none()
  return {
    add(measure) {
      sums.steps++
      sums.loss += measure.loss
      for (const [l, loss] of measure.losses.entries()) sums.losses[l] = (sums.losses[l] ?? 0) + loss
      sums.samples += measure.samples
      sums.seconds += measure.seconds
      sums.waited += measure.waited
    },
    take({ epoch, step, rate }, always) {
      const time = now()
      if (sums.steps === 0 || (!always && time - since < rhythm)) return undefined
      since = time
      const { steps, loss, losses, samples, seconds, waited } = sums
      sums = none()
      return {
        event: 'steps_done',
        epoch,
        step,
        steps,
        loss: loss / steps,
        losses: losses.map((total) => total / steps),
        rate,
        samplesPerSecond: samples / Math.max(seconds, 1e-9),
        dataWait: waited / Math.max(seconds, 1e-9),
        memory: process.memoryUsage.rss(),
      }
    },
  }
}

/** Adds a step to the sums of its epoch. */
export function addStep(sums: EpochSums, measure: StepMeasure): void {
  sums.steps++
  sums.samples += measure.samples
  sums.loss += measure.loss
  for (const [l, loss] of measure.losses.entries()) sums.losses[l] = (sums.losses[l] ?? 0) + loss
  sums.seconds += measure.seconds
}

/** Means of a whole epoch. */
export function epochMeans(
  sums: EpochSums,
): Pick<EpochDone, 'loss' | 'losses' | 'seconds' | 'samplesPerSecond'> {
  return {
    loss: sums.loss / sums.steps,
    losses: sums.losses.map((total) => total / sums.steps),
    seconds: sums.seconds,
    samplesPerSecond: sums.samples / Math.max(sums.seconds, 1e-9),
  }
}
