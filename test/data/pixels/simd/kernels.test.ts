// The kernels against the sums that they stand for, on numbers at the ends of their ranges.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Canvas } from '../../../../runtime/data/pixels/canvas.js'
import { luma } from '../../../../runtime/data/pixels/grayscale.js'
import { resizeBilinear } from '../../../../runtime/data/pixels/resize.js'
import { assemble, i32, KernelFunction, repeat } from '../../../../runtime/data/pixels/simd/assembler.js'
import { kernels } from '../../../../runtime/data/pixels/simd/instance.js'
import { applyOperations, type PixelOperation } from '../../../../runtime/data/views/operations.js'

function applied(pixels: Uint8Array, operation: PixelOperation): Uint8Array {
  const canvas = new Canvas()
  canvas.load(pixels, 0, 1, pixels.length / 3, 3)
  applyOperations(canvas, [operation])
  return canvas.pixels.slice(0, canvas.length)
}

const pixels = fc
  .uint8Array({ minLength: 3, maxLength: 300 })
  .map((bytes) => bytes.slice(0, bytes.length - (bytes.length % 3)))

const blend = (from: number, to: number, factor: number): number => {
  const value = Math.fround(from + Math.fround(Math.fround(factor) * (to - from)))
  return Math.max(0, Math.min(255, Math.trunc(value)))
}

describe('the assembler', () => {
  it('makes modules that run', () => {
    const kernel = new KernelFunction('triangle', ['i32'], 'i32')
    const [i, sum] = [kernel.local('i32'), kernel.local('i32')]
    kernel.body(
      repeat(i, kernel.parameter(0).get, 1, sum.set(i32.add(sum.get, i32.add(i.get, i32.constant(-1000))))),
      i32.add(sum.get, i32.constant(1_000_000)),
    )
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assemble([kernel])))
    const { triangle } = exports
    expect(typeof triangle === 'function' && triangle(200)).toBe(19900 - 200_000 + 1_000_000)
  })

  it('says by itself when a kernel is missing', () => {
    expect(() => kernels()?.run('nothing')).toThrow('there is no kernel nothing')
  })
})

describe('blends', () => {
  it('brightness is a blend from black', () => {
    fc.assert(
      fc.property(pixels, fc.double({ min: 0, max: 4, noNaN: true }), (levels, factor) => {
        expect(applied(levels, { op: 'brightness', factor })).toEqual(
          levels.map((level) => blend(0, level, factor)),
        )
      }),
    )
  })

  it('saturation is a blend from the luma of each pixel, grayscale the luma', () => {
    fc.assert(
      fc.property(pixels, fc.double({ min: 0, max: 4, noNaN: true }), (levels, factor) => {
        const grey = levels.map((_, i) => {
          const pixel = i - (i % 3)
          return luma(levels[pixel] ?? 0, levels[pixel + 1] ?? 0, levels[pixel + 2] ?? 0)
        })
        expect(applied(levels, { op: 'grayscale' })).toEqual(grey)
        expect(applied(levels, { op: 'saturation', factor })).toEqual(
          levels.map((level, i) => blend(grey[i] ?? 0, level, factor)),
        )
      }),
    )
  })
})

describe('resizing', () => {
  it('leaves an image of one colour as it is, whatever the sizes', () => {
    const size = fc.integer({ min: 1, max: 90 })
    fc.assert(
      fc.property(size, size, size, size, fc.constantFrom(0, 1, 127, 254, 255), (h, w, outH, outW, level) => {
        const pixels = new Uint8Array(h * w * 3).fill(level)
        const out = resizeBilinear({ pixels, height: h, width: w, channels: 3 }, outH, outW)
        expect(new Set(out)).toEqual(new Set([level]))
      }),
    )
  })

  it('does each channel as an image of one channel, which has no kernel', () => {
    const size = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(size, size, size, size, fc.integer(), (h, w, outH, outW, seed) => {
        const size = { height: h, width: w }
        const pixels = Uint8Array.from(
          { length: h * w * 3 },
          (_, i) => Math.imul(i + seed, 0x9e3779b1) >>> 24,
        )
        const out = resizeBilinear({ pixels, ...size, channels: 3 }, outH, outW)
        for (const channel of [0, 1, 2]) {
          const only = { pixels: pixels.filter((_, i) => i % 3 === channel), ...size, channels: 1 }
          expect(out.filter((_, i) => i % 3 === channel)).toEqual(resizeBilinear(only, outH, outW))
        }
      }),
    )
  })
})
