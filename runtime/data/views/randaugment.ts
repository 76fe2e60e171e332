// RandAugment: Cubuk et al., "RandAugment: practical automated data augmentation with a reduced search
// space", NeurIPS 2020, in the form of timm's `rand-n2-m10-mstd0.5`, whose early copy long-tailed methods
// share (PaCo, GLMC, SAU). That form differs from the paper's and torchvision's: each drawn operation is done
// with probability 0.5 only, its magnitude is noisy, geometry interpolates bilinearly or bicubically by
// chance, and there is a `solarizeAdd`. By default magnitudes are those of timm without `inc1`: not every
// operation grows stronger with its magnitude. At 10 enhancements are at 1.9, posterizing keeps 4 bits and
// solarizing changes nothing; at 0 they are at 0.1, no bit and the whole image inverted. `increasing` is
// timm's `inc1`.

import type { Smooth } from '../pixels/affine.js'
import type { Colour, PixelOperation } from './operations.js'

/** In timm's order; each is drawn equally often, with replacement. */
export const randAugmentOperations = [
  'autocontrast',
  'equalize',
  'invert',
  'rotate',
  'posterize',
  'solarize',
  'solarizeAdd',
  'color',
  'contrast',
  'brightness',
  'sharpness',
  'shearX',
  'shearY',
  'translateX',
  'translateY',
] as const

export type RandAugmentOperation = (typeof randAugmentOperations)[number]

/** Magnitudes are within 0..10. */
export const largestMagnitude = 10

/** A drawn operation is done with this probability. */
export const randAugmentProbability = 0.5

/** Whether the operation's direction is drawn; enhancements have one only where they are `increasing`. */
export function hasDirection(operation: RandAugmentOperation, increasing: boolean): boolean {
  return isGeometric(operation) || (increasing && isEnhancement(operation))
}

function isEnhancement(operation: RandAugmentOperation): boolean {
  return (
    operation === 'color' ||
    operation === 'contrast' ||
    operation === 'brightness' ||
    operation === 'sharpness'
  )
}

/** Whether the operation takes pixels from between others, so that the way of doing so is drawn. */
export function isGeometric(operation: RandAugmentOperation): boolean {
  switch (operation) {
    case 'rotate':
    case 'shearX':
    case 'shearY':
    case 'translateX':
    case 'translateY':
      return true
    case 'color':
    case 'contrast':
    case 'brightness':
    case 'sharpness':
    case 'autocontrast':
    case 'equalize':
    case 'invert':
    case 'posterize':
    case 'solarize':
    case 'solarizeAdd':
      return false
  }
}

/** What is drawn for an operation, and what is said for all of them. */
export interface RandAugmentSettings {
  /** 0..10. */
  readonly magnitude: number
  readonly sign: 1 | -1
  readonly sampling: Smooth
  readonly fill: Colour
  readonly increasing: boolean
}

/** One operation on an image of `height` x `width`. */
export function randAugmentPixels(
  operation: RandAugmentOperation,
  settings: RandAugmentSettings,
  height: number,
  width: number,
): PixelOperation {
  const { sign, sampling, fill, increasing } = settings
  const share = settings.magnitude / largestMagnitude
  switch (operation) {
    case 'rotate':
      return { op: 'rotate', degrees: share * 30 * sign, fill, sampling }
    case 'shearX':
      return { op: 'shear_x', slope: share * 0.3 * sign, fill, sampling }
    case 'shearY':
      return { op: 'shear_y', slope: share * 0.3 * sign, fill, sampling }
    case 'translateX':
      return { op: 'translate_x', offset: share * 0.45 * sign * width, fill, sampling }
    case 'translateY':
      return { op: 'translate_y', offset: share * 0.45 * sign * height, fill, sampling }
    case 'color':
      return { op: 'saturation', factor: enhancement(share, sign, increasing) }
    case 'contrast':
    case 'brightness':
    case 'sharpness':
      return { op: operation, factor: enhancement(share, sign, increasing) }
    case 'posterize': {
      const bits = Math.trunc(share * 4)
      return { op: 'posterize', bits: increasing ? 4 - bits : bits }
    }
    case 'solarize': {
      const threshold = Math.trunc(share * 256)
      return { op: 'solarize', threshold: increasing ? 256 - threshold : threshold }
    }
    case 'solarizeAdd':
      return { op: 'solarize_add', added: Math.trunc(share * 110) }
    case 'autocontrast':
    case 'equalize':
    case 'invert':
      return { op: operation }
  }
}

/** 0.1..1.9: one way over the range, or away from 1 either way. */
function enhancement(share: number, sign: 1 | -1, increasing: boolean): number {
  return increasing ? Math.max(0.1, 1 + share * 0.9 * sign) : share * 1.8 + 0.1
}
