// View operations. Sizes that are left out are those of the image that comes in, so an operation is lowered
// where the view meets images of a known shape. Semantics are torchvision's and Pillow's.
import { labelled } from '../diagnostics/reporter.js'
import type { ImageShape, Normalization, ViewOperation } from '../plan/plan.js'
import { types } from '../types/type.js'
import type { ViewValue } from '../types/value.js'
import type { KnownImage, ViewFault, ViewStep, ViewStepResult } from '../types/view-step.js'
import {
  type Call,
  declareFunction,
  defaulting,
  type FunctionDeclaration,
  optional,
  required,
} from './declaration.js'
import { choice, countUpTo, only, perChannel, probability, range, real, truth, whole } from './slots.js'
import { cutting, keepingSize, square } from './wrong-views.js'

type Rule = (input: ImageShape) => ViewStepResult | ViewFault

function chain(step: ViewStep): ViewValue {
  return { kind: 'view', operations: [step], identity: undefined }
}

function random(name: string, call: Call, apply: Rule): ViewValue {
  return chain({ name, at: call.at, deterministic: false, normalizes: false, apply })
}

function fixed(name: string, call: Call, apply: Rule): ViewValue {
  return chain({ name, at: call.at, deterministic: true, normalizes: false, apply })
}

/** An operation that leaves the shape as it is. */
const keeping =
  (operation: ViewOperation): Rule =>
  (input) => ({ operation, output: input })

/** An operation that needs to know the size of its images. */
const sized =
  (rule: (image: KnownImage) => ViewStepResult | ViewFault): Rule =>
  (input) =>
    input === 'varied' ? { fault: 'varied', output: undefined } : rule(input)

/** An operation on colours. */
const colour =
  (operation: ViewOperation): Rule =>
  (input) =>
    input !== 'varied' && input.channels !== 3
      ? { fault: 'channels', needed: 3, output: undefined }
      : { operation, output: input }

const size = whole({ from: 1, to: 4096 })

const crop = declareFunction({
  name: 'crop',
  group: 'view',
  doc: 'Pads the image with black and cuts a window of `size` at a random place.',
  parameters: {
    padding: defaulting(whole({ from: 0, to: 4096 }), 0, 'black pixels added on every side'),
    size: optional(size, 'pixels a side of the window; the size of the image where left out'),
  },
  result: types.view,
  recover: (a, call) => cutting('crop', a.size, call, call.where.size),
  apply: (a, call) =>
    random(
      'crop',
      call,
      sized((image) => {
        const side = a.size ?? Math.min(image.height, image.width)
        if (side > Math.min(image.height, image.width) + 2 * a.padding)
          return { fault: 'too_large', size: side, output: undefined }
        return { operation: { op: 'crop', padding: a.padding, size: side }, output: square(side, image) }
      }),
    ),
})

const resizedCrop = declareFunction({
  name: 'resized_crop',
  group: 'view',
  doc: 'Cuts a window of random area and shape at a random place and scales it to `size`.',
  parameters: {
    scale: defaulting(
      range({ above: 0, to: 1 }),
      { kind: 'range', from: 0.08, to: 1 },
      'the share of the area that is cut',
      '0.08..1.0',
    ),
    ratio: defaulting(
      range({ above: 0 }),
      { kind: 'range', from: 3 / 4, to: 4 / 3 },
      'width over height of what is cut',
      '0.75..1.3333',
    ),
    size: optional(size, 'pixels a side of the result; the size of the image where left out'),
  },
  result: types.view,
  recover: (a, call) => cutting('resized_crop', a.size, call, call.where.size),
  apply: (a, call) =>
    random('resized_crop', call, (input) => {
      if (input === 'varied' && a.size === undefined) return { fault: 'varied', output: undefined }
      const side = a.size ?? (input === 'varied' ? 0 : Math.min(input.height, input.width))
      return {
        operation: {
          op: 'resized_crop',
          size: side,
          scale: [a.scale.from, a.scale.to],
          ratio: [a.ratio.from, a.ratio.to],
        },
        output: square(side, input),
      }
    }),
})

