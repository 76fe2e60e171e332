// What of a Plan decides the size of its graph, and so its arithmetic and memory.
import type { Plan } from '../../../compiler/plan/plan.js'
import { imageCount } from '../../run/session/estimate.js'

/** Fields whose value changes what is computed, and not how much. */
const withoutShape: ReadonlySet<string> = new Set([
  'at',
  'seed',
  'title',
  'best',
  'every',
  'rule',
  'temperature',
  'alpha',
  'scale',
  'beta1',
  'beta2',
  'epsilon',
])

/**
 * Fields whose value counts only as nothing or something: without momentum, an optimizer keeps no velocities.
 */
const somethingOrNothing: ReadonlySet<string> = new Set(['momentum', 'weightDecay', 'clip'])

/**
 * A text that is equal for Plans whose programs are equal in size: the same networks, batches, step and
 * evaluations, whatever their rates, seeds, data, views and epochs. Constants of losses count as 0, 1 or
 * another number, for sums and products with 0 and 1 are left out of a graph.
 */
export function shapeKey(plan: Plan): string {
  const { networks, streams, memories, step, losses, objective, train, evaluations } = plan
  const { batch, lastBatch, precision, clip, optimizer } = train
  const images = (dataset: number): number => Math.min(256, imageCount(plan, dataset))
  const shape = {
    networks,
    streams: streams.map(({ name, dataset }) => [name, plan.datasets[dataset]?.classes.length]),
    views: plan.views.map(({ name, output, normalize }) => [name, output, normalize]),
    memories: memories.map((memory) => ({ ...memory, over: images(memory.over) })),
    step,
    losses,
    objective,
    train: { batch, lastBatch, precision, clip, optimizer: { ...optimizer, rate: 0 } },
    evaluations: evaluations.map(({ dataset, network, head, view }) => [
      images(dataset),
      network,
      head,
      view.normalize,
    ]),
  }
  return JSON.stringify(shape, (key, value: unknown) => {
    if (withoutShape.has(key)) return undefined
    if (typeof value !== 'number') return value
    if (somethingOrNothing.has(key)) return value === 0 ? 0 : 1
    return key === 'value' && value !== 0 && value !== 1 ? 'a number' : value
  })
}
