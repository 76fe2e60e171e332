import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Canvas, type Raster } from '../../../runtime/data/pixels/canvas.js'
import { resizeBilinear } from '../../../runtime/data/pixels/resize.js'
import { applyOperations, type PixelOperation } from '../../../runtime/data/views/operations.js'

/** Applies operations to an image given as rows; the result as rows, with its channels side by side. */
function applied(
  rows: readonly (readonly number[])[],
  channels: number,
  ...operations: PixelOperation[]
): number[][] {
  const canvas = new Canvas()
  const width = (rows[0]?.length ?? 0) / channels
  canvas.load(Uint8Array.from(rows.flat()), 0, rows.length, width, channels)
  applyOperations(canvas, operations)
  return Array.from({ length: canvas.height }, (_, y) =>
    Array.from(canvas.pixels.subarray(y * canvas.width * channels, (y + 1) * canvas.width * channels)),
  )
}

/** One row of one channel. */
function row(...pixels: number[]): Raster {
  return { pixels: Uint8Array.from(pixels), height: 1, width: pixels.length, channels: 1 }
}

const grid = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
]

describe('geometry', () => {
  it('a crop fills what lies outside with zeros', () => {
    const crop: PixelOperation = { op: 'crop', top: -1, left: 1, height: 3, width: 3, mirror: false }
    expect(applied(grid, 1, crop)).toEqual([
      [0, 0, 0],
      [2, 3, 0],
      [5, 6, 0],
    ])
    expect(applied(grid, 1, { ...crop, mirror: true })).toEqual([
      [0, 0, 0],
      [0, 3, 2],
      [0, 6, 5],
    ])
  })

  it('a flip turns pixels, not channels', () => {
    expect(applied([[1, 2, 3, 4, 5, 6]], 3, { op: 'flip' })).toEqual([[4, 5, 6, 1, 2, 3]])
  })

  it('a rotation is counter-clockwise', () => {
    expect(applied(grid, 1, { op: 'rotate', degrees: 90, fill: [0, 0, 0], sampling: 'nearest' })).toEqual([
      [3, 6, 9],
      [2, 5, 8],
      [1, 4, 7],
    ])
    expect(applied(grid, 1, { op: 'rotate', degrees: -90, fill: [0, 0, 0], sampling: 'nearest' })).toEqual([
      [7, 4, 1],
      [8, 5, 2],
      [9, 6, 3],
    ])
    expect(applied(grid, 1, { op: 'rotate', degrees: 45, fill: [50, 50, 50], sampling: 'nearest' })).toEqual([
      [2, 3, 6],
      [1, 5, 9],
      [4, 7, 8],
    ])
  })

  it('a translation takes pixels from the offset and fills the rest', () => {
    expect(
      applied(grid, 1, { op: 'translate_x', offset: 1.4, fill: [128, 128, 128], sampling: 'nearest' }),
    ).toEqual([
      [2, 3, 128],
      [5, 6, 128],
      [8, 9, 128],
    ])
    expect(
      applied(grid, 1, { op: 'translate_y', offset: -1, fill: [128, 128, 128], sampling: 'nearest' }),
    ).toEqual([
      [128, 128, 128],
      [1, 2, 3],
      [4, 5, 6],
    ])
  })

  it('a shear moves row y by the slope at the centre of the row', () => {
    const rows = [
      [10, 20, 30, 40],
      [10, 20, 30, 40],
    ]
    // Row 0 moves by 2/3 * 0.5 = 1/3, row 1 by 1: 20 30 40, and nothing is left of the last.
    expect(
      applied(rows, 1, { op: 'shear_x', slope: 2 / 3, fill: [7, 7, 7], sampling: 'bicubic' })[1],
    ).toEqual([20, 30, 40, 7])
  })

  it('a resize to twice the size blends 3 : 1, and repeats the border', () => {
    expect(Array.from(resizeBilinear(row(0, 100), 1, 4))).toEqual([0, 25, 75, 100])
  })

  it('a resize to half the size averages with the widened triangle', () => {
    // Weights of output 0: 3/8 3/8 1/8 after normalization by their sum 7/8.
    const out = resizeBilinear(row(0, 70, 140, 210), 1, 2)
    expect(Array.from(out)).toEqual([50, 160])
  })

  it('a mirrored resized crop is the flipped resized crop', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom(1, 3),
        fc.uint8Array({ minLength: 243, maxLength: 243 }),
        (height, width, size, channels, bytes) => {
          const rows = Array.from({ length: 9 }, (_, y) =>
            Array.from(bytes.subarray(y * 9 * channels, (y + 1) * 9 * channels)),
          )
          const cut: PixelOperation = {
            op: 'resized_crop',
            top: 9 - height,
            left: 9 - width,
            height,
            width,
            outHeight: size,
            outWidth: size,
            filter: 'bilinear',
            mirror: false,
          }
          expect(applied(rows, channels, { ...cut, mirror: true })).toEqual(
            applied(rows, channels, cut, { op: 'flip' }),
          )
        },
      ),
    )
  })

  it('a cutout is a square about its centre, cut at the border', () => {
    const full = Array.from({ length: 4 }, () => [9, 9, 9, 9])
    expect(applied(full, 1, { op: 'cutout', y: 0, x: 3, size: 4 })).toEqual([
      [9, 0, 0, 0],
      [9, 0, 0, 0],
      [9, 9, 9, 9],
      [9, 9, 9, 9],
    ])
  })
})

