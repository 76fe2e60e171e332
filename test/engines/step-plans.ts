// Steps of many shapes, on which every engine must agree with the reference engine.
import type { Plan } from '../../compiler/plan/plan.js'
import { smallPlan } from './small-step.js'

const sgd = smallPlan({ width: 16, batch: 6, size: 16 }).train.optimizer

export const stepPlans: readonly (readonly [string, () => Plan])[] = [
  ['whole blocks of 16', () => smallPlan({ width: 16, batch: 6, size: 16 })],
  ['a batch of a prime number of images', () => smallPlan({ width: 16, batch: 7, size: 8 })],
  ['a batch of blocks and a rest', () => smallPlan({ width: 16, batch: 37, size: 8 })],
  ['several blocks a stage', () => smallPlan({ width: 32, blocks: [2, 1, 2], batch: 4, size: 8 })],
  ['a narrow network', () => smallPlan({ width: 4, batch: 6, size: 12 })],
  ['pictures that do not halve evenly', () => smallPlan({ width: 16, batch: 5, size: 10 })],
  [
    'shortcuts with weights',
    () => {
      const plan = smallPlan({ width: 16, batch: 6, size: 8 })
      const networks = plan.networks.map((network) => ({
        ...network,
        backbone: { ...network.backbone, shortcut: 'conv' as const },
      }))
      return { ...plan, networks }
    },
  ],
  [
    'Adam with a bound on the gradient',
    () => {
      const plan = smallPlan({ width: 16, batch: 6, size: 8 })
      const optimizer = {
        op: 'adam',
        rate: sgd.rate,
        beta1: 0.9,
        beta2: 0.999,
        // Large, so that Adam does not turn the rounding of small gradients into whole steps.
        epsilon: 1e-3,
        weightDecay: 0.01,
      } as const
      return { ...plan, train: { ...plan.train, optimizer, clip: 1 } }
    },
  ],
]
