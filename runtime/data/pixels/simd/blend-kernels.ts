// Blends of Pillow's ImageEnhance and its luma (see ../pixels/enhance.ts and grayscale.ts) in WebAssembly, in
// place, for sixteen levels or pixels at a time. Whoever calls sees to it that as much memory may be read and
// written behind the image.
import {
  type Code,
  f32,
  f32x4,
  i8x16,
  i16x8,
  i32,
  i32x4,
  KernelFunction,
  type Local,
  repeat,
  v128,
} from './assembler.js'

/** The sixteen levels of `bytes` as four vectors of 32 bits. */
function quarters(bytes: Code): readonly [Code, Code, Code, Code] {
  return [
    i32x4.extendLow(i16x8.extendLow(bytes)),
    i32x4.extendHigh(i16x8.extendLow(bytes)),
    i32x4.extendLow(i16x8.extendHigh(bytes)),
    i32x4.extendHigh(i16x8.extendHigh(bytes)),
  ]
}

function joined([a, b, c, d]: readonly [Code, Code, Code, Code]): Code {
  return i8x16.narrowUnsigned(i16x8.narrow(a, b), i16x8.narrow(c, d))
}

/**
 * `from` + alpha (`to` - `from`) in float32, cut off towards zero; what is beyond 0..255 is cut off by
 * narrowing.
 */
function blended(from: Code, to: Code, alpha: Code): Code {
  return i32x4.truncate(f32x4.add(from, f32x4.mul(alpha, f32x4.sub(to, from))))
}

/** blendLevels(at, length, from, alpha): every level away from one. */
export function blendLevelsKernel(): KernelFunction {
  const kernel = new KernelFunction('blendLevels', ['i32', 'i32', 'f32', 'f32'])
  const [at, length] = [kernel.parameter(0), kernel.parameter(1)]
  const i = kernel.local('i32')
  const levels = kernel.local('v128')
  const from = kernel.local('v128')
  const alpha = kernel.local('v128')
  const address = i32.add(at.get, i.get)
  const [a, b, c, d] = quarters(levels.get)
  const blend = (quarter: Code): Code => blended(from.get, f32x4.convert(quarter), alpha.get)
  return kernel.body(
    from.set(f32x4.splat(kernel.parameter(2).get)),
    alpha.set(f32x4.splat(kernel.parameter(3).get)),
    repeat(
      i,
      length.get,
      16,
      levels.set(v128.load(address)),
      v128.store(address, joined([blend(a), blend(b), blend(c), blend(d)])),
    ),
  )
}

/** The red, green and blue levels of sixteen pixels. */
class Pixels {
  readonly channels: readonly [Local, Local, Local]
  readonly #parts: readonly [Local, Local, Local]

  constructor(kernel: KernelFunction) {
    const vector = () => kernel.local('v128')
    this.channels = [vector(), vector(), vector()]
    this.#parts = [vector(), vector(), vector()]
  }

  /** Takes 48 bytes apart. */
  load(address: Code): Code {
    const [first, second, third] = this.#parts
    const split = this.channels.flatMap((channel, c) => {
      // Of the 32 bytes of the first two parts, then of those and the third.
      const places = Array.from({ length: 16 }, (_, pixel) => 3 * pixel + c)
      const early = places.map((place) => (place < 32 ? place : 0))
      const late = places.map((place, pixel) => (place < 32 ? pixel : place - 16))
      return channel.set(i8x16.shuffle(i8x16.shuffle(first.get, second.get, early), third.get, late))
    })
    return [
      ...first.set(v128.load(address, 0)),
      ...second.set(v128.load(address, 16)),
      ...third.set(v128.load(address, 32)),
      ...split,
    ]
  }

