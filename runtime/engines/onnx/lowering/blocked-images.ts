// Work on images in blocks of channels, spelled in onnxruntime's blocked operators. Shapes are [n, c, h, w];
// in memory images are [n, c/b, h, w, b], so whatever reads them as another nominal shape of that order reads
// them without a copy.
import type { ConvolutionOptions } from '../../../../compiler/graph/operations/convolution.js'
import type { ModelWriter } from '../model.js'
import { domains } from '../model.js'
import { kernelSizes } from './conversions.js'
import type { AxisPhase, InputGradientPhases } from './phases.js'

export interface Images {
  readonly count: number
  readonly channels: number
  readonly height: number
  readonly width: number
}

export function imagesOf(shape: readonly number[]): Images {
  const [count = 0, channels = 0, height = 0, width = 0] = shape
  return { count, channels, height, width }
}

interface BlockedConvolution {
  readonly kernel: readonly [rows: number, columns: number]
  readonly strides?: readonly [number, number]
  readonly dilations?: readonly [number, number]
  /** Top, left, bottom, right. */
  readonly padding?: readonly [number, number, number, number]
  readonly group?: number
  /** One number an output channel. */
  readonly bias?: string | undefined
  /** Added to the result in the same pass. */
  readonly sum?: string | undefined
  readonly relu?: boolean
}

export function blockedConvolution(
  model: ModelWriter,
  image: string,
  kernel: string,
  options: BlockedConvolution,
): string {
  const { strides = [1, 1], dilations = [1, 1], padding = [0, 0, 0, 0], group = 1, bias, sum, relu } = options
  const inputs = [image, kernel]
  if (bias !== undefined || sum !== undefined) inputs.push(bias ?? '')
  if (sum !== undefined) inputs.push(sum)
  return model.node(
    'Conv',
    inputs,
    {
      kernel_shape: options.kernel,
      strides,
      dilations,
      pads: padding,
      group,
      activation: relu === true ? 'Relu' : undefined,
    },
    domains.blocked,
  )
}

/** x * scale + shift by channel (+ sum) (then ReLU), in one pass: a depthwise convolution of one pixel. */
export function scaleShift(
  model: ModelWriter,
  image: string,
  channels: number,
  scale: string,
  options: {
    readonly shift?: string | undefined
    readonly sum?: string | undefined
    readonly relu?: boolean
  },
): string {
  const { shift, sum, relu = false } = options
  const kernel = model.reshape(scale, [channels, 1, 1, 1])
  return blockedConvolution(model, image, kernel, { kernel: [1, 1], group: channels, bias: shift, sum, relu })
}

/** Mean over the picture: [n, c]. */
export function pictureMean(model: ModelWriter, image: string, { count, channels }: Images): string {
  return model.reshape(model.node('GlobalAveragePool', [image], {}, domains.blocked), [count, channels])
}

/** Mean of every channel over images and pixels: [c]. */
export function channelMean(model: ModelWriter, image: string, images: Images): string {
  return model.node('ReduceMean', [pictureMean(model, image, images), model.integers([0])], { keepdims: 0 })
}

/**
 * Sum over images and pixels of the product of two images, by channel: [c]. One image is a kernel as large as
 * the other.
 */
export function channelDot(model: ModelWriter, left: string, right: string, images: Images): string {
  const { count, channels, height, width } = images
  const planes = count * channels
  const products = blockedConvolution(
    model,
    model.reshape(left, [1, planes, height, width]),
    model.reshape(right, [planes, 1, height, width]),
    { kernel: [height, width], group: planes },
  )
  return model.node('ReduceSum', [model.reshape(products, [count, channels]), model.integers([0])], {
    keepdims: 0,
  })
}

/**
 * How many images one product of the weight gradient adds up: a divisor of the batch, and less than a block.
 */
function imagesAtOnce(count: number, block: number): number {
  let size = block / 2
  while (count % size !== 0) size--
  return size
}

/**
 * Gradient of a convolution's kernel in kernel form, as one grouped convolution without patches: the images
 * lie as [i/b, n, h, w * b], where n is the axis of channels and a kernel tap is a shift along h and along w
 * * b, and the result's gradient is the kernel, as large as the picture. Portions of the images are added up
 * at the end. The convolution's own groups are groups of this one too.
 * An image of fewer channels than a block comes row-major, and its result is [o, i, rows, columns] row-major.
 */
