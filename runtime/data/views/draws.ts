// Draws the numbers of a view for one image: from the Plan's operations (ranges, probabilities) to a list of
// pixel operations with every number fixed. How each number is distributed follows torchvision 0.14, the
// published AutoAugment code and timm's RandAugment. The order of the draws is part of what a seed means; do
// not change it.
import type { ViewOperation } from '../../../compiler/plan/plan.js'
import type { Draws } from '../../../compiler/random/draws.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import { isSigned, magnitudeOf, type Policy, policyPixels, subPolicies } from './autoaugment.js'
import type { Colour, PixelOperation } from './operations.js'
import {
  hasDirection,
  isGeometric,
  largestMagnitude,
  type RandAugmentSettings,
  randAugmentOperations,
  randAugmentPixels,
  randAugmentProbability,
} from './randaugment.js'

const black: Colour = [0, 0, 0]

interface Size {
  height: number
  width: number
}

/**
 * The operations of a view for one image of `height` x `width`, its random numbers taken from `draws`.
 * @throws RunError SAU8501 where a crop is larger than the (padded) image, which only images of varied size
 * can cause.
 */
export function drawOperations(
  operations: readonly ViewOperation[],
  height: number,
  width: number,
  draws: Draws,
): PixelOperation[] {
  const drawn: PixelOperation[] = []
  drawInto(operations, { height, width }, draws, drawn)
  return drawn
}

function drawInto(
  operations: readonly ViewOperation[],
  size: Size,
  draws: Draws,
  into: PixelOperation[],
): void {
  for (const operation of operations) {
    switch (operation.op) {
      case 'crop':
        into.push(drawCrop(operation.size, operation.padding, size, draws))
        break
      case 'resized_crop':
        into.push(drawResizedCrop(operation.size, operation.scale, operation.ratio, size, draws))
        break
      case 'center_crop':
        into.push(centerCrop(operation.size, size))
        break
      case 'resize':
        into.push(...shortSideResize(operation.size, size))
        break
      case 'flip':
        if (draws.bernoulli(operation.probability)) pushFlip(into)
        break
      case 'rotate': {
        const degrees = draws.range(-operation.degrees, operation.degrees)
        into.push({ op: 'rotate', degrees, fill: black, sampling: 'nearest' })
        break
      }
      case 'color_jitter':
        drawColorJitter(operation, draws, into)
        break
      case 'grayscale':
        into.push({ op: 'grayscale' })
        break
      case 'gaussian_blur':
        into.push({ op: 'gaussian_blur', sigma: draws.range(operation.sigma[0], operation.sigma[1]) })
        break
      case 'autoaugment':
        drawAutoAugment(operation.policy, size, draws, into)
        break
      case 'randaugment':
        drawRandAugment(operation, size, draws, into)
        break
      case 'cutout':
        for (let hole = 0; hole < operation.holes; hole++) {
          const y = draws.below(size.height)
          into.push({ op: 'cutout', y, x: draws.below(size.width), size: operation.size })
        }
        break
      case 'maybe':
        if (draws.bernoulli(operation.probability)) drawInto(operation.operations, size, draws, into)
        break
    }
  }
}

function drawCrop(outSize: number, padding: number, size: Size, draws: Draws): PixelOperation {
  const rows = size.height + 2 * padding - outSize
  const columns = size.width + 2 * padding - outSize
  if (rows < 0 || columns < 0) {
    throw new RunError(
      'SAU8501',
      `a crop of ${outSize} px does not fit into an image of ${size.height} x ${size.width} px with ${padding} px of padding`,
      'put `resize` before `crop`, or use `resized_crop`',
      exitCodes.dataCheckFailed,
    )
  }
  const top = draws.below(rows + 1) - padding
  const left = draws.below(columns + 1) - padding
  size.height = outSize
  size.width = outSize
  return { op: 'crop', top, left, height: outSize, width: outSize, mirror: false }
}

/**
 * torchvision's RandomResizedCrop.get_params: ten tries of area and log ratio, then the largest centred box.
 */
function drawResizedCrop(
  outSize: number,
  scale: readonly [number, number],
  ratio: readonly [number, number],
  size: Size,
  draws: Draws,
): PixelOperation {
  const area = size.height * size.width
  const lowest = Math.log(ratio[0])
  const highest = Math.log(ratio[1])
  let box: { top: number; left: number; height: number; width: number } | undefined
  for (let attempt = 0; attempt < 10 && box === undefined; attempt++) {
    const targetArea = area * draws.range(scale[0], scale[1])
    const aspect = Math.exp(draws.range(lowest, highest))
    const width = roundHalfToEven(Math.sqrt(targetArea * aspect))
    const height = roundHalfToEven(Math.sqrt(targetArea / aspect))
    if (width > 0 && width <= size.width && height > 0 && height <= size.height) {
      const top = draws.below(size.height - height + 1)
      box = { top, left: draws.below(size.width - width + 1), height, width }
    }
  }
  box ??= centredBox(ratio, size)
  size.height = outSize
  size.width = outSize
  return {
    op: 'resized_crop',
    ...box,
    outHeight: outSize,
    outWidth: outSize,
    filter: 'bilinear',
    mirror: false,
  }
}

