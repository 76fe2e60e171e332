// The two passes of Pillow's resize (see ../pixels/resize.ts) in WebAssembly. Weights have 22 fractional
// bits, and vectors multiply 16 bits, so that a weight is two halves: upper * 2^11 + lower, each summed by
// itself and put together at the end, which is exact. Inputs are taken in pairs, whose products the `dot`
// instruction sums; an odd number of them is filled up with the weight 0.
import { type Code, i8x16, i16x8, i32, i32x4, KernelFunction, type Local, repeat, v128 } from './assembler.js'

/** Fractional bits of the lower half of a weight. */
export const lowerBits = 11

const fractionBits = 22
const half = i32x4.splat(i32.constant(1 << (fractionBits - 1)))

/**
 * Pairs of inputs an output that get a function of their own, without a loop; more than that share one with a
 * loop.
 */
export const mostUnrolled = 4

/** Sum of the halves as a level; what is beyond 0..255 is cut off by narrowing. */
function levels(upper: Local, lower: Local): Code {
  return i32x4.shiftRight(i32x4.add(i32x4.shiftLeft(upper.get, lowerBits), lower.get), fractionBits)
}

function narrowed(a: Code, b: Code, c: Code, d: Code): Code {
  return i8x16.narrowUnsigned(i16x8.narrow(a, b), i16x8.narrow(c, d))
}

const none = 16
/** Red, green and blue of the pixels at bytes `at` and `at` + 3, neighbours by channel, as 16 bits. */
const pairOfPixels = (at: number): readonly number[] => [
  ...[at, none, at + 3, none, at + 1, none, at + 4, none],
  ...[at + 2, none, at + 5, none, none, none, none, none],
]

/**
 * across<N>(source, stride, rows, target, outWidth, starts, weights, pairs): every row of three channels to
 * `outWidth` pixels. `starts` are the byte of the first input of each output, `weights` its pairs: 4 bytes of
 * upper, 4 of lower halves.
 */