  /** Puts them together again. */
  store(address: Code): Code {
    const [red, green, blue] = this.channels
    return [0, 16, 32].flatMap((offset) => {
      const places = Array.from({ length: 16 }, (_, i) => offset + i)
      const pair = places.map((place) => (place % 3 === 1 ? 16 : 0) + Math.floor(place / 3))
      const all = places.map((place, i) => (place % 3 === 2 ? 16 + Math.floor(place / 3) : i))
      return v128.store(
        address,
        i8x16.shuffle(i8x16.shuffle(red.get, green.get, pair), blue.get, all),
        offset,
      )
    })
  }

  /**
   * Luma of four pixels after the other, 32 bits: 19595 red + 38470 green + 7471 blue, green as two products
   * of its half.
   */
  luma(redGreen: Local, greenBlue: Local): readonly [Code, Code, Code, Code] {
    const of = (interleaved: 'near' | 'far', isHigh: boolean): Code => {
      const lanes = interleaved === 'near' ? near : far
      const [red, green, blue] = this.channels
      const extend = isHigh ? i16x8.extendHigh : i16x8.extendLow
      const sum = i32x4.add(
        i32x4.dot(extend(i8x16.shuffle(red.get, green.get, lanes)), redGreen.get),
        i32x4.dot(extend(i8x16.shuffle(green.get, blue.get, lanes)), greenBlue.get),
      )
      return i32x4.shiftRight(i32x4.add(sum, i32x4.splat(i32.constant(0x8000))), 16)
    }
    return [of('near', false), of('near', true), of('far', false), of('far', true)]
  }
}

const near = [0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23]
const far = near.map((lane) => lane + 8)

/** Two weights of 16 bits, for each of four pixels. */
const weights = (low: number, high: number): Code => i32x4.splat(i32.constant(low | (high << 16)))
const redGreenWeights = weights(19595, 19235)
const greenBlueWeights = weights(19235, 7471)

interface LumaKernel {
  readonly kernel: KernelFunction
  readonly pixels: Pixels
  readonly i: Local
  readonly length: Local
  readonly address: Code
  readonly luma: readonly [Code, Code, Code, Code]
  readonly begin: Code
}

function lumaKernel(name: string, parameters: readonly 'f32'[], result?: 'i32'): LumaKernel {
  const kernel = new KernelFunction(name, ['i32', 'i32', ...parameters], result)
  const pixels = new Pixels(kernel)
  const i = kernel.local('i32')
  const redGreen = kernel.local('v128')
  const greenBlue = kernel.local('v128')
  return {
    kernel,
    pixels,
    i,
    length: kernel.parameter(1),
    address: i32.add(kernel.parameter(0).get, i.get),
    luma: pixels.luma(redGreen, greenBlue),
    begin: [...redGreen.set(redGreenWeights), ...greenBlue.set(greenBlueWeights)],
  }
}

/** grey(at, length): every pixel becomes its luma. */
export function greyKernel(): KernelFunction {
  const { kernel, pixels, i, length, address, luma, begin } = lumaKernel('grey', [])
  const [red, green, blue] = pixels.channels
  return kernel.body(
    begin,
    repeat(
      i,
      length.get,
      48,
      pixels.load(address),
      red.set(joined(luma)),
      green.set(red.get),
      blue.set(red.get),
      pixels.store(address),
    ),
  )
}

/**
 * sumLuma(at, length): sum of the lumas of all pixels, modulo 2^32; 47 bytes behind the image have to be 0.
 */
export function sumLumaKernel(): KernelFunction {
  const { kernel, pixels, i, length, address, luma, begin } = lumaKernel('sumLuma', [], 'i32')
  const sum = kernel.local('v128')
  const lane = (number: number): Code => i32x4.extractLane(sum.get, number)
  return kernel.body(
    begin,
    repeat(
      i,
      length.get,
      48,
      pixels.load(address),
      ...luma.map((quarter) => sum.set(i32x4.add(sum.get, quarter))),
    ),
    i32.add(i32.add(lane(0), lane(1)), i32.add(lane(2), lane(3))),
  )
}

