// Draws of mixup and cutmix: one lambda, and for cutmix one box centre, per batch.
import type { Plan } from '../../../compiler/plan/plan.js'
import { drawsOf } from '../../../compiler/random/draws.js'
import { keyOf } from '../../../compiler/random/random.js'
import type { Tensor } from '../../platform/tensor.js'

/**
 * Graph inputs of the mixing nodes of a step: `lambda:<k>` float32 [] drawn from Beta(alpha, alpha), and for
 * cutmix `center:<k>` float32 [2], (x, y) in pixels, uniform over the image (Yun et al., "CutMix", ICCV 2019,
 * eq. 2). `k` is the node's position in `Plan.step`. They depend on the node's seed, the epoch and the step
 * inside it.
 */
export function mixingDraws(plan: Plan, epoch: number, stepInEpoch: number): Record<string, Tensor> {
  const inputs: Record<string, Tensor> = {}
  for (const [k, node] of plan.step.entries()) {
    if (node.op !== 'mixup' && node.op !== 'cutmix') continue
    const draws = drawsOf(keyOf(node.seed, 'mix', epoch, stepInEpoch))
    inputs[`lambda:${k}`] = scalar(draws.beta(node.alpha, node.alpha))
    if (node.op === 'cutmix') {
      const { height, width } = imageOf(plan, node.first)
      const data = new Float32Array([draws.uniform53() * width, draws.uniform53() * height])
      inputs[`center:${k}`] = { dtype: 'float32', shape: [2], data }
    }
  }
  return inputs
}

/** A float32 scalar. */
export function scalar(value: number): Tensor {
  return { dtype: 'float32', shape: [], data: new Float32Array([value]) }
}

/** Size of the images of a batch or a mix. */
function imageOf(plan: Plan, reference: number): { readonly height: number; readonly width: number } {
  const node = plan.step[reference]
  if (node?.op === 'mixup' || node?.op === 'cutmix') return imageOf(plan, node.first)
  const view = node?.op === 'batch' ? plan.views[node.view] : undefined
  if (view === undefined) throw new TypeError(`node ${reference} of the step is not a batch of images`)
  return view.output
}