export function acrossKernel(unrolled: number | undefined): KernelFunction {
  const kernel = new KernelFunction(`across${unrolled ?? ''}`, [
    ...(['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const),
  ])
  const [source, stride, rows, target, outWidth, starts, weights, pairs] = [0, 1, 2, 3, 4, 5, 6, 7].map(
    (position) => kernel.parameter(position),
  ) as [Local, Local, Local, Local, Local, Local, Local, Local]
  const y = kernel.local('i32')
  const x = kernel.local('i32')
  const pair = kernel.local('i32')
  const weight = kernel.local('i32')
  const from = kernel.local('i32')
  const pixels = kernel.local('v128')
  const upper = kernel.local('v128')
  const lower = kernel.local('v128')

  /** Adds the pair whose pixels lie at byte `at` of `pixels`, with the weights `offset` bytes on. */
  const addPair = (at: number, offset: number): Code => [
    ...upper.set(
      i32x4.add(
        upper.get,
        i32x4.dot(
          i8x16.shuffle(pixels.get, v128.zero, pairOfPixels(at)),
          v128.load32Splat(weight.get, offset),
        ),
      ),
    ),
    ...lower.set(
      i32x4.add(
        lower.get,
        i32x4.dot(
          i8x16.shuffle(pixels.get, v128.zero, pairOfPixels(at)),
          v128.load32Splat(weight.get, offset + 4),
        ),
      ),
    ),
  ]
  const allPairs =
    unrolled === undefined
      ? [
          repeat(
            pair,
            pairs.get,
            1,
            pixels.set(v128.load(from.get)),
            addPair(0, 0),
            from.set(i32.add(from.get, i32.constant(6))),
            weight.set(i32.add(weight.get, i32.constant(8))),
          ),
        ]
      : [
          ...Array.from({ length: unrolled }, (_, i) => [
            ...(i % 2 === 0 ? pixels.set(v128.load(from.get, 6 * i)) : []),
            ...addPair(6 * (i % 2), 8 * i),
          ]),
          weight.set(i32.add(weight.get, i32.constant(8 * unrolled))),
        ]
  return kernel.body(
    repeat(
      y,
      rows.get,
      1,
      weight.set(weights.get),
      repeat(
        x,
        outWidth.get,
        1,
        from.set(i32.add(source.get, i32.load(i32.add(starts.get, i32.mul(x.get, i32.constant(4)))))),
        upper.set(v128.zero),
        lower.set(half),
        ...allPairs,
        // Four bytes, of which the next pixel overwrites the last.
        v128.store32(target.get, narrowed(levels(upper, lower), v128.zero, v128.zero, v128.zero)),
        target.set(i32.add(target.get, i32.constant(3))),
      ),
      source.set(i32.add(source.get, stride.get)),
    ),
  )
}

const lowerHalves = [0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23]
const upperHalves = lowerHalves.map((lane) => lane + 8)

/**
 * down<N>(source, rowLength, target, outHeight, starts, weights, pairs): every column to `outHeight` rows,
 * sixteen bytes at a time; up to fifteen bytes behind a row are written and then overwritten by the next one.
 */
export function downKernel(unrolled: number | undefined): KernelFunction {
  const kernel = new KernelFunction(`down${unrolled ?? ''}`, [
    ...(['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const),
  ])
  const [source, rowLength, target, outHeight, starts, weights, pairs] = [0, 1, 2, 3, 4, 5, 6].map(
    (position) => kernel.parameter(position),
  ) as [Local, Local, Local, Local, Local, Local, Local]
  const y = kernel.local('i32')
  const x = kernel.local('i32')
  const pair = kernel.local('i32')
  const weight = kernel.local('i32')
  const row = kernel.local('i32')
  const from = kernel.local('i32')
  const first = kernel.local('v128')
  const second = kernel.local('v128')
  const near = kernel.local('v128')
  const far = kernel.local('v128')
  const upper = [0, 1, 2, 3].map(() => kernel.local('v128'))
  const lower = [0, 1, 2, 3].map(() => kernel.local('v128'))
  const quarters = [
    i16x8.extendLow(near.get),
    i16x8.extendHigh(near.get),
    i16x8.extendLow(far.get),
    i16x8.extendHigh(far.get),
  ]

  const addPair = (offset: number): Code => [
    ...first.set(v128.load(from.get)),
    ...second.set(v128.load(i32.add(from.get, rowLength.get))),
    ...near.set(i8x16.shuffle(first.get, second.get, lowerHalves)),
    ...far.set(i8x16.shuffle(first.get, second.get, upperHalves)),
    ...quarters.flatMap((values, i) => [
      ...(upper[i]?.set(i32x4.add(upper[i].get, i32x4.dot(values, v128.load32Splat(weight.get, offset)))) ??
        []),
      ...(lower[i]?.set(
        i32x4.add(lower[i].get, i32x4.dot(values, v128.load32Splat(weight.get, offset + 4))),
      ) ?? []),
    ]),
    ...from.set(i32.add(from.get, i32.add(rowLength.get, rowLength.get))),
  ]
  const allPairs =
    unrolled === undefined
      ? [
          repeat(pair, pairs.get, 1, addPair(0), weight.set(i32.add(weight.get, i32.constant(8)))),
          // Back to the first weight of the row, for its next sixteen bytes.
          weight.set(i32.sub(weight.get, i32.mul(pairs.get, i32.constant(8)))),
        ]
      : Array.from({ length: unrolled }, (_, i) => addPair(8 * i))
  const [a, b, c, d] = upper.map((each, i) => levels(each, lower[i] ?? each)) as [Code, Code, Code, Code]
  return kernel.body(
    weight.set(weights.get),
    repeat(
      y,
      outHeight.get,
      1,
      row.set(i32.add(source.get, i32.load(i32.add(starts.get, i32.mul(y.get, i32.constant(4)))))),
      repeat(
        x,
        rowLength.get,
        16,
        from.set(i32.add(row.get, x.get)),
        ...upper.map((each) => each.set(v128.zero)),
        ...lower.map((each) => each.set(half)),
        ...allPairs,
        v128.store(i32.add(target.get, x.get), narrowed(a, b, c, d)),
      ),
      weight.set(i32.add(weight.get, i32.mul(pairs.get, i32.constant(8)))),
      target.set(i32.add(target.get, rowLength.get)),
    ),
  )
}
