// The backbones of a Plan: residual networks for small images and for ImageNet. Names of weights are those of
// PyTorch's and torchvision's models.
import { bottleneckExpansion } from '../../plan/backbones.js'
import type { Backbone, CifarResNet, ResNet } from '../../plan/plan.js'
import type { Tensor } from '../builder.js'
import { add, relu, toFloat } from '../operations/arithmetic.js'
import { imageSizes, pictureAxes } from '../operations/convolution.js'
import { maxPool } from '../operations/pooling.js'
import { reduceMean } from '../operations/reductions.js'
import { shortcutPad } from '../operations/shortcut.js'
import type { Pass } from './pass.js'
import { convolutionLayer, normalizationLayer } from './pass.js'

/**
 * The pass that a part of the backbone belongs to (`stem`, `stage1`, ...): frozen parts have one of their
 * own.
 */
export type PassOfPart = (part: string) => Pass

/** Float32 features [n, channels] of normalized images: the mean sums every pixel of a channel. */
export function backboneFeatures(
  passOf: PassOfPart,
  name: string,
  backbone: Backbone,
  images: Tensor,
): Tensor {
  const x =
    backbone.op === 'cifar_resnet'
      ? cifarResNet(passOf, name, backbone, images)
      : resNet(passOf, name, backbone, images)
  return reduceMean(toFloat(x), pictureAxes(passOf('stem').layout))
}

/** Runs the blocks of every stage in turn; the first block of all stages but the first halves the picture. */
function stages(
  passOf: PassOfPart,
  name: string,
  { blocks, width }: Backbone,
  stem: Tensor,
  block: (pass: Pass, name: string, x: Tensor, width: number, stride: number) => Tensor,
): Tensor {
  let x = stem
  blocks.forEach((count, stage) => {
    const pass = passOf(`stage${stage + 1}`)
    for (let position = 0; position < count; position++) {
      const stride = stage > 0 && position === 0 ? 2 : 1
      x = block(pass, `${name}.layer${stage + 1}.${position}`, x, width * 2 ** stage, stride)
    }
  })
  return x
}

/**
 * The ResNet for small images of He et al. (arXiv 1512.03385, section 4.2): a 3x3 stem, stages of
 * two-convolution blocks that halve the picture and double the channels.
 */
function cifarResNet(passOf: PassOfPart, name: string, backbone: CifarResNet, images: Tensor): Tensor {
  const pass = passOf('stem')
  const stem = convolutionLayer(pass, `${name}.conv1`, images, { channels: backbone.width, kernel: 3 })
  const x = relu(normalizationLayer(pass, `${name}.bn1`, stem))
  return stages(passOf, name, backbone, x, (passOfBlock, block, input, channels, stride) => {
    const y = twoConvolutions(passOfBlock, block, input, channels, stride, 'in')
    const shortcut =
      backbone.shortcut === 'conv'
        ? projected(passOfBlock, block, input, channels, stride, 'in')
        : padded(passOfBlock, input, channels, stride)
    return relu(add(y, shortcut))
  })
}

/**
 * The ResNet of torchvision: a stem that quarters the picture (7x7 with stride 2, then a pooling of 3x3 with
 * stride 2), or for small images a 3x3 stem that keeps it; stages of two-convolution blocks, or of
 * bottlenecks whose 3x3 convolution has the stride ("V1.5") and may fall into groups (ResNeXt, Xie et al.,
 * CVPR 2017).
 */
function resNet(passOf: PassOfPart, name: string, backbone: ResNet, images: Tensor): Tensor {
  const pass = passOf('stem')
  const window = backbone.stem === 'imagenet' ? { kernel: 7, stride: 2 } : { kernel: 3, stride: 1 }
  const stem = convolutionLayer(pass, `${name}.conv1`, images, {
    channels: backbone.width,
    ...window,
    fan: 'out',
  })
  let x = relu(normalizationLayer(pass, `${name}.bn1`, stem))
  const pooling = { layout: pass.layout, window: 3, stride: 2, padding: [1, 1, 1, 1] } as const
  if (backbone.pool === 'max') x = maxPool(x, pooling)
  return stages(passOf, name, backbone, x, (passOfBlock, block, input, width, stride) => {
    const { kind } = backbone.block
    const channels = kind === 'bottleneck' ? width * bottleneckExpansion : width
    const y =
      backbone.block.kind === 'bottleneck'
        ? bottleneck(passOfBlock, block, input, channels, stride, {
            // It doubles with every stage, as the width does.
            middle: (backbone.block.middle * width) / backbone.width,
            groups: backbone.block.groups,
          })
        : twoConvolutions(passOfBlock, block, input, channels, stride, 'out')
    return relu(add(y, projected(passOfBlock, block, input, channels, stride, 'out')))
  })
}

function twoConvolutions(
  pass: Pass,
  name: string,
  x: Tensor,
  channels: number,
  stride: number,
  fan: 'in' | 'out',
): Tensor {
  let y = convolutionLayer(pass, `${name}.conv1`, x, { channels, kernel: 3, stride, fan })
  y = relu(normalizationLayer(pass, `${name}.bn1`, y))
  y = convolutionLayer(pass, `${name}.conv2`, y, { channels, kernel: 3, fan })
  return normalizationLayer(pass, `${name}.bn2`, y)
}

function bottleneck(
  pass: Pass,
  name: string,
  x: Tensor,
  channels: number,
  stride: number,
  { middle, groups }: { readonly middle: number; readonly groups: number },
): Tensor {
  let y = convolutionLayer(pass, `${name}.conv1`, x, { channels: middle, kernel: 1, fan: 'out' })
  y = relu(normalizationLayer(pass, `${name}.bn1`, y))
  y = convolutionLayer(pass, `${name}.conv2`, y, { channels: middle, kernel: 3, stride, groups, fan: 'out' })
  y = relu(normalizationLayer(pass, `${name}.bn2`, y))
  y = convolutionLayer(pass, `${name}.conv3`, y, { channels, kernel: 1, fan: 'out' })
  return normalizationLayer(pass, `${name}.bn3`, y)
}

const channelsOf = (pass: Pass, x: Tensor): number => imageSizes(x.type.shape, pass.layout).channels

/** The input of a block; where its size changes, through a 1x1 convolution. */
function projected(
  pass: Pass,
  name: string,
  x: Tensor,
  channels: number,
  stride: number,
  fan: 'in' | 'out',
): Tensor {
  if (stride === 1 && channelsOf(pass, x) === channels) return x
  const y = convolutionLayer(pass, `${name}.downsample.0`, x, { channels, kernel: 1, stride, fan })
  return normalizationLayer(pass, `${name}.downsample.1`, y)
}

/**
 * The input of a block; where its size changes, every stride-th pixel with zeros for the missing channels.
 */
function padded(pass: Pass, x: Tensor, channels: number, stride: number): Tensor {
  const missing = channels - channelsOf(pass, x)
  if (stride === 1 && missing === 0) return x
  const channelsBefore = Math.floor(missing / 2)
  const channelsAfter = missing - channelsBefore
  return shortcutPad(x, { layout: pass.layout, stride, channelsBefore, channelsAfter })
}