/** blendGrey(at, length, alpha): every pixel away from its luma. */
export function blendGreyKernel(): KernelFunction {
  const { kernel, pixels, i, length, address, luma, begin } = lumaKernel('blendGrey', ['f32'])
  const alpha = kernel.local('v128')
  const greys = luma.map(() => kernel.local('v128'))
  return kernel.body(
    begin,
    alpha.set(f32x4.splat(kernel.parameter(2).get)),
    repeat(
      i,
      length.get,
      48,
      pixels.load(address),
      ...luma.map((quarter, q) => greys[q]?.set(f32x4.convert(quarter)) ?? []),
      ...pixels.channels.map((channel) => {
        const parts = quarters(channel.get).map((quarter, q) =>
          blended(greys[q]?.get ?? [], f32x4.convert(quarter), alpha.get),
        )
        const [a = [], b = [], c = [], d = []] = parts
        return channel.set(joined([a, b, c, d]))
      }),
      pixels.store(address),
    ),
  )
}

/**
 * sharpen(source, target, rowLength, height, alpha): every level away from the mean of it, five times, and
 * its eight neighbours of the same channel. The first and last row and pixel of each row come out wrong and
 * have to be put right.
 */
export function sharpenKernel(): KernelFunction {
  const kernel = new KernelFunction('sharpen', ['i32', 'i32', 'i32', 'i32', 'f32'])
  const [source, target, rowLength, height] = [0, 1, 2, 3].map((position) => kernel.parameter(position)) as [
    Local,
    Local,
    Local,
    Local,
  ]
  const y = kernel.local('i32')
  const i = kernel.local('i32')
  const from = kernel.local('i32')
  const levels = kernel.local('v128')
  const near = kernel.local('v128')
  const far = kernel.local('v128')
  const alpha = kernel.local('v128')
  const part = kernel.local('v128')
  const five = i16x8.splat(i32.constant(5))
  const add = (address: Code, offset: number): Code => [
    ...part.set(v128.load(address, offset)),
    ...near.set(i16x8.add(near.get, i16x8.extendLow(part.get))),
    ...far.set(i16x8.add(far.get, i16x8.extendHigh(part.get))),
  ]
  // Loads begin a pixel early, for an offset cannot be negative.
  const above = i32.sub(from.get, rowLength.get)
  const below = i32.add(from.get, rowLength.get)
  // A thirteenth, rounded; a sum never lies so near to the border between two results that float32 could miss
  // it.
  const smoothed = (sum: Code): Code =>
    f32x4.convert(
      i32x4.truncate(
        f32x4.add(
          f32x4.mul(f32x4.convert(sum), f32x4.splat(f32.constant(1 / 13))),
          f32x4.splat(f32.constant(0.5)),
        ),
      ),
    )
  const sums = [
    i32x4.extendLow(near.get),
    i32x4.extendHigh(near.get),
    i32x4.extendLow(far.get),
    i32x4.extendHigh(far.get),
  ]
  const [a = [], b = [], c = [], d = []] = quarters(levels.get).map((quarter, q) =>
    blended(smoothed(sums[q] ?? []), f32x4.convert(quarter), alpha.get),
  )
  return kernel.body(
    alpha.set(f32x4.splat(kernel.parameter(4).get)),
    repeat(
      y,
      height.get,
      1,
      repeat(
        i,
        rowLength.get,
        16,
        from.set(i32.sub(i32.add(source.get, i.get), i32.constant(3))),
        levels.set(v128.load(from.get, 3)),
        near.set(i16x8.mul(i16x8.extendLow(levels.get), five)),
        far.set(i16x8.mul(i16x8.extendHigh(levels.get), five)),
        ...[above, below].flatMap((row) => [0, 3, 6].map((offset) => add(row, offset))),
        ...[0, 6].map((offset) => add(from.get, offset)),
        v128.store(i32.add(target.get, i.get), joined([a, b, c, d])),
      ),
      source.set(i32.add(source.get, rowLength.get)),
      target.set(i32.add(target.get, rowLength.get)),
    ),
  )
}