const centerCrop = declareFunction({
  name: 'center_crop',
  group: 'view',
  doc: 'Cuts the middle n x n pixels.',
  parameters: { n: required(size, 'pixels a side') },
  result: types.view,
  recover: (a, call) => cutting('center_crop', a.n, call, undefined),
  apply: (a, call) =>
    fixed('center_crop', call, (input) =>
      input !== 'varied' && a.n > Math.min(input.height, input.width)
        ? { fault: 'too_large', size: a.n, output: undefined }
        : { operation: { op: 'center_crop', size: a.n }, output: square(a.n, input) },
    ),
})

const resize = declareFunction({
  name: 'resize',
  group: 'view',
  doc: 'Scales the image so that its short side has n pixels (bilinear, antialiased).',
  parameters: { n: required(size, 'pixels of the short side') },
  result: types.view,
  recover: (_, call) => cutting('resize', undefined, call, undefined),
  apply: (a, call) =>
    fixed('resize', call, (input) => {
      const operation = { op: 'resize', size: a.n } as const
      if (input === 'varied') return { operation, output: 'varied' }
      const { height, width, channels } = input
      const long = (side: number, short: number) => Math.trunc((a.n * side) / short)
      const output =
        height <= width
          ? { height: a.n, width: long(width, height), channels }
          : { height: long(height, width), width: a.n, channels }
      return { operation, output }
    }),
})

const flip = declareFunction({
  name: 'flip',
  group: 'view',
  doc: 'Mirrors the image left to right with a probability.',
  parameters: { p: defaulting(probability, 0.5, 'the probability') },
  result: types.view,
  recover: keepingSize('flip'),
  apply: (a, call) => random('flip', call, keeping({ op: 'flip', probability: a.p })),
})

const rotate = declareFunction({
  name: 'rotate',
  group: 'view',
  doc: 'Turns the image by a random angle of at most so many degrees either way; corners become black.',
  parameters: { degrees: required(real({ from: 0, to: 180 }), 'the largest angle') },
  result: types.view,
  recover: keepingSize('rotate'),
  apply: (a, call) => random('rotate', call, keeping({ op: 'rotate', degrees: a.degrees })),
})

const strength = real({ from: 0, to: 1 })

const colorJitter = declareFunction({
  name: 'color_jitter',
  group: 'view',
  doc: 'Changes brightness, contrast, saturation and hue by random amounts, in random order.',
  parameters: {
    brightness: defaulting(strength, 0, 'the factor is within 1 - b .. 1 + b'),
    contrast: defaulting(strength, 0, 'the factor is within 1 - c .. 1 + c'),
    saturation: defaulting(strength, 0, 'the factor is within 1 - s .. 1 + s'),
    hue: defaulting(real({ from: 0, to: 0.5 }), 0, 'the shift is within -h .. h of the colour circle'),
  },
  result: types.view,
  recover: keepingSize('color_jitter'),
  apply: (a, call) => random('color_jitter', call, colour({ op: 'color_jitter', ...a })),
})

const grayscale = declareFunction({
  name: 'grayscale',
  group: 'view',
  doc: 'Takes the colour out and keeps three equal channels.',
  parameters: {},
  result: types.view,
  recover: keepingSize('grayscale'),
  apply: (_, call) => fixed('grayscale', call, colour({ op: 'grayscale' })),
})

const gaussianBlur = declareFunction({
  name: 'gaussian_blur',
  group: 'view',
  doc: 'Blurs the image with a Gaussian of random radius.',
  parameters: {
    sigma: defaulting(
      range({ above: 0, to: 100 }),
      { kind: 'range', from: 0.1, to: 2 },
      'the radius in pixels',
      '0.1..2.0',
    ),
  },
  result: types.view,
  recover: keepingSize('gaussian_blur'),
  apply: (a, call) =>
    random('gaussian_blur', call, keeping({ op: 'gaussian_blur', sigma: [a.sigma.from, a.sigma.to] })),
})

