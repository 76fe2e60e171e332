// Pixel operations with every number drawn: what to do to one image. Drawing (draws.ts) makes a list of them,
// and this file carries it out, so that parity and tests can apply operations with parameters of their own.
import {
  type Colour,
  type Sampling,
  type Smooth,
  shearX,
  shearY,
  translateX,
  translateY,
} from '../pixels/affine.js'
import type { Canvas } from '../pixels/canvas.js'
import { crop, flip } from '../pixels/crop.js'
import { cutout } from '../pixels/cutout.js'
import { brightness, contrast, saturation, sharpness } from '../pixels/enhance.js'
import { gaussianBlur } from '../pixels/gaussian-blur.js'
import { grayscale } from '../pixels/grayscale.js'
import { shiftHue } from '../pixels/hue.js'
import { type ResizeFilter, resizedCrop } from '../pixels/resize.js'
import { rotate } from '../pixels/rotate.js'
import { autocontrast, equalize, invert, posterize, solarize, solarizeAdd } from '../pixels/tables.js'

export type { Colour } from '../pixels/affine.js'

/** Distances in pixels, angles in degrees; what each number means stands at the operation in pixels/. */
export type PixelOperation =
  /** From (top, left), which may lie outside; zeros there. */
  | {
      readonly op: 'crop'
      readonly top: number
      readonly left: number
      readonly height: number
      readonly width: number
      readonly mirror: boolean
    }
  | {
      readonly op: 'resized_crop'
      readonly top: number
      readonly left: number
      readonly height: number
      readonly width: number
      readonly outHeight: number
      readonly outWidth: number
      readonly filter: ResizeFilter
      readonly mirror: boolean
    }
  | { readonly op: 'flip' }
  | {
      readonly op: 'rotate'
      readonly degrees: number
      readonly fill: Colour
      readonly sampling: Sampling
    }
  | {
      readonly op: 'shear_x' | 'shear_y'
      readonly slope: number
      readonly fill: Colour
      readonly sampling: Smooth
    }
  | {
      readonly op: 'translate_x' | 'translate_y'
      readonly offset: number
      readonly fill: Colour
      readonly sampling: Sampling
    }
  | {
      readonly op: 'brightness' | 'contrast' | 'saturation' | 'sharpness'
      readonly factor: number
    }
  | { readonly op: 'hue'; readonly shift: number }
  | { readonly op: 'grayscale' }
  | { readonly op: 'gaussian_blur'; readonly sigma: number }
  | { readonly op: 'posterize'; readonly bits: number }
  | { readonly op: 'solarize'; readonly threshold: number }
  | { readonly op: 'solarize_add'; readonly added: number }
  | { readonly op: 'autocontrast' | 'equalize' | 'invert' }
  | { readonly op: 'cutout'; readonly y: number; readonly x: number; readonly size: number }

/** Carries the operations out on the image of `canvas`, in order. */
export function applyOperations(canvas: Canvas, operations: readonly PixelOperation[]): void {
  for (const operation of operations) applyOperation(canvas, operation)
}

function applyOperation(canvas: Canvas, operation: PixelOperation): void {
  switch (operation.op) {
    case 'crop':
      crop(canvas, operation, operation.mirror)
      break
    case 'resized_crop':
      resizedCrop(canvas, operation.outHeight, operation.outWidth, {
        box: operation,
        filter: operation.filter,
        mirror: operation.mirror,
      })
      break
    case 'flip':
      flip(canvas)
      break
    case 'rotate':
      rotate(canvas, operation.degrees, operation.fill, operation.sampling)
      break
    case 'shear_x':
      shearX(canvas, operation.slope, operation.fill, operation.sampling)
      break
    case 'shear_y':
      shearY(canvas, operation.slope, operation.fill, operation.sampling)
      break
    case 'translate_x':
      translateX(canvas, operation.offset, operation.fill, operation.sampling)
      break
    case 'translate_y':
      translateY(canvas, operation.offset, operation.fill, operation.sampling)
      break
    case 'brightness':
      brightness(canvas, operation.factor)
      break
    case 'contrast':
      contrast(canvas, operation.factor)
      break
    case 'saturation':
      saturation(canvas, operation.factor)
      break
    case 'sharpness':
      sharpness(canvas, operation.factor)
      break
    case 'hue':
      shiftHue(canvas, operation.shift)
      break
    case 'grayscale':
      grayscale(canvas)
      break
    case 'gaussian_blur':
      gaussianBlur(canvas, operation.sigma)
      break
    case 'posterize':
      posterize(canvas, operation.bits)
      break
    case 'solarize':
      solarize(canvas, operation.threshold)
      break
    case 'solarize_add':
      solarizeAdd(canvas, operation.added)
      break
    case 'autocontrast':
      autocontrast(canvas)
      break
    case 'equalize':
      equalize(canvas)
      break
    case 'invert':
      invert(canvas)
      break
    case 'cutout':
      cutout(canvas, operation.y, operation.x, operation.size)
      break
  }
}
