// AutoAugment: Cubuk et al., "AutoAugment: learning augmentation strategies from data", CVPR 2019, tables of the
// appendix, in the form of the PyTorch code that long-tailed methods share: ten magnitudes per operation, one of 25
// sub-policies per image, each of its two operations with its own probability. Signs are drawn for shears,
// translations and enhancements; that code rotates by the positive angle only, and so do the golden cases.
import type { PixelOperation } from './operations.js'

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
const fill = 128

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
      return { op: 'shear_x', slope: magnitude * sign, fill }
    case 'shearY':
      return { op: 'shear_y', slope: magnitude * sign, fill }
    case 'translateX':
      return { op: 'translate_x', offset: magnitude * width * sign, fill }
    case 'translateY':
      return { op: 'translate_y', offset: magnitude * height * sign, fill }
    case 'rotate':
      return { op: 'rotate', degrees: magnitude * sign, fill }
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

// biome-ignore-start format: a row per sub-policy
const imagenet: readonly SubPolicy[] = [
  [
    [0.4, 'posterize', 8],
    [0.6, 'rotate', 9],
  ],
  [
    [0.6, 'solarize', 5],
    [0.6, 'autocontrast', 5],
  ],
  [
    [0.8, 'equalize', 8],
    [0.6, 'equalize', 3],
  ],
  [
    [0.6, 'posterize', 7],
    [0.6, 'posterize', 6],
  ],
  [
    [0.4, 'equalize', 7],
    [0.2, 'solarize', 4],
  ],
  [
    [0.4, 'equalize', 4],
    [0.8, 'rotate', 8],
  ],
  [
    [0.6, 'solarize', 3],
    [0.6, 'equalize', 7],
  ],
  [
    [0.8, 'posterize', 5],
    [1, 'equalize', 2],
  ],
  [
    [0.2, 'rotate', 3],
    [0.6, 'solarize', 8],
  ],
  [
    [0.6, 'equalize', 8],
    [0.4, 'posterize', 6],
  ],
  [
    [0.8, 'rotate', 8],
    [0.4, 'color', 0],
  ],
  [
    [0.4, 'rotate', 9],
    [0.6, 'equalize', 2],
  ],
  [
    [0, 'equalize', 7],
    [0.8, 'equalize', 8],
  ],
  [
    [0.6, 'invert', 4],
    [1, 'equalize', 8],
  ],
  [
    [0.6, 'color', 4],
    [1, 'contrast', 8],
  ],
  [
    [0.8, 'rotate', 8],
    [1, 'color', 2],
  ],
  [
    [0.8, 'color', 8],
    [0.8, 'solarize', 7],
  ],
  [
    [0.4, 'sharpness', 7],
    [0.6, 'invert', 8],
  ],
  [
    [0.6, 'shearX', 5],
    [1, 'equalize', 9],
  ],
  [
    [0.4, 'color', 0],
    [0.6, 'equalize', 3],
  ],
  [
    [0.4, 'equalize', 7],
    [0.2, 'solarize', 4],
  ],
  [
    [0.6, 'solarize', 5],
    [0.6, 'autocontrast', 5],
  ],
  [
    [0.6, 'invert', 4],
    [1, 'equalize', 8],
  ],
  [
    [0.6, 'color', 4],
    [1, 'contrast', 8],
  ],
  [
    [0.8, 'equalize', 8],
    [0.6, 'equalize', 3],
  ],
]

