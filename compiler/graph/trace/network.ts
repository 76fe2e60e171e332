// Networks: the backbone of a Plan and its heads, as PyTorch names them.
import type { Backbone, HeadLayer, HeadPlan, NetworkPlan } from '../../plan/plan.js'
import type { Tensor } from '../builder.js'
import { add, divide, maximum, multiply, relu, sqrt, toFloat } from '../operations/arithmetic.js'
import { imageSizes, pictureAxes } from '../operations/convolution.js'
import { reduceMean, reduceSum } from '../operations/reductions.js'
import { shortcutPad } from '../operations/shortcut.js'
import type { Pass } from './pass.js'
import { convolutionLayer, linearLayer, normalizationLayer, product } from './pass.js'
import { kaimingNormal, read } from './variables.js'

/** Runs the whole network on normalized images of the graph's layout; every head by name: logits or embedding,
 * float32 [n, size]. */
export function forward(pass: Pass, network: NetworkPlan, images: Tensor): ReadonlyMap<string, Tensor> {
  const features = backboneFeatures(pass, network.name, network.backbone, images)
  return new Map(
    network.heads.map((head) => [
      head.name,
      headOutput(pass, `${network.name}.${head.name}`, head, features),
    ]),
  )
}

function backboneFeatures(pass: Pass, name: string, backbone: Backbone, images: Tensor): Tensor {
  switch (backbone.op) {
    case 'cifar_resnet':
      return cifarResNet(pass, name, backbone, images)
  }
}

/**
 * The ResNet for small images of He et al. (arXiv 1512.03385, section 4.2): a 3x3 stem, stages of two-convolution blocks
 * that halve the picture and double the channels, global average pooling. Gives float32
 * features [n, channels]: the mean sums every pixel of a channel.
 */
function cifarResNet(pass: Pass, name: string, backbone: Backbone, images: Tensor): Tensor {
  let x = convolutionLayer(pass, `${name}.conv1`, images, backbone.width, 3, 1)
  x = relu(normalizationLayer(pass, `${name}.bn1`, x))
  backbone.blocks.forEach((blocks, stage) => {
    const channels = backbone.width * 2 ** stage
    for (let block = 0; block < blocks; block++) {
      const stride = stage > 0 && block === 0 ? 2 : 1
      x = residualBlock(pass, `${name}.layer${stage + 1}.${block}`, x, channels, stride, backbone.shortcut)
    }
  })
  return reduceMean(toFloat(x), pictureAxes(pass.layout))
}

function residualBlock(
  pass: Pass,
  name: string,
  x: Tensor,
  channels: number,
  stride: number,
  shortcut: Backbone['shortcut'],
): Tensor {
  let y = convolutionLayer(pass, `${name}.conv1`, x, channels, 3, stride)
  y = relu(normalizationLayer(pass, `${name}.bn1`, y))
  y = convolutionLayer(pass, `${name}.conv2`, y, channels, 3, 1)
  y = normalizationLayer(pass, `${name}.bn2`, y)
  return relu(add(y, shortcutPath(pass, name, x, channels, stride, shortcut)))
}

function shortcutPath(
  pass: Pass,
  name: string,
  x: Tensor,
  channels: number,
  stride: number,
  shortcut: Backbone['shortcut'],
): Tensor {
  const missing = channels - imageSizes(x.type.shape, pass.layout).channels
  if (stride === 1 && missing === 0) return x
  if (shortcut === 'conv') {
    const projected = convolutionLayer(pass, `${name}.downsample.0`, x, channels, 1, stride)
    return normalizationLayer(pass, `${name}.downsample.1`, projected)
  }
  const channelsBefore = Math.floor(missing / 2)
  return shortcutPad(x, {
    layout: pass.layout,
    stride,
    channelsBefore,
    channelsAfter: missing - channelsBefore,
  })
}

/** A head's layers in order, float32 from one to the next but behind a normalization. One layer with weights has their plain names; several are numbered as in a Sequential. */
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
  const weight = pass.variables.declare(
    `${name}.weight`,
    [size, fanIn],
    'weight',
    kaimingNormal(fanIn, pass.seed),
  )
  const rows = unitRows(read(pass.builder, weight))
  return multiply(product(pass, unitRows(x), rows), scale)
}

/** Rows of a matrix divided by their Euclidean length, which is taken as at least 1e-12 (PyTorch's `normalize`). */
export function unitRows(x: Tensor): Tensor {
  return divide(x, maximum(sqrt(reduceSum(multiply(x, x), [1], true)), 1e-12))
}
