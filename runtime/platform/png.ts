// PNG files. Written where a run writes its journal, in one go and without waiting, which sharp cannot.
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
  return pngFile(width, height, 3, [
    chunk('PLTE', Uint8Array.from(palette.flat())),
    chunk('IDAT', deflateSync(unfiltered(height, width, pixels))),
  ])
}

/**
 * An image of grey values (one channel, colour type 0) or of colours (three, colour type 2).
 * @param pixels [height * width * channels], 8 bits each, rows from the top.
 * @param software what made it, written into the file.
 */
export function pixelsPng(
  width: number,
  height: number,
  channels: number,
  pixels: Uint8Array,
  software?: string,
): Uint8Array {
  if (channels !== 1 && channels !== 3) throw new TypeError(`a picture of ${channels} channels`)
  const data = deflateSync(unfiltered(height, width * channels, pixels))
  const said = software === undefined ? [] : [chunk('tEXt', Buffer.from(`Software\0${software}`, 'latin1'))]
  return pngFile(width, height, channels === 1 ? 0 : 2, [...said, chunk('IDAT', data)])
}

function pngFile(
  width: number,
  height: number,
  colourType: 0 | 2 | 3,
  chunks: readonly Uint8Array[],
): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // 8 bits a value; compression, filter and interlacing have nothing but 0 here.
  header.set([8, colourType, 0, 0, 0], 8)
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
  return Buffer.concat([signature, chunk('IHDR', header), ...chunks, chunk('IEND', new Uint8Array())])
}

/** Every row begins with the number of its filter: 0, none. */
function unfiltered(height: number, rowBytes: number, pixels: Uint8Array): Uint8Array {
  const rows = new Uint8Array(height * (rowBytes + 1))
  for (let y = 0; y < height; y++) {
    rows.set(pixels.subarray(y * rowBytes, (y + 1) * rowBytes), y * (rowBytes + 1) + 1)
  }
  return rows
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(8 + data.byteLength + 4)
  bytes.writeUInt32BE(data.byteLength, 0)
  bytes.write(name, 4, 'latin1')
  bytes.set(data, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.byteLength)), 8 + data.byteLength)
  return bytes
}
