// The weights of Pillow's antialiased resize (Resample.c): the filter is widened where the image shrinks, and
// cut off at the borders of the box. They depend on two sizes only and are remembered.
import { lowerBits } from './simd/resize-kernels.js'

export type ResizeFilter = 'bilinear' | 'lanczos'

/**
 * The weights of one axis: output x sums `counts[x]` inputs from `starts[x]` on, weighted from
 * `weights[x * stride]` on.
 */
export interface Weights {
  readonly starts: Int32Array
  readonly counts: Int32Array
  readonly weights: Int32Array
  readonly stride: number
  /** Every output is a sum of exactly two neighbouring inputs (weight 0 allowed). */
  readonly pairs: boolean
  /** The weights as the kernels want them, made on first use. */
  packed?: PackedWeights
}

/** Weights of one axis for the kernels: every output has the same number of pairs of inputs. */
export interface PackedWeights {
  /** First input of each output. */
  readonly starts: Int32Array
  /** Halves of the weights of each pair of inputs, upper and lower: two times 16 bits each. */
  readonly halves: Int16Array
  readonly pairs: number
}

export const fractionBits = 22
export const half = 1 << (fractionBits - 1)
const one = 1 << fractionBits

const remembered = new Map<string, Weights>()
const squareWeights: (Weights | undefined)[] = []
const mostRemembered = 1024

/** Weights of an axis, remembered: crops of small images ask for the same few again and again. */
export function weightsOf(inSize: number, outSize: number, filter: ResizeFilter, mirror: boolean): Weights {
  const small = inSize < 256 && outSize < 256 && filter === 'bilinear'
  const place = (outSize * 256 + inSize) * 2 + (mirror ? 1 : 0)
  const known = small ? squareWeights[place] : undefined
  if (known !== undefined) return known
  const name = `${filter} ${inSize} ${outSize} ${mirror}`
  let weights = remembered.get(name)
  if (weights === undefined) {
    weights = computeWeights(inSize, outSize, filter, mirror)
    if (remembered.size >= mostRemembered) remembered.clear()
    remembered.set(name, weights)
  }
  if (small) squareWeights[place] = weights
  return weights
}

/** `precompute_coeffs` and `normalize_coeffs_8bpc` of Resample.c for a box that starts at 0. */
function computeWeights(inSize: number, outSize: number, filter: ResizeFilter, mirror: boolean): Weights {
  const scale = inSize / outSize
  const filterScale = Math.max(scale, 1)
  const support = (filter === 'bilinear' ? 1 : 3) * filterScale
  const stride = Math.ceil(support) * 2 + 1
  const starts = new Int32Array(outSize)
  const counts = new Int32Array(outSize)
  const weights = new Int32Array(outSize * stride)
  const values = new Float64Array(stride)
  for (let x = 0; x < outSize; x++) {
    const to = mirror ? outSize - 1 - x : x
    const center = (x + 0.5) * scale
    const start = Math.max(0, Math.trunc(center - support + 0.5))
    const count = Math.min(inSize, Math.trunc(center + support + 0.5)) - start
    let total = 0
    for (let i = 0; i < count; i++) {
      const value = filterAt((i + start - center + 0.5) * (1 / filterScale), filter)
      values[i] = value
      total += value
    }
    starts[to] = start
    counts[to] = count
    for (let i = 0; i < count; i++) {
      const value = total === 0 ? (values[i] as number) : (values[i] as number) / total
      weights[to * stride + i] = Math.trunc((value < 0 ? -0.5 : 0.5) + value * one)
    }
  }
  const sums: Weights = { starts, counts, weights, stride, pairs: false }
  // Negative weights overshoot, and the pairs are not clipped.
  return filter === 'bilinear' ? (pairedWeights(inSize, sums) ?? sums) : sums
}

/** The same weights as pairs of neighbours, if no output has more than two weights other than 0. */
function pairedWeights(inSize: number, sums: Weights): Weights | undefined {
  if (inSize < 2) return undefined
  const { starts, counts, weights, stride } = sums
  const pairStarts = new Int32Array(starts.length)
  const pairs = new Int32Array(2 * starts.length)
  for (let x = 0; x < starts.length; x++) {
    let first = starts[x] as number
    let last = first + (counts[x] as number) - 1
    const weightAt = (i: number): number => weights[x * stride + i - (starts[x] as number)] as number
    while (first < last && weightAt(first) === 0) first++
    while (last > first && weightAt(last) === 0) last--
    if (last > first + 1) return undefined
    const start = Math.min(first, inSize - 2)
    pairStarts[x] = start
    pairs[2 * x + first - start] = weightAt(first)
    if (last > first) pairs[2 * x + 1] = weightAt(last)
  }
  return {
    starts: pairStarts,
    counts: new Int32Array(starts.length).fill(2),
    weights: pairs,
    stride: 2,
    pairs: true,
  }
}

function filterAt(x: number, filter: ResizeFilter): number {
  switch (filter) {
    case 'bilinear':
      return Math.max(0, 1 - Math.abs(x))
    case 'lanczos':
      return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0
  }
}

function sinc(x: number): number {
  if (x === 0) return 1
  const angle = x * Math.PI
  return Math.sin(angle) / angle
}

/** See PackedWeights. */
export function packed(axis: Weights): PackedWeights {
  if (axis.packed !== undefined) return axis.packed
  const { starts, counts, weights, stride } = axis
  const pairs = Math.ceil(counts.reduce((most, count) => Math.max(most, count), 1) / 2)
  const halves = new Int16Array(starts.length * pairs * 4)
  for (let x = 0; x < starts.length; x++) {
    for (let i = 0; i < (counts[x] as number); i++) {
      const weight = weights[x * stride + i] as number
      const at = (x * pairs + (i >> 1)) * 4 + (i & 1)
      halves[at] = weight >> lowerBits
      halves[at + 2] = weight & ((1 << lowerBits) - 1)
    }
  }
  axis.packed = { starts, halves, pairs }
  return axis.packed
}
