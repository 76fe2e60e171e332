// What follows from the settings of a backbone: how many numbers it gives, how deep it is, its parts, how
// often it halves an image, and its name.
import type { Backbone } from './plan.js'

/** Numbers that a backbone gives for an image: the channels of its last stage. */
export function featureSize(backbone: Backbone): number {
  return stageChannels(backbone, backbone.blocks.length - 1)
}

/** Channels that a stage gives. */
export function stageChannels(backbone: Backbone, stage: number): number {
  return backbone.width * 2 ** stage * (isBottleneck(backbone) ? bottleneckExpansion : 1)
}

/**
 * How many times wider a bottleneck block's result is than its stage's width (He et al., CVPR 2016, table 1).
 */
export const bottleneckExpansion = 4

const isBottleneck = (backbone: Backbone): boolean =>
  backbone.op === 'resnet' && backbone.block.kind === 'bottleneck'

/** Layers with weights, a classifier among them, as the networks are named by. */
export function depthOf(backbone: Backbone): number {
  const blocks = backbone.blocks.reduce((sum, count) => sum + count, 0)
  return (isBottleneck(backbone) ? 3 : 2) * blocks + 2
}

/** How often height and width of an image are halved on the way. */
export function halvings(backbone: Backbone): number {
  const between = backbone.blocks.length - 1
  if (backbone.op === 'cifar_resnet') return between
  return between + (backbone.stem === 'imagenet' ? 1 : 0) + (backbone.pool === 'max' ? 1 : 0)
}

/**
 * Pixels that are left of so many after all halvings, which round up; undefined where a single pixel would be
 * halved.
 */
export function sizeAfterHalvings(size: number, count: number): number | undefined {
  let left = size
  for (let halving = 0; halving < count; halving++) {
    if (left < 2) return undefined
    left = Math.ceil(left / 2)
  }
  return left
}

/** The parts of a backbone in order: what comes before the blocks, and each stage of blocks. */
export function backboneParts(backbone: Backbone): readonly string[] {
  return ['stem', ...backbone.blocks.map((_, stage) => `stage${stage + 1}`)]
}

/** The name by which people know it: `resnet18`, `resnext50`, `cifar_resnet32`. */
export function backboneName(backbone: Backbone): string {
  if (backbone.op === 'cifar_resnet') return `cifar_resnet${depthOf(backbone)}`
  const { block } = backbone
  const isGrouped = block.kind === 'bottleneck' && block.groups > 1
  return `${isGrouped ? 'resnext' : 'resnet'}${depthOf(backbone)}`
}
