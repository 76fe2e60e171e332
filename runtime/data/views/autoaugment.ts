// AutoAugment: Cubuk et al., "AutoAugment: learning augmentation strategies from data", CVPR 2019, tables of
// the appendix, in the form of the PyTorch code that long-tailed methods share: ten magnitudes per operation,
// one of 25 sub-policies per image, each of its two operations with its own probability. Signs are drawn for
// shears, translations and enhancements; that code rotates by the positive angle only, and so do the golden
// cases.
import { cifar10, imagenet, svhn } from './autoaugment-policies.js'
import type { Colour, PixelOperation } from './operations.js'

export type Policy = 'cifar10' | 'imagenet' | 'svhn'

export const policyOperations = [
  'shearX',
  'shearY',
  'translateX',
  'translateY',
  'rotate',
  'color',
  'posterize',
  'solarize',
  'contrast',
  'sharpness',
  'brightness',
  'autocontrast',
  'equalize',
  'invert',
] as const

export type PolicyOperation = (typeof policyOperations)[number]

/** Probability, operation and magnitude index (0..9). */
type PolicyStep = readonly [probability: number, operation: PolicyOperation, magnitude: number]

export type SubPolicy = readonly [PolicyStep, PolicyStep]

/** What comes into the image from outside is this grey. */
const fill: Colour = [128, 128, 128]

/** Whether the operation's direction is drawn. */
export function isSigned(operation: PolicyOperation): boolean {
  switch (operation) {
    case 'shearX':
    case 'shearY':
    case 'translateX':
    case 'translateY':
    case 'color':
    case 'contrast':
    case 'sharpness':
    case 'brightness':
      return true
    case 'rotate':
    case 'posterize':
    case 'solarize':
    case 'autocontrast':
    case 'equalize':
    case 'invert':
      return false
  }
}

/** Magnitude number `index` (0..9) of ten evenly spaced ones; 0 for operations that have none. */
export function magnitudeOf(operation: PolicyOperation, index: number): number {
  switch (operation) {
    case 'shearX':
    case 'shearY':
      return spaced(0, 0.3, index)
    case 'translateX':
    case 'translateY':
      return spaced(0, 150 / 331, index)
    case 'rotate':
      return spaced(0, 30, index)
    case 'color':
    case 'contrast':
    case 'sharpness':
    case 'brightness':
      return spaced(0, 0.9, index)
    case 'posterize':
      return Math.round(spaced(8, 4, index))
    case 'solarize':
      return spaced(256, 0, index)
    case 'autocontrast':
    case 'equalize':
    case 'invert':
      return 0
  }
}

function spaced(from: number, to: number, index: number): number {
  return index === 9 ? to : from + index * ((to - from) / 9)
}

/** One operation of a policy with its magnitude and sign (1 or -1) on an image of this size. */
export function policyPixels(
  operation: PolicyOperation,
  magnitude: number,
  sign: number,
  height: number,
  width: number,
): PixelOperation {
  switch (operation) {
    case 'shearX':
      return { op: 'shear_x', slope: magnitude * sign, fill, sampling: 'bicubic' }
    case 'shearY':
      return { op: 'shear_y', slope: magnitude * sign, fill, sampling: 'bicubic' }
    case 'translateX':
      return { op: 'translate_x', offset: magnitude * width * sign, fill, sampling: 'nearest' }
    case 'translateY':
      return { op: 'translate_y', offset: magnitude * height * sign, fill, sampling: 'nearest' }
    case 'rotate':
      return { op: 'rotate', degrees: magnitude * sign, fill, sampling: 'nearest' }
    case 'color':
      return { op: 'saturation', factor: 1 + magnitude * sign }
    case 'contrast':
    case 'sharpness':
    case 'brightness':
      return { op: operation, factor: 1 + magnitude * sign }
    case 'posterize':
      return { op: 'posterize', bits: Math.round(magnitude) }
    case 'solarize':
      return { op: 'solarize', threshold: magnitude }
    case 'autocontrast':
    case 'equalize':
    case 'invert':
      return { op: operation }
  }
}

/** The sub-policies of a policy; every one is drawn equally often. */
export function subPolicies(policy: Policy): readonly SubPolicy[] {
  switch (policy) {
    case 'cifar10':
      return cifar10
    case 'imagenet':
      return imagenet
    case 'svhn':
      return svhn
  }
}