describe('colour', () => {
  const colours = [[255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 200, 90]]

  it('grey is the luma of ITU-R 601-2, in all channels', () => {
    expect(applied(colours, 3, { op: 'grayscale' })).toEqual([
      [76, 76, 76, 150, 150, 150, 29, 29, 29, 131, 131, 131],
    ])
  })

  it('brightness is cut off, not rounded, and clipped', () => {
    expect(applied([[3, 100, 250]], 1, { op: 'brightness', factor: 0.5 })).toEqual([[1, 50, 125]])
    expect(applied([[3, 100, 250]], 1, { op: 'brightness', factor: 1.5 })).toEqual([[4, 150, 255]])
  })

  it('contrast 0 is the mean grey, rounded half up', () => {
    expect(applied([[0, 1]], 1, { op: 'contrast', factor: 0 })).toEqual([[1, 1]])
    expect(applied([[0, 101]], 1, { op: 'contrast', factor: 0 })).toEqual([[51, 51]])
  })

  it('saturation 0 is the grey image, and 1 the image', () => {
    expect(applied(colours, 3, { op: 'saturation', factor: 0 })).toEqual(
      applied(colours, 3, { op: 'grayscale' }),
    )
    expect(applied(colours, 3, { op: 'saturation', factor: 1 })).toEqual(colours)
  })

  it('sharpness 0 smooths all but the border', () => {
    const spot = [
      [0, 0, 0],
      [0, 130, 0],
      [0, 0, 0],
    ]
    expect(applied(spot, 1, { op: 'sharpness', factor: 0 })).toEqual([
      [0, 0, 0],
      [0, 50, 0],
      [0, 0, 0],
    ])
  })

  it('a hue turned by a third makes green of red', () => {
    expect(applied([[200, 0, 0]], 3, { op: 'hue', shift: 1 / 3 })).toEqual([[0, 200, 0]])
  })

  it('a hue shift leaves greys and images of one channel alone', () => {
    expect(applied([[7, 7, 7, 130, 130, 130]], 3, { op: 'hue', shift: 0.4 })).toEqual([
      [7, 7, 7, 130, 130, 130],
    ])
    expect(applied([[7, 8, 9]], 1, { op: 'hue', shift: 0.4 })).toEqual([[7, 8, 9]])
  })

  it('tables: invert, posterize, solarize', () => {
    const row = [[0, 100, 127, 128, 255]]
    expect(applied(row, 1, { op: 'invert' })).toEqual([[255, 155, 128, 127, 0]])
    expect(applied(row, 1, { op: 'posterize', bits: 2 })).toEqual([[0, 64, 64, 128, 192]])
    expect(applied(row, 1, { op: 'solarize', threshold: 127.5 })).toEqual([[0, 100, 127, 127, 0]])
  })

  it('autocontrast stretches each channel by itself, and leaves a flat one', () => {
    const image = [[10, 50, 7, 20, 50, 7, 30, 51, 7]]
    expect(applied(image, 3, { op: 'autocontrast' })).toEqual([[0, 0, 7, 127, 0, 7, 255, 255, 7]])
  })

  it('equalize spreads the values by their ranks', () => {
    // 512 pixels, half of them 10, half 20: step = 256 / 255 = 1, sums 0 and 256.
    const row = [Array.from({ length: 512 }, (_, i) => (i < 256 ? 10 : 20))]
    expect(new Set(applied(row, 1, { op: 'equalize' })[0])).toEqual(new Set([0, 255]))
  })
})

describe('gaussian blur', () => {
  it('leaves an even image alone, whatever its size and the radius', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: 0, max: 9, noNaN: true }),
        fc.integer({ min: 0, max: 255 }),
        (height, width, sigma, value) => {
          const rows = Array.from({ length: height }, () => new Array<number>(width * 3).fill(value))
          expect(applied(rows, 3, { op: 'gaussian_blur', sigma })).toEqual(rows)
        },
      ),
    )
  })

  it('spreads a spot the same way up, down, left and right', () => {
    const spot = Array.from({ length: 9 }, (_, y) =>
      Array.from({ length: 9 }, (_, x) => (x === 4 && y === 4 ? 255 : 0)),
    )
    const blurred = applied(spot, 1, { op: 'gaussian_blur', sigma: 1.5 })
    for (let k = 1; k < 5; k++) {
      const [left, right, up, down] = [
        blurred[4]?.[4 - k],
        blurred[4]?.[4 + k],
        blurred[4 - k]?.[4],
        blurred[4 + k]?.[4],
      ]
      expect(right).toBe(left)
      expect(down).toBe(up)
    }
    expect(blurred[4]?.[4]).toBeLessThan(30)
    expect(blurred[4]?.[4]).toBeGreaterThan(blurred[4]?.[3] ?? 255)
  })
})
