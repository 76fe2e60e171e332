// Which settings are not worth training on, by the mean over their seeds.
import {
  ashaVerdict,
  type Curve,
  meanCurve,
  medianVerdict,
  rungsOf,
  type Sweep,
} from '../../../compiler/sweep/index.js'
import { type EvaluationReader, settingCurves } from './results.js'
import type { SweepView } from './state.js'

export interface PrunedSetting {
  readonly setting: number
  /** Epochs that all its seeds had reached when it was judged. */
  readonly epoch: number
  readonly by: string
}

export interface Pruner {
  /** Settings that train now and should stop. */
  judge(view: SweepView): readonly PrunedSetting[]
}

/** A pruner that judges every setting once at every epoch where it has to, also where it looks later. */
export function createPruner({ prune }: Sweep, reader: EvaluationReader): Pruner {
  const judged = new Set<string>()
  return {
    judge(view) {
      if (prune === undefined) return []
      const goal = { ...prune.metric, direction: prune.direction }
      const curves = [...settingCurves(view, goal, reader)].map(
        ([setting, seeds]): Curve => meanCurve(setting, seeds),
      )
      const training = view.instances.filter(({ state }) => state === 'running')
      const epochsOf = new Map(training.map(({ instance }) => [instance.setting, instance.epochs]))
      return [...epochsOf].flatMap(([setting, epochs]): PrunedSetting[] => {
        const reached = curves.find(({ trial }) => trial === setting)?.values.length ?? 0
        const rungs =
          prune.kind === 'asha'
            ? rungsOf(prune, epochs)
            : Array.from({ length: epochs - 1 }, (_, epoch) => epoch + 1)
        for (const epoch of rungs.filter((rung) => rung <= reached)) {
          const key = `${setting} ${epoch}`
          if (judged.has(key)) continue
          judged.add(key)
          const then = curves.map((curve) =>
            curve.trial === setting ? { ...curve, values: curve.values.slice(0, epoch) } : curve,
          )
          // Where no setting has a number there is nothing to compare.
          if (!then.some(({ values }) => Number.isFinite(values[epoch - 1]))) continue
          const verdict =
            prune.kind === 'asha'
              ? ashaVerdict(then, setting, prune, epochs)
              : medianVerdict(then, setting, prune)
          if (verdict === 'stop') return [{ setting, epoch, by: prune.kind }]
        }
        return []
      })
    },
  }
}