export function weightGradient(
  model: ModelWriter,
  block: number,
  image: string,
  imageShape: readonly number[],
  gradient: string,
  gradientShape: readonly number[],
  kernelShape: readonly number[],
  options: ConvolutionOptions,
): string {
  const { count, channels, height, width } = imagesOf(imageShape)
  const result = imagesOf(gradientShape)
  const { out, into, rows, columns, taps } = kernelSizes(kernelShape)
  const { stride, padding, groups = 1 } = options
  const [top, , left] = padding
  const few = into < block
  const inner = few ? 1 : block
  const outBlocks = out / groups / block
  const missing = missingImages(count, groups, block)
  const images = count + missing
  const perPortion = imagesAtOnce(images, block)
  const portions = images / perPortion
  const pixels = result.height * result.width

  let kernel = gradient
  if (missing > 0) {
    const flat = model.reshape(gradient, [count, out * pixels])
    kernel = model.node('Pad', [flat, model.integers([0, 0, missing, 0])])
  }
  // [portions, images, g, o/b, pixels] -> [g, portions, o/b, images, pixels]
  if (groups > 1 || (perPortion > 1 && outBlocks > 1)) {
    const apart = model.reshape(kernel, [portions, perPortion, groups, outBlocks, pixels * block])
    kernel = model.transpose(apart, [2, 0, 3, 1, 4])
  }
  kernel = model.reshape(kernel, [portions * out, perPortion, result.height, result.width])

  const planes = channels / groups / inner
  const turned = model.reshape(
    channels === inner
      ? image
      : model.transpose(
          model.reshape(image, [count, groups, planes, height, width * inner]),
          [2, 1, 0, 3, 4],
        ),
    [planes, groups, count, height, width * inner],
  )
  // Rows and columns below and right of the picture that exactly give every tap one position; fewer than none
  // are cut off.
  const bottom = rows + stride * (result.height - 1) - height - top
  const right = columns + stride * (result.width - 1) - width - left
  const pads = [0, 0, 0, 0, left * inner, 0, 0, missing, Math.min(0, bottom), right * inner]
  const padded = pads.every((size) => size === 0) ? turned : model.node('Pad', [turned, model.integers(pads)])
  const lying = [planes, groups * images, height + Math.min(0, bottom), (left + width + right) * inner]

  const products = blockedConvolution(model, model.reshape(padded, lying), kernel, {
    kernel: [result.height, result.width],
    dilations: [stride, stride * inner],
    padding: [top, 0, Math.max(0, bottom), 0],
    group: groups * portions,
  })
  const sizes = [outBlocks, taps * inner * block]
  const separate = model.reshape(products, [planes, groups, portions, ...sizes])
  const summed =
    portions === 1
      ? model.reshape(separate, [planes, groups, ...sizes])
      : model.node('ReduceSum', [separate, model.integers([2])], { keepdims: 0 })
  if (few) {
    // [i, o/b, taps, b of o] -> [o/b, b, i, taps]
    const parts = model.reshape(summed, [into, outBlocks, taps, block])
    return model.reshape(model.transpose(parts, [1, 3, 0, 2]), kernelShape)
  }
  const ordered = planes > 1 ? model.transpose(summed, [1, 2, 0, 3]) : summed
  return model.reshape(ordered, kernelShape)
}

/**
 * Zero images that are added: the runtime takes fewer channels than a block or whole blocks, and here images
 * are channels.
 */
function missingImages(count: number, groups: number, block: number): number {
  if (groups * count < block) return 0
  let missing = 0
  while ((groups * (count + missing)) % block !== 0) missing++
  return missing
}

/**
 * Gradient of a convolution's images: one convolution a phase with the kernel's taps turned round,
 * interleaved. `sum` joins the whole result where the stride is 1, and the phase of even rows and columns
 * where it is 2.
 */
export function inputGradient(
  model: ModelWriter,
  block: number,
  gradient: string,
  kernel: string,
  shapes: {
    readonly picture: readonly number[]
    /** [out, in / groups, rows, columns] */
    readonly kernel: readonly number[]
    readonly groups: number
  },
  phases: InputGradientPhases,
  sum: string | undefined,
): string {
  const { groups } = shapes
  const { out, into, columns, taps } = kernelSizes(shapes.kernel)
  const perGroup = out / groups
  const parts = model.reshape(kernel, [groups, perGroup / block, into / block, taps, block, block])
  const turned = model.transpose(parts, [0, 2, 1, 3, 5, 4])
  const phase = (row: AxisPhase, column: AxisPhase, added: string | undefined): string | undefined => {
    const positions = row.taps.flatMap((r) => column.taps.map((c) => r * columns + c))
    if (positions.length === 0) return added
    const picked = model.node('Gather', [turned, model.integers(positions)], { axis: 3 })
    return blockedConvolution(
      model,
      gradient,
      model.reshape(picked, [groups * into, perGroup, row.taps.length, column.taps.length]),
      {
        kernel: [row.taps.length, column.taps.length],
        group: groups,
        padding: [row.before, column.before, row.after, column.after],
        sum: added,
      },
    )
  }
  const results = phases.rows.map((row, r) =>
    phases.columns.map((column, c) => phase(row, column, r === 0 && c === 0 ? sum : undefined)),
  )
  return interleave(model, block, results, shapes.picture)
}

/**
 * Puts the pixels of the phases of stride 2 in their places; a missing phase is zero. With stride 1 there is
 * one phase.
 */
export function interleave(
  model: ModelWriter,
  block: number,
  phases: readonly (readonly (string | undefined)[])[],
  picture: readonly number[],
): string {
  const [[only] = []] = phases
  if (phases.length === 1 && only !== undefined) return only
  const { count, channels, height, width } = imagesOf(picture)
  const rows = (count * channels * height) / (2 * block)
  const half = (width / 2) * rows
  const zeros = (size: readonly number[]): string => model.node('ConstantOfShape', [model.integers(size)])
  const pair = (
    left: string | undefined,
    right: string | undefined,
    size: readonly [number, number],
  ): string =>
    model.node(
      'Concat',
      [left, right].map((part) => (part === undefined ? zeros(size) : model.reshape(part, size))),
      { axis: 1 },
    )
  const lines = phases.map(([even, odd]) =>
    even === undefined && odd === undefined ? undefined : pair(even, odd, [half, block]),
  )
  return model.reshape(pair(lines[0], lines[1], [rows, width * block]), picture)
}

/** The shortcut without parameters as a convolution of one pixel with a constant kernel of zeros and ones. */
export function shortcutKernel(
  model: ModelWriter,
  block: number,
  shape: { readonly from: number; readonly to: number; readonly offset: number },
): string {
  const { from, to, offset } = shape
  const values = new Float32Array(from * to)
  const narrow = Math.min(from, to)
  for (let channel = 0; channel < narrow; channel++) {
    const source = from <= to ? channel : channel + offset
    const target = from <= to ? channel + offset : channel
    const blocks = Math.floor(target / block) * (from / block) + Math.floor(source / block)
    values[(blocks * block + (source % block)) * block + (target % block)] = 1
  }
  return model.floats(values, [to, from, 1, 1])
}
