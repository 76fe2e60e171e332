// Backbones and head layers.
import { labelled } from '../diagnostics/reporter.js'
import type { HeadLayer, ResNet } from '../plan/plan.js'
import { types } from '../types/type.js'
import { unknownLayer } from '../types/unknown.js'
import type { BackboneValue, LayersValue } from '../types/value.js'
import { type Call, declareFunction, defaulting, optional, required, rest } from './declaration.js'
import { choice, countUpTo, list, real, truth, whole } from './slots.js'

// What no network has more of. The deepest that was published has 1,202 layers, the widest some ten thousand
// channels; how many layers a step may run in all is checked where the step is known (checking/extent.ts).
const blocks = countUpTo(1000)
const width = countUpTo(65_536)
const outputs = countUpTo(1_000_000)

const cifarResnet = declareFunction({
  name: 'cifar_resnet',
  group: 'backbone',
  doc: 'The residual network for small images (He et al., CVPR 2016, section 4.2): a 3x3 stem, three stages of two-convolution blocks, the last two halving the image and doubling the channels, and global average pooling.',
  parameters: {
    depth: optional(whole({ from: 8, to: 6002, isGenerous: true }), 'layers, 6n+2'),
    blocks: optional(list(blocks, 1, 12), 'blocks of each stage, instead of `depth`'),
    width: defaulting(width, 16, 'channels of the first stage'),
    shortcut: defaulting(
      choice('shortcut', ['pad', 'conv']),
      'pad',
      'how a block that changes size passes its input on',
    ),
  },
  result: types.backbone,
  apply(a, call) {
    const { reporter } = call.context
    if ((a.depth === undefined) === (a.blocks === undefined)) {
      reporter.report('SAU3108', {
        gaps: { count: a.depth === undefined ? 'neither' : 'both' },
        labels: [labelled(call.at)],
      })
      return undefined
    }
    if (a.blocks) return backbone(a.blocks, a.width, a.shortcut)
    const depth = a.depth ?? 0
    const perStage = (depth - 2) / 6
    if (Number.isInteger(perStage)) return backbone([perStage, perStage, perStage], a.width, a.shortcut)
    const below = 6 * Math.floor(perStage) + 2
    reporter.report('SAU3107', {
      gaps: { depth, below, above: below + 6 },
      labels: [labelled(call.where.depth, `depth ${depth}`)],
    })
    return undefined
  },
})

function backbone(blocks: readonly number[], width: number, shortcut: 'pad' | 'conv') {
  return { kind: 'backbone', backbone: { op: 'cifar_resnet', blocks, width, shortcut } } as const
}

const stem = {
  width: defaulting(width, 64, 'channels of the stem, which every later stage doubles'),
  stem: defaulting(choice('stem', ['imagenet', 'small']), 'imagenet', 'how the network begins'),
  pool: optional(
    choice('pool', ['max', 'none']),
    'what follows the stem; `max` where left out, but `none` after a small stem',
  ),
}

interface StemArguments {
  readonly width: number
  readonly stem: ResNet['stem']
  readonly pool: ResNet['pool'] | undefined
}

function resNet(blocks: readonly number[], block: ResNet['block'], a: StemArguments): BackboneValue {
  const { width, stem: begin, pool = begin === 'small' ? 'none' : 'max' } = a
  return { kind: 'backbone', backbone: { op: 'resnet', blocks, width, block, stem: begin, pool } }
}

const resnetDoc = (depth: number, blocks: string): string =>
  `ResNet-${depth} (He et al., CVPR 2016), as torchvision builds it: a stem, four stages of ${blocks}, and global average pooling.`

const resnet18 = declareFunction({
  name: 'resnet18',
  group: 'backbone',
  doc: resnetDoc(18, '2, 2, 2 and 2 blocks of two convolutions'),
  parameters: stem,
  result: types.backbone,
  apply: (a) => resNet([2, 2, 2, 2], { kind: 'basic' }, a),
})

