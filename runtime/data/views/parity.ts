// Golden cases of kind `augment`: one image per named operation, computed by Pillow and torchvision.

import { drawsOf } from '../../../compiler/random/draws.js'
import { keyOf } from '../../../compiler/random/random.js'
import type { Tensor, Tensors } from '../../platform/tensor.js'
import { Canvas } from '../pixels/canvas.js'
import { magnitudeOf, policyOperations, policyPixels } from './autoaugment.js'
import { drawOperations } from './draws.js'
import { applyOperations, type PixelOperation } from './operations.js'

/**
 * How one quantity of a golden case came out. `error` is the mean absolute difference in levels of 0..255.
 */
export interface AugmentQuantity {
  readonly name: string
  readonly error: number
  readonly tolerance: number
  /** Largest difference of one value, in levels; at most 2 is allowed. */
  readonly largest: number
  readonly ok: boolean
}

export interface AugmentParity {
  readonly passed: boolean
  /** Names of entries whose operation is not known here, each with the operation: `name (operation)`. */
  readonly skipped: readonly string[]
  readonly quantities: readonly AugmentQuantity[]
}

const meanTolerance = 0.25
const largestTolerance = 2

/**
 * Applies every operation that `metadata` describes to its input and compares with the tensor of the same
 * name.
 */
export function augmentParity(tensors: Tensors, metadata: Readonly<Record<string, string>>): AugmentParity {
  const skipped: string[] = []
  const quantities: AugmentQuantity[] = []
  const canvas = new Canvas()
  for (const [name, expected] of Object.entries(tensors)) {
    const text = metadata[name]
    if (text === undefined) continue
    const fields = parseFields(text)
    const input = tensors[textOf(fields, 'input') ?? 'input']
    const shape = input === undefined ? undefined : imageShape(input)
    const operations = shape && describedOperations(fields, shape.height, shape.width)
    if (input === undefined || shape === undefined || operations === undefined) {
      skipped.push(`${name} (${textOf(fields, 'op') ?? 'no operation'})`)
      continue
    }
    canvas.load(bytesOf(input), 0, shape.height, shape.width, shape.channels)
    applyOperations(canvas, operations)
    quantities.push(compare(name, canvas, expected))
  }
  return { passed: quantities.every((quantity) => quantity.ok), skipped, quantities }
}

function compare(name: string, canvas: Canvas, expected: Tensor): AugmentQuantity {
  const shape = imageShape(expected)
  const sameShape =
    shape !== undefined &&
    shape.height === canvas.height &&
    shape.width === canvas.width &&
    shape.channels === canvas.channels
  if (!sameShape) {
    return { name, error: Infinity, tolerance: meanTolerance, largest: Infinity, ok: false }
  }
  let sum = 0
  let largest = 0
  const wanted = bytesOf(expected)
  for (let i = 0; i < wanted.length; i++) {
    const difference = Math.abs((wanted[i] ?? 0) - (canvas.pixels[i] ?? 0))
    sum += difference
    largest = Math.max(largest, difference)
  }
  const error = sum / wanted.length
  const ok = error < meanTolerance && largest <= largestTolerance
  return { name, error, tolerance: meanTolerance, largest, ok }
}

type Fields = Readonly<Record<string, unknown>>

function parseFields(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
  } catch {
    return {}
  }
}

function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name]
  return typeof value === 'string' ? value : undefined
}

/** The operations that a metadata entry describes, or undefined where one is unknown or lacks a parameter. */
function describedOperations(fields: Fields, height: number, width: number): PixelOperation[] | undefined {
  try {
    return readOperations(fields, height, width)
  } catch (error) {
    if (error instanceof MissingParameter) return undefined
    throw error
  }
}

class MissingParameter extends Error {}

function numberOf(fields: Fields, name: string): number {
  const value = fields[name]
  if (typeof value !== 'number') throw new MissingParameter(name)
  return value
}

function readOperations(fields: Fields, height: number, width: number): PixelOperation[] | undefined {
  const number = (name: string): number => numberOf(fields, name)
  const op = textOf(fields, 'op')
  // brightness and contrast are names of AutoAugment (by magnitude) and of the colour jitter (by factor).
  const policyOperation = policyOperations.find((name) => name === op)
  if (policyOperation !== undefined && !('factor' in fields)) {
    const magnitude =
      'magnitude' in fields ? number('magnitude') : magnitudeOf(policyOperation, number('magnitude_index'))
    const sign = 'sign' in fields ? number('sign') : 1
    return [policyPixels(policyOperation, magnitude, sign, height, width)]
  }
  switch (op) {
    case 'brightness':
    case 'contrast':
    case 'saturation':
    case 'sharpness':
      return [{ op, factor: number('factor') }]
    case 'hue':
      return [{ op, shift: number('factor') }]
    case 'gaussian_blur':
      return [{ op, sigma: number('radius') }]
    case 'grayscale':
      return [{ op }]
    case 'hflip':
      return [{ op: 'flip' }]
    case 'resized_crop':
    case 'resize': {
      const filter = textOf(fields, 'filter') ?? 'bilinear'
      if (filter !== 'bilinear' && filter !== 'lanczos') return undefined
      const whole = op === 'resize'
      return [
        {
          op: 'resized_crop',
          top: whole ? 0 : number('top'),
          left: whole ? 0 : number('left'),
          height: whole ? height : number('height'),
          width: whole ? width : number('width'),
          outHeight: number('size'),
          outWidth: number('size'),
          filter,
          mirror: false,
        },
      ]
    }
    case 'pad_crop': {
      // Padded on all sides, then cut out of the padded image at the input's own size.
      const pad = number('pad')
      const size = {
        height: 'size' in fields ? number('size') : height,
        width: 'size' in fields ? number('size') : width,
      }
      return [{ op: 'crop', top: number('top') - pad, left: number('left') - pad, ...size, mirror: false }]
    }
    case 'center_crop':
      return drawOperations([{ op, size: number('size') }], height, width, drawsOf(keyOf(0)))
    case 'cutout':
      return [{ op, y: number('y'), x: number('x'), size: number('size') }]
    default:
      return undefined
  }
}

function imageShape(tensor: Tensor): { height: number; width: number; channels: number } | undefined {
  const [height, width, channels] = tensor.shape
  if (tensor.shape.length !== 3 || height === undefined || width === undefined || channels === undefined)
    return undefined
  return { height, width, channels }
}

function bytesOf(tensor: Tensor): Uint8Array {
  return tensor.data instanceof Uint8Array ? tensor.data : Uint8Array.from(tensor.data)
}