const autoaugment = declareFunction({
  name: 'autoaugment',
  group: 'view',
  doc: 'One of 25 published pairs of operations, drawn anew for each image (Cubuk et al., CVPR 2019).',
  parameters: {
    policy: required(
      choice('policy', ['cifar10', 'imagenet', 'svhn']),
      'for which data the policy was found',
    ),
  },
  result: types.view,
  recover: keepingSize('autoaugment'),
  apply: (a, call) => random('autoaugment', call, colour({ op: 'autoaugment', policy: a.policy })),
})

/** Of the grey that fills an image where nothing is said: the middle of the scale. */
const middleGrey = [128, 128, 128] as const

const randaugment = declareFunction({
  name: 'randaugment',
  group: 'view',
  doc: 'So many of 15 operations, drawn anew for each image and each done with probability 0.5 (Cubuk et al., 2020, as timm does it: `rand-n2-m10-mstd0.5`).',
  parameters: {
    n: defaulting(whole({ from: 1, to: 100 }), 2, 'how many operations are drawn'),
    m: defaulting(real({ from: 0, to: 10 }), 10, 'their magnitude'),
    mstd: defaulting(
      real({ from: 0, to: 10 }),
      0,
      'standard deviation of the magnitude, which stays within 0..10',
    ),
    fill: optional(
      choice('statistics', ['cifar10', 'cifar100', 'imagenet']),
      'the data whose mean colour fills what comes into the image from outside; grey (128) where left out',
    ),
    increasing: defaulting(
      truth,
      false,
      'operations grow stronger with the magnitude; without, a magnitude of 10 posterizes to 4 bits, solarizes nothing and enhances by 1.9',
    ),
  },
  result: types.view,
  recover: keepingSize('randaugment'),
  apply: (a, call) =>
    random(
      'randaugment',
      call,
      colour({
        op: 'randaugment',
        count: a.n,
        magnitude: a.m,
        deviation: a.mstd,
        fill: a.fill === undefined ? middleGrey : meanColour(publishedStatistics[a.fill]),
        increasing: a.increasing,
      }),
    ),
})

const cutout = declareFunction({
  name: 'cutout',
  group: 'view',
  doc: 'Blackens squares at random places; what hangs over the edge is cut off (DeVries and Taylor, 2017).',
  parameters: {
    size: required(size, 'pixels a side of the square'),
    holes: defaulting(countUpTo(1000), 1, 'how many squares'),
  },
  result: types.view,
  recover: keepingSize('cutout'),
  apply: (a, call) =>
    random(
      'cutout',
      call,
      sized((image) =>
        a.size > Math.min(image.height, image.width)
          ? { fault: 'too_large', size: a.size, output: image }
          : { operation: { op: 'cutout', size: a.size, holes: a.holes }, output: image },
      ),
    ),
})

/**
 * Published statistics of the channels, 0..1 scale. CIFAR-10: as the SAU code has them; CIFAR-100 and
 * ImageNet: as commonly published.
 */
