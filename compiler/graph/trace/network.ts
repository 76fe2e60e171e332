// Networks: a backbone and its heads, as PyTorch names them.
import type { FrozenPlan, HeadLayer, HeadPlan, NetworkPlan } from '../../plan/plan.js'
import type { Tensor } from '../builder.js'
import { divide, maximum, multiply, relu, sqrt, toFloat } from '../operations/arithmetic.js'
import { reduceSum } from '../operations/reductions.js'
import { backboneFeatures } from './backbone.js'
import type { Pass } from './pass.js'
import { declareIn, linearLayer, normalizationLayer, product } from './pass.js'
import { kaimingNormal, read } from './variables.js'

/** What of a network does not train, and a place for the names of its variables. */
export interface FrozenParts {
  readonly parts: FrozenPlan | undefined
  readonly variables: Set<string>
}

/**
 * Runs the whole network on normalized images of the graph's layout; every head by name: logits or embedding,
 * float32 [n, size].
 */
export function forward(
  pass: Pass,
  network: NetworkPlan,
  images: Tensor,
  frozen?: FrozenParts,
): ReadonlyMap<string, Tensor> {
  const still = { ...pass, frozen: frozen?.variables }
  const { backbone = [], heads = [] } = frozen?.parts ?? {}
  const features = backboneFeatures(
    (part) => (backbone.includes(part) ? still : pass),
    network.name,
    network.backbone,
    images,
  )
  return new Map(
    network.heads.map((head) => [
      head.name,
      headOutput(heads.includes(head.name) ? still : pass, `${network.name}.${head.name}`, head, features),
    ]),
  )
}

/**
 * A head's layers in order, float32 from one to the next but behind a normalization. One layer with weights
 * has their plain names; several are numbered as in a Sequential.
 */
function headOutput(pass: Pass, name: string, head: HeadPlan, features: Tensor): Tensor {
  const weighted = head.layers.filter((layer) => layer.op !== 'l2_normalize')
  const plain = weighted.length === 1 && weighted[0]?.op !== 'mlp'
  let position = 0
  const nextName = (): string => (plain ? name : `${name}.${position++}`)
  let x = features
  for (const layer of head.layers) x = headLayer(pass, layer, x, nextName)
  return toFloat(x)
}

function headLayer(pass: Pass, layer: HeadLayer, x: Tensor, nextName: () => string): Tensor {
  switch (layer.op) {
    case 'linear':
      return linearLayer(pass, nextName(), x, layer.size, layer.bias)
    case 'cosine':
      return cosineLayer(pass, nextName(), x, layer.size, layer.scale)
    case 'mlp': {
      let y = x
      layer.sizes.forEach((size, index) => {
        y = linearLayer(pass, nextName(), y, size, true)
        if (index === layer.sizes.length - 1) return
        if (layer.norm === 'batch') y = normalizationLayer(pass, nextName(), y)
        // The ReLU has a number of its own, though no weights.
        nextName()
        y = relu(y)
      })
      return y
    }
    case 'l2_normalize':
      return unitRows(x)
  }
}

/** scale * cosine of the angle between each row of x and each row of the weights. */
function cosineLayer(pass: Pass, name: string, x: Tensor, size: number, scale: number): Tensor {
  const [, fanIn = 0] = x.type.shape
  const initial = kaimingNormal(fanIn, pass.seed)
  const weight = declareIn(pass, `${name}.weight`, [size, fanIn], 'weight', initial)
  const rows = unitRows(read(pass.builder, weight))
  return multiply(product(pass, unitRows(x), rows), scale)
}

/**
 * Rows of a matrix divided by their Euclidean length, which is taken as at least 1e-12 (PyTorch's
 * `normalize`).
 */
export function unitRows(x: Tensor): Tensor {
  return divide(x, maximum(sqrt(reduceSum(multiply(x, x), [1], true)), 1e-12))
}
