// The TFRecord framing of TensorBoard's event files.
import { crc32c } from '../../platform/crc32.js'

/**
 * One record: length as little-endian uint64, masked CRC-32C of these 8 bytes, data, masked CRC-32C of the
 * data (TensorFlow, "TFRecord and tf.train.Example", section "TFRecords format details").
 */
export function recordOf(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(8 + 4 + data.byteLength + 4)
  const view = new DataView(record.buffer)
  view.setBigUint64(0, BigInt(data.byteLength), true)
  view.setUint32(8, masked(crc32c(record.subarray(0, 8))), true)
  record.set(data, 12)
  view.setUint32(12 + data.byteLength, masked(crc32c(data)), true)
  return record
}

/**
 * Rotated right by 15 bits, plus a constant: a check of data that hold checks themselves is unsafe otherwise.
 */
function masked(check: number): number {
  return (((check >>> 15) | (check << 17)) + 0xa282ead8) >>> 0
}