function centredBox(ratio: readonly [number, number], size: Size) {
  const imageRatio = size.width / size.height
  let { height, width } = size
  if (imageRatio < ratio[0]) height = roundHalfToEven(width / ratio[0])
  else if (imageRatio > ratio[1]) width = roundHalfToEven(height * ratio[1])
  return {
    top: Math.floor((size.height - height) / 2),
    left: Math.floor((size.width - width) / 2),
    height,
    width,
  }
}

/** torchvision's CenterCrop: a smaller image is padded with zeros, the odd pixel right and below. */
function centerCrop(outSize: number, size: Size): PixelOperation {
  const start = (side: number): number =>
    side < outSize ? 0 - Math.floor((outSize - side) / 2) : roundHalfToEven((side - outSize) / 2)
  const top = start(size.height)
  const left = start(size.width)
  size.height = outSize
  size.width = outSize
  return { op: 'crop', top, left, height: outSize, width: outSize, mirror: false }
}

/** torchvision's Resize(int): `target` on the short side, the long one cut off to whole pixels. */
function shortSideResize(target: number, size: Size): PixelOperation[] {
  const { height, width } = size
  const long = Math.trunc((target * Math.max(height, width)) / Math.min(height, width))
  const outHeight = height <= width ? target : long
  const outWidth = height <= width ? long : target
  if (outHeight === height && outWidth === width) return []
  size.height = outHeight
  size.width = outWidth
  return [
    {
      op: 'resized_crop',
      top: 0,
      left: 0,
      height,
      width,
      outHeight,
      outWidth,
      filter: 'bilinear',
      mirror: false,
    },
  ]
}

/** A flip right after a crop is done by the crop. */
function pushFlip(into: PixelOperation[]): void {
  const last = into.at(-1)
  if (last !== undefined && (last.op === 'crop' || last.op === 'resized_crop')) {
    into[into.length - 1] = { ...last, mirror: !last.mirror }
  } else {
    into.push({ op: 'flip' })
  }
}

/** torchvision's ColorJitter: a random order of the four; a part of strength 0 is left out. */
function drawColorJitter(
  jitter: Extract<ViewOperation, { op: 'color_jitter' }>,
  draws: Draws,
  into: PixelOperation[],
): void {
  const order = draws.permutation(4)
  const parts: (PixelOperation | undefined)[] = [
    drawFactor('brightness', jitter.brightness, draws),
    drawFactor('contrast', jitter.contrast, draws),
    drawFactor('saturation', jitter.saturation, draws),
    jitter.hue === 0 ? undefined : { op: 'hue', shift: draws.range(-jitter.hue, jitter.hue) },
  ]
  for (const position of order) {
    const part = parts[position]
    if (part !== undefined) into.push(part)
  }
}

function drawFactor(
  op: 'brightness' | 'contrast' | 'saturation',
  strength: number,
  draws: Draws,
): PixelOperation | undefined {
  if (strength === 0) return undefined
  return { op, factor: draws.range(Math.max(0, 1 - strength), 1 + strength) }
}

function drawAutoAugment(policy: Policy, size: Size, draws: Draws, into: PixelOperation[]): void {
  const choices = subPolicies(policy)
  const chosen = choices[draws.below(choices.length)] ?? []
  for (const [probability, operation, index] of chosen) {
    if (!draws.bernoulli(probability)) continue
    const sign = isSigned(operation) && draws.below(2) === 0 ? -1 : 1
    into.push(policyPixels(operation, magnitudeOf(operation, index), sign, size.height, size.width))
  }
}

/** Which operations first, then for each: whether, its magnitude, its sign, its sampling. */
function drawRandAugment(
  { count, magnitude, deviation, fill, increasing }: Extract<ViewOperation, { op: 'randaugment' }>,
  size: Size,
  draws: Draws,
  into: PixelOperation[],
): void {
  const chosen = Array.from({ length: count }, () => draws.below(randAugmentOperations.length))
  for (const position of chosen) {
    const operation = randAugmentOperations[position]
    if (operation === undefined || !draws.bernoulli(randAugmentProbability)) continue
    const drawn = deviation === 0 ? magnitude : magnitude + deviation * draws.normal()
    const settings: RandAugmentSettings = {
      magnitude: Math.max(0, Math.min(drawn, largestMagnitude)),
      sign: hasDirection(operation, increasing) && draws.below(2) === 0 ? -1 : 1,
      sampling: isGeometric(operation) && draws.below(2) === 0 ? 'bilinear' : 'bicubic',
      fill,
      increasing,
    }
    into.push(randAugmentPixels(operation, settings, size.height, size.width))
  }
}

/** Python's `round`. */
function roundHalfToEven(value: number): number {
  const rounded = Math.round(value)
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}
