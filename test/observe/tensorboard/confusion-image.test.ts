import sharp from 'sharp'
import { expect, test } from 'vitest'
import { confusionImage } from '../../../runtime/observe/tensorboard/confusion-image.js'
import { sparse } from '../../run/journal/made-matrices.js'

/** Red, green and blue in the middle of a cell, as another program decodes them. */
async function pixelsOf(confusion: readonly (readonly number[])[]) {
  const { width, height, png } = confusionImage(sparse(confusion))
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  expect([info.width, info.height, info.channels]).toEqual([width, height, 3])
  const cell = width / confusion.length
  return (row: number, column: number) => {
    const at = (Math.floor((row + 0.5) * cell) * width + Math.floor((column + 0.5) * cell)) * 3
    return [...data.subarray(at, at + 3)]
  }
}

test('a cell is the lighter the more of its true class it holds', async () => {
  const pixel = await pixelsOf([
    [10, 0],
    [3, 3],
  ])
  expect(pixel(0, 0)).toEqual([253, 231, 37])
  expect(pixel(0, 1)).toEqual([68, 1, 84])
  const [red, green, blue] = pixel(1, 0)
  expect(pixel(1, 1)).toEqual([red, green, blue])
  expect(green).toBeGreaterThan(140)
  expect(green).toBeLessThan(150)
})

test('a class without images is a row of nothing', async () => {
  const pixel = await pixelsOf([
    [1, 1],
    [0, 0],
  ])
  expect(pixel(1, 1)).toEqual([68, 1, 84])
})

test('a thousand classes have a pixel each', () => {
  const row = Array.from({ length: 1000 }, () => 1)
  const { width, height, png } = confusionImage(sparse(row.map(() => row)))
  expect([width, height]).toEqual([1000, 1000])
  expect(png.byteLength).toBeLessThan(10_000)
})

test('of more classes than pixels neighbours share one', async () => {
  const classes = 8142
  const cells = Array.from({ length: classes }, (_, c) => [c, c, 3] as const)
  const { width, height, png } = confusionImage({ classes, cells })
  expect([width, height]).toEqual([1018, 1018])
  const { data } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  expect([...data.subarray(0, 6)]).toEqual([253, 231, 37, 68, 1, 84])
  expect([...data.subarray(-3)]).toEqual([253, 231, 37])
})
