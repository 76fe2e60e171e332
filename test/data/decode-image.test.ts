// Every form of image file decodes to what Pillow makes of it, pixel for pixel; images/make-images.py made
// both.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeBytes, decodeImage } from '../../runtime/data/readers/decode-image.js'
import { imageHeader, imageHeaderOfFile, mostPixels } from '../../runtime/data/readers/image-header.js'
import { isImageName } from '../../runtime/data/readers/walk-images.js'
import { crc32 } from '../../runtime/platform/crc32.js'
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
    const files = readdirSync(folder).filter((name) => isImageName(name))
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
  const withDamagedExif = Buffer.concat([
    readFileSync(join(folder, 'exif-two-6-1.jpg')).subarray(0, 20),
    Buffer.from('ffe1000f', 'hex'),
    Buffer.from('Exif\0\0XX*\0\0\0\0', 'latin1'),
    readFileSync(join(folder, 'exif-two-6-1.jpg')).subarray(20),
  ])
  it.each([
    ['a JPEG file that is cut off', colour.subarray(0, colour.length - 60), /^does not decode \([^\n]+\)$/],
    ['a PNG file that is cut off', png.subarray(0, png.length - 20), /^does not decode \([^\n]+\)$/],
    ['a PNG file that ends before its pixels', png.subarray(0, 40), /^ends before its pixels$/],
    ['a PNG file whose pixels are damaged', Buffer.from(png).fill(7, 60, 90), /^does not decode \([^\n]+\)$/],
    ['a PNG file with a damaged header', Buffer.from(png).fill(7, 30, 33), /^has a damaged PNG chunk/],
    ['an EXIF part that is none', withDamagedExif, /^has a damaged EXIF part/],
    ['a WebP file that is cut off', readFileSync(join(folder, 'lossy.webp')).subarray(0, 60), /^is cut off$/],
    ['a GIF file that is cut off', readFileSync(join(folder, 'palette.gif')).subarray(0, -40), /ends inside/],
    ['a BMP file that is cut off', readFileSync(join(folder, 'colour.bmp')).subarray(0, -4), /last pixel/],
    ['a PPM file that is cut off', readFileSync(join(folder, 'colour.ppm')).subarray(0, -1), /last pixel/],
  ])('%s', async (_, bytes, message) => {
    const decoded = await decodeBytes('/a/b', bytes)
    expect(decoded).toMatchObject({ ok: false, reason: 'format', path: '/a/b' })
    expect(decoded).toMatchObject({ message: expect.stringMatching(message) })
  })
})

describe('a file of another kind', () => {
  it.each([
    ['\0\0\0\x1cftypavif', 'is an AVIF image, which is not read'],
    ['\0\0\0\x18ftypheic', 'is a HEIC image or a film, which is not read'],
    ['\xff\x0a\x10', 'is a JPEG XL image, which is not read'],
    ['%PDF-1.7', 'is a PDF file, which is not read'],
    ['<?xml version="1.0"?>\n<svg xmlns=""/>', 'is an SVG drawing, which is not read'],
    ['<!DOCTYPE html>', 'is a web page, and no image'],
    ['version https://git-lfs.github.com/spec/v1\n', /^is a Git LFS pointer/],
    ['P3\n1 1\n255\n1 2 3\n', /^is a Netpbm image of bits or in words/],
    ['not an image', 'is a text, and no image'],
    ['\0\0\0\0\0\0\0\0', 'holds zeros alone, and no image'],
    ['\x9e\x01\x02', /^is no image of a kind that is read: JPEG, PNG/],
    ['', 'is empty'],
  ])('%j is told', async (letters, message) => {
    const path = join(writeFiles(temporaryFolder(), { 'a.jpg': Buffer.from(letters, 'latin1') }), 'a.jpg')
    const expected = { ok: false, reason: 'format', path }
    for (const result of [imageHeaderOfFile(path), await decodeImage(path)]) {
      expect(result).toMatchObject(expected)
      if (!result.ok) expect(result.message).toEqual(expect.stringMatching(message))
    }
  })

  it('is not there, or is no file', async () => {
    const path = join(temporaryFolder(), 'a.jpg')
    expect(await decodeImage(path)).toMatchObject({ reason: 'missing' })
    expect(await decodeImage(dirname(path))).toMatchObject({ message: 'is a folder, but a file is needed' })
  })
})

describe('an image that fills the memory', () => {
  /** The header of a PNG image, and pixels that are not looked at. */
  const bomb = (height: number, width: number): Buffer => {
    const header = Buffer.alloc(25)
    header.writeUInt32BE(13)
    header.write('IHDR', 4, 'latin1')
    header.writeUInt32BE(width, 8)
    header.writeUInt32BE(height, 12)
    header.set([1, 0], 16)
    header.writeUInt32BE(crc32(header.subarray(4, 21)), 21)
    const signature = Buffer.from('89504e470d0a1a0a', 'hex')
    return Buffer.concat([signature, header, Buffer.from('\0\0\0\0IDAT\x35\xaf\x06\x1e', 'latin1')])
  }

  it('is refused by its header', async () => {
    const large = { ok: false, reason: 'large', path: '/a/b' }
    expect(await decodeBytes('/a/b', bomb(30_000, 30_001))).toEqual({
      ...large,
      message: `has 30,000 x 30,001 pixels, and images of up to ${mostPixels().toLocaleString('en-US')} are read`,
      help: 'make it smaller, or take it away: decoded it fills the memory of this machine',
    })
    expect(imageHeader('/a/b', bomb(4_000_000_000, 4_000_000_000))).toMatchObject(large)
    expect(imageHeader('/a/b', bomb(1000, 1000))).toMatchObject({ ok: true, height: 1000 })
  })

  it('has more pixels than Pillow decodes, or than the memory holds', () => {
    expect(mostPixels(2 ** 40)).toBe(178_956_970)
    expect(mostPixels(3_000_000)).toBe(1_000_000)
  })
})