const cifar10: readonly SubPolicy[] = [
  [
    [0.1, 'invert', 7],
    [0.2, 'contrast', 6],
  ],
  [
    [0.7, 'rotate', 2],
    [0.3, 'translateX', 9],
  ],
  [
    [0.8, 'sharpness', 1],
    [0.9, 'sharpness', 3],
  ],
  [
    [0.5, 'shearY', 8],
    [0.7, 'translateY', 9],
  ],
  [
    [0.5, 'autocontrast', 8],
    [0.9, 'equalize', 2],
  ],
  [
    [0.2, 'shearY', 7],
    [0.3, 'posterize', 7],
  ],
  [
    [0.4, 'color', 3],
    [0.6, 'brightness', 7],
  ],
  [
    [0.3, 'sharpness', 9],
    [0.7, 'brightness', 9],
  ],
  [
    [0.6, 'equalize', 5],
    [0.5, 'equalize', 1],
  ],
  [
    [0.6, 'contrast', 7],
    [0.6, 'sharpness', 5],
  ],
  [
    [0.7, 'color', 7],
    [0.5, 'translateX', 8],
  ],
  [
    [0.3, 'equalize', 7],
    [0.4, 'autocontrast', 8],
  ],
  [
    [0.4, 'translateY', 3],
    [0.2, 'sharpness', 6],
  ],
  [
    [0.9, 'brightness', 6],
    [0.2, 'color', 8],
  ],
  [
    [0.5, 'solarize', 2],
    [0, 'invert', 3],
  ],
  [
    [0.2, 'equalize', 0],
    [0.6, 'autocontrast', 0],
  ],
  [
    [0.2, 'equalize', 8],
    [0.6, 'equalize', 4],
  ],
  [
    [0.9, 'color', 9],
    [0.6, 'equalize', 6],
  ],
  [
    [0.8, 'autocontrast', 4],
    [0.2, 'solarize', 8],
  ],
  [
    [0.1, 'brightness', 3],
    [0.7, 'color', 0],
  ],
  [
    [0.4, 'solarize', 5],
    [0.9, 'autocontrast', 3],
  ],
  [
    [0.9, 'translateY', 9],
    [0.7, 'translateY', 9],
  ],
  [
    [0.9, 'autocontrast', 2],
    [0.8, 'solarize', 3],
  ],
  [
    [0.8, 'equalize', 8],
    [0.1, 'invert', 3],
  ],
  [
    [0.7, 'translateY', 9],
    [0.9, 'autocontrast', 1],
  ],
]

const svhn: readonly SubPolicy[] = [
  [
    [0.9, 'shearX', 4],
    [0.2, 'invert', 3],
  ],
  [
    [0.9, 'shearY', 8],
    [0.7, 'invert', 5],
  ],
  [
    [0.6, 'equalize', 5],
    [0.6, 'solarize', 6],
  ],
  [
    [0.9, 'invert', 3],
    [0.6, 'equalize', 3],
  ],
  [
    [0.6, 'equalize', 1],
    [0.9, 'rotate', 3],
  ],
  [
    [0.9, 'shearX', 4],
    [0.8, 'autocontrast', 3],
  ],
  [
    [0.9, 'shearY', 8],
    [0.4, 'invert', 5],
  ],
  [
    [0.9, 'shearY', 5],
    [0.2, 'solarize', 6],
  ],
  [
    [0.9, 'invert', 6],
    [0.8, 'autocontrast', 1],
  ],
  [
    [0.6, 'equalize', 3],
    [0.9, 'rotate', 3],
  ],
  [
    [0.9, 'shearX', 4],
    [0.3, 'solarize', 3],
  ],
  [
    [0.8, 'shearY', 8],
    [0.7, 'invert', 4],
  ],
  [
    [0.9, 'equalize', 5],
    [0.6, 'translateY', 6],
  ],
  [
    [0.9, 'invert', 4],
    [0.6, 'equalize', 7],
  ],
  [
    [0.3, 'contrast', 3],
    [0.8, 'rotate', 4],
  ],
  [
    [0.8, 'invert', 5],
    [0, 'translateY', 2],
  ],
  [
    [0.7, 'shearY', 6],
    [0.4, 'solarize', 8],
  ],
  [
    [0.6, 'invert', 4],
    [0.8, 'rotate', 4],
  ],
  [
    [0.3, 'shearY', 7],
    [0.9, 'translateX', 3],
  ],
  [
    [0.1, 'shearX', 6],
    [0.6, 'invert', 5],
  ],
  [
    [0.7, 'solarize', 2],
    [0.6, 'translateY', 7],
  ],
  [
    [0.8, 'shearY', 4],
    [0.8, 'invert', 8],
  ],
  [
    [0.7, 'shearX', 9],
    [0.8, 'translateY', 3],
  ],
  [
    [0.8, 'shearY', 5],
    [0.7, 'autocontrast', 3],
  ],
  [
    [0.7, 'shearX', 2],
    [0.1, 'invert', 5],
  ],
]
// biome-ignore-end format: a row per sub-policy
