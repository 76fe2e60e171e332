// A sweep whose effects are known: 21 of 24 runs done, one failed, two cut; the factor matters most, then the
// strategy, then the rate.
import { type MadeSweep, makeSweep } from './made-sweep.js'

export function mixedSweep(root: string): MadeSweep {
  return makeSweep(root, {
    epochs: 8,
    resultOf: ({ number, params, seed = 0 }) => {
      if (number === failed) {
        return { top1: [0.1], ending: { outcome: 'failed', code: 'SAU7301', message: reason, exitCode: 7 } }
      }
      const byStrategy = params.strategy === 'drop' ? 0.08 : params.strategy === 'neg_only' ? 0.04 : 0
      const byFactor = params.factor === 10 ? 0.13 : 0
      const byRate = params.rate === 0.05 ? 0.03 : 0
      const chance = Math.sin(12.9898 * (number + 1)) / 250
      const best = 0.4 + byStrategy + byFactor + byRate + seed / 200 + chance
      const epochs = number < 22 ? 8 : 3
      return {
        few: best / 2,
        top1: Array.from({ length: epochs }, (_, epoch) => best * (1 - 0.6 ** (epoch + 1))),
        ...(epochs < 8 ? { ending: 'none' as const } : {}),
      }
    },
    events: [
      { event: 'instance_started', instance: failed, how: 'new', attempt: 1 },
      {
        event: 'instance_ended',
        instance: failed,
        exitCode: 7,
        code: 'SAU7301',
        message: reason,
        retried: false,
      },
    ],
  })
}

const failed = 5
const reason = 'the loss is <not> a number'