const resnet34 = declareFunction({
  name: 'resnet34',
  group: 'backbone',
  doc: resnetDoc(34, '3, 4, 6 and 3 blocks of two convolutions'),
  parameters: stem,
  result: types.backbone,
  apply: (a) => resNet([3, 4, 6, 3], { kind: 'basic' }, a),
})

const resnet50 = declareFunction({
  name: 'resnet50',
  group: 'backbone',
  doc: resnetDoc(50, '3, 4, 6 and 3 bottlenecks, whose 3x3 convolution has the stride'),
  parameters: stem,
  result: types.backbone,
  apply: (a) => resNet([3, 4, 6, 3], { kind: 'bottleneck', middle: a.width, groups: 1 }, a),
})

const resnext50 = declareFunction({
  name: 'resnext50',
  group: 'backbone',
  doc: 'ResNeXt-50 32x4d (Xie et al., CVPR 2017), as torchvision builds it: a ResNet-50 whose bottlenecks are wider and convolve their channels in groups.',
  parameters: {
    ...stem,
    groups: defaulting(width, 32, 'groups of the 3x3 convolutions'),
    group_width: defaulting(
      width,
      4,
      'channels of a group in the first stage, which every later stage doubles',
    ),
  },
  result: types.backbone,
  apply: (a) =>
    resNet([3, 4, 6, 3], { kind: 'bottleneck', middle: a.groups * a.group_width, groups: a.groups }, a),
})

function layer(call: Call, value: HeadLayer): LayersValue {
  return { kind: 'layers', layers: [{ layer: value, at: call.at }] }
}

const linear = declareFunction({
  name: 'linear',
  group: 'layers',
  doc: 'A linear layer. As the last layer of a head it is a classifier and gives logits.',
  parameters: {
    n: required(outputs, 'outputs; `classes` follows the data'),
    bias: defaulting(truth, true, 'whether a bias is added'),
  },
  result: types.layers,
  recover: (_, call) => unknownLayer('linear', call.at),
  apply: (a, call) => layer(call, { op: 'linear', size: a.n, bias: a.bias }),
})

const cosine = declareFunction({
  name: 'cosine',
  group: 'layers',
  doc: 'A classifier that gives the cosine between the features and one direction per class, times a scale.',
  parameters: {
    n: required(outputs, 'outputs; `classes` follows the data'),
    scale: defaulting(real({ above: 0 }), 16, 'what the cosine is multiplied by'),
  },
  result: types.layers,
  recover: (_, call) => unknownLayer('cosine', call.at),
  apply: (a, call) => layer(call, { op: 'cosine', size: a.n, scale: a.scale }),
})

const mlp = declareFunction({
  name: 'mlp',
  group: 'layers',
  doc: 'Linear layers with normalization and ReLU between them; the last is linear alone. Gives an embedding.',
  parameters: {
    sizes: rest(outputs, 'outputs of each linear layer, at least two'),
    norm: defaulting(choice('norm', ['batch', 'none']), 'batch', 'what stands between the linear layers'),
  },
  result: types.layers,
  recover: (_, call) => unknownLayer('mlp', call.at),
  apply(a, call) {
    if (a.sizes.length >= 2) return layer(call, { op: 'mlp', sizes: a.sizes, norm: a.norm })
    call.context.reporter.report('SAU3106', { gaps: { count: a.sizes.length }, labels: [labelled(call.at)] })
    return undefined
  },
})

const l2Normalize = declareFunction({
  name: 'l2_normalize',
  group: 'layers',
  doc: 'Scales every row to unit length.',
  parameters: {},
  result: types.layers,
  recover: (_, call) => unknownLayer('l2_normalize', call.at),
  apply: (_, call) => layer(call, { op: 'l2_normalize' }),
})

export const backboneFunctions = [cifarResnet, resnet18, resnet34, resnet50, resnext50]
export const headFunctions = [linear, cosine, mlp, l2Normalize]
