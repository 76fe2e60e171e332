// PNG files of few colours. Written where a run writes its journal, in one go and without waiting, which sharp cannot.
import { deflateSync } from 'node:zlib'
import { crc32 } from './crc32.js'

export type Colour = readonly [red: number, green: number, blue: number]

/**
 * An image of at most 256 colours (PNG specification, third edition, colour type 3).
 * @param pixels [height * width], positions in `palette`, rows from the top.
 */
export function palettePng(
  width: number,
  height: number,
  palette: readonly Colour[],
  pixels: Uint8Array,
): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // 8 bits a pixel, colour type 3; compression, filter and interlacing have nothing but 0 here.
  header.set([8, 3, 0, 0, 0], 8)
  // Every row begins with the number of its filter: 0, none.
  const rows = new Uint8Array(height * (width + 1))
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1)
  return Buffer.concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    chunk('PLTE', Uint8Array.from(palette.flat())),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array()),
  ])
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(8 + data.byteLength + 4)
  bytes.writeUInt32BE(data.byteLength, 0)
  bytes.write(name, 4, 'latin1')
  bytes.set(data, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.byteLength)), 8 + data.byteLength)
  return bytes
}
