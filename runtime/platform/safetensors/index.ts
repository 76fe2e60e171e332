// safetensors files: 8 bytes of header length (little-endian), a JSON header, raw data.
// Format: https://github.com/huggingface/safetensors. Numbers are little-endian, as on every machine that
// Node runs this program on.
import { elementBytes, type SafeTensor, tensorOver } from './element-types.js'
import { malformed, readHeader } from './header.js'

export type { ArrayOf, ElementType, SafeTensor } from './element-types.js'

export interface SafetensorsFile {
  readonly tensors: Readonly<Record<string, SafeTensor>>
  readonly metadata: Readonly<Record<string, string>>
}

/**
 * Reads a whole file. Tensors own their memory: `bytes` may be dropped or changed afterwards.
 * @throws RunError SAU7401 when the file is cut, overlong, or its header is wrong in any way.
 */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  const header = readHeader(bytes)
  const tensors: Record<string, SafeTensor> = {}
  for (const { name, dtype, shape, begin, end } of header.entries) {
    const buffer = new ArrayBuffer(end - begin)
    new Uint8Array(buffer).set(bytes.subarray(header.dataStart + begin, header.dataStart + end))
    const tensor = tensorOver(dtype, shape, buffer)
    if (tensor.dtype === 'BOOL' && tensor.data.some((value) => value > 1)) {
      throw malformed(`tensor '${name}' is BOOL but holds values other than 0 and 1`)
    }
    tensors[name] = tensor
  }
  return { tensors, metadata: header.metadata }
}

/**
 * Writes a file. Tensors are ordered by falling element size and then by name, so that each starts at a
 * multiple of its element size and equal contents give equal bytes; the header is padded with spaces to a
 * multiple of 8.
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, SafeTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = {}
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata
  let position = 0
  const ordered = Object.entries(tensors).sort(
    ([nameA, a], [nameB, b]) =>
      elementBytes[b.dtype] - elementBytes[a.dtype] || (nameA < nameB ? -1 : nameA > nameB ? 1 : 0),
  )
  for (const [name, { dtype, shape, data }] of ordered) {
    const count = shape.reduce((product, size) => product * size, 1)
    if (count !== data.length) {
      throw new RangeError(
        `tensor '${name}' of shape [${shape.join(', ')}] has ${data.length} elements instead of ${count}`,
      )
    }
    if (name === '__metadata__') throw new RangeError('a tensor cannot be named __metadata__')
    header[name] = { dtype, shape, data_offsets: [position, position + data.byteLength] }
    position += data.byteLength
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const headerLength = Math.ceil(json.byteLength / 8) * 8
  const bytes = new Uint8Array(8 + headerLength + position)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true)
  bytes.fill(0x20, 8 + json.byteLength, 8 + headerLength)
  bytes.set(json, 8)
  let start = 8 + headerLength
  for (const [, { data }] of ordered) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start)
    start += data.byteLength
  }
  return bytes
}
