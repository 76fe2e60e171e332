// Every form of image file decodes to what Pillow makes of it, pixel for pixel; images/make-images.py made both.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeBytes, decodeImage } from '../../runtime/data/readers/decode-image.js'
import { imageHeaderOfFile } from '../../runtime/data/readers/image-header.js'
import { temporaryFolder, writeFiles } from './files.js'

const folder = join(import.meta.dirname, 'images')

interface Expected {
  readonly height: number
  readonly width: number
  readonly sha256: string
}

const { images } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
  readonly images: Readonly<Record<string, Expected>>
}

describe('images of every form', () => {
  it('each file of the folder has its expectation', () => {
    const files = readdirSync(folder).filter((name) => /\.(jpe?g|png)$/i.test(name))
    expect(files.sort()).toEqual(Object.keys(images).sort())
  })

  it.each(Object.entries(images))('%s decodes to the pixels that Pillow gives', async (name, expected) => {
    const decoded = await decodeImage(join(folder, name))
    if (!decoded.ok) throw new Error(decoded.message)
    const { height, width, pixels } = decoded
    const sha256 = createHash('sha256').update(pixels).digest('hex')
    expect({ height, width, sha256 }).toEqual(expected)
  })

  it.each(Object.entries(images))('the header of %s tells its upright shape', (name, { height, width }) => {
    expect(imageHeaderOfFile(join(folder, name))).toMatchObject({ height, width })
  })
})

describe('what Pillow refuses is refused', () => {
  const colour = readFileSync(join(folder, 'colour-420.jpg'))
  const png = readFileSync(join(folder, 'colour.png'))
  it.each([
    ['a JPEG file that is cut off', colour.subarray(0, colour.length - 60)],
    ['a PNG file that is cut off', png.subarray(0, png.length - 60)],
    ['a PNG file whose pixels are damaged', Buffer.from(png).fill(7, 60, 90)],
  ])('%s', async (_, bytes) => {
    expect(await decodeBytes('/a/b', bytes)).toMatchObject({
      ok: false,
      reason: 'format',
      path: '/a/b',
      message: expect.stringMatching(/^does not decode \([^\n]+\)$/),
    })
  })

  it('a file of another kind and one that is not there', async () => {
    const path = join(writeFiles(temporaryFolder(), { 'a.jpg': 'GIF89a' }), 'a.jpg')
    expect(await decodeImage(path)).toMatchObject({ message: 'is neither a JPEG nor a PNG image' })
    expect(await decodeImage(`${path}.none`)).toMatchObject({ reason: 'missing' })
  })
})