const publishedStatistics: Readonly<Record<'cifar10' | 'cifar100' | 'imagenet', Normalization>> = {
  cifar10: { mean: [0.49139968, 0.48215827, 0.44653124], deviation: [0.24703233, 0.24348505, 0.26158768] },
  cifar100: { mean: [0.4914, 0.4822, 0.4465], deviation: [0.2023, 0.1994, 0.201] },
  imagenet: { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
}

/** Mean colour of published statistics, rounded to whole levels of 0..255. */
function meanColour({
  mean: [red = 0, green = 0, blue = 0],
}: Normalization): readonly [number, number, number] {
  return [Math.round(red * 255), Math.round(green * 255), Math.round(blue * 255)]
}

const normalize = declareFunction({
  name: 'normalize',
  group: 'view',
  doc: 'Takes the mean of each channel away and divides by its deviation: published statistics, those given as `mean` and `std`, or 0.5 and 0.5. The last operation of a view.',
  parameters: {
    statistics: optional(choice('statistics', ['cifar10', 'cifar100', 'imagenet']), 'the data they are of'),
    mean: optional(
      perChannel({ from: 0, to: 1 }),
      'the mean of each channel, of values in 0..1; a number alone is that of all channels',
    ),
    std: optional(
      perChannel({ above: 0, to: 1 }),
      'the standard deviation of each channel, of values in 0..1; a number alone is that of all channels',
    ),
  },
  result: types.view,
  recover: keepingSize('normalize'),
  apply(a, call) {
    const { statistics, mean = [0.5], std = [0.5] } = a
    const numbers = Math.max(mean.length, std.length)
    const isHalf = (a.mean === undefined) !== (a.std === undefined)
    const isTwofold = statistics !== undefined && a.mean !== undefined
    if (isHalf || isTwofold || (mean.length !== std.length && Math.min(mean.length, std.length) > 1)) {
      const given = [call.where.mean, call.where.std].filter((at) => at !== call.at)
      call.context.reporter.report('SAU4041', {
        gaps: {},
        labels: given.length === 0 ? [labelled(call.at)] : given.map((at) => labelled(at)),
      })
      return undefined
    }
    return chain({
      name: 'normalize',
      at: call.at,
      deterministic: true,
      normalizes: true,
      apply(input) {
        const channels = input === 'varied' ? 3 : input.channels
        const needed = statistics ? 3 : numbers
        if (needed > 1 && channels !== needed) return { fault: 'channels', needed, output: undefined }
        const each = ([first = 0.5, ...others]: readonly number[]): readonly number[] =>
          others.length > 0 ? [first, ...others] : Array.from({ length: channels }, () => first)
        return {
          normalize: statistics
            ? publishedStatistics[statistics]
            : { mean: each(mean), deviation: each(std) },
          output: input,
        }
      },
    })
  },
})

const maybe = declareFunction({
  name: 'maybe',
  group: 'view',
  doc: 'Does an operation with a probability, and otherwise nothing.',
  parameters: {
    p: required(probability, 'the probability'),
    op: required(only('view', types.view), 'what is done; it must keep the size of the image'),
  },
  result: types.view,
  recover: keepingSize('maybe'),
  apply(a, call) {
    const normalizing = a.op.operations.find((step) => step.normalizes)
    if (normalizing) {
      call.context.reporter.report('SAU3111', {
        gaps: {},
        labels: [{ ...normalizing.at, text: 'inside `maybe`' }],
      })
      return undefined
    }
    return random('maybe', call, (input) => maybeOf(a.p, a.op.operations, input))
  },
})

function maybeOf(p: number, steps: readonly ViewStep[], input: ImageShape): ViewStepResult | ViewFault {
  const operations: ViewOperation[] = []
  let image = input
  for (const step of steps) {
    const result = step.apply(image)
    if ('fault' in result) return { ...result, output: input }
    if (result.operation) operations.push(result.operation)
    image = result.output
  }
  return {
    operation: { op: 'maybe', probability: p, operations },
    output: sameShape(image, input) ? input : 'varied',
  }
}

export function sameShape(a: ImageShape, b: ImageShape): boolean {
  if (a === 'varied' || b === 'varied') return a === b
  return a.height === b.height && a.width === b.width && a.channels === b.channels
}

export function showShape(shape: ImageShape): string {
  if (shape === 'varied') return 'varied'
  const { height, width, channels } = shape
  return `${height}x${width}${channels === 3 ? '' : `x${channels}`}`
}

export const viewFunctions: readonly FunctionDeclaration[] = [
  crop,
  resizedCrop,
  centerCrop,
  resize,
  flip,
  rotate,
  colorJitter,
  grayscale,
  gaussianBlur,
  autoaugment,
  randaugment,
  cutout,
  normalize,
  maybe,
]
