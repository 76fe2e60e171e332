// Cyclic redundancy checks of 32 bits, bits reflected: CRC-32C for TFRecords, CRC-32 for PNG. node:zlib has
// the second one only, and not in every Node that this program runs on.

/** Castagnoli's polynomial, 0x1EDC6F41 with its bits reflected (RFC 3720, section 12.1). */
const castagnoli = tableOf(0x82f63b78)
/** The polynomial of Ethernet and PNG, 0x04C11DB7 with its bits reflected (PNG specification, annex D). */
const ethernet = tableOf(0xedb88320)

/** CRC-32C, 0 .. 2^32 - 1. */
export function crc32c(bytes: Uint8Array): number {
  return check(castagnoli, bytes)
}

/** CRC-32 of PNG, zip and gzip, 0 .. 2^32 - 1. */
export function crc32(bytes: Uint8Array): number {
  return check(ethernet, bytes)
}

function tableOf(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte
    for (let bit = 0; bit < 8; bit++) rest = (rest & 1) === 1 ? (rest >>> 1) ^ polynomial : rest >>> 1
    return rest
  })
}

function check(table: Uint32Array, bytes: Uint8Array): number {
  let rest = 0xffffffff
  for (const byte of bytes) rest = (rest >>> 8) ^ (table[(rest ^ byte) & 0xff] ?? 0)
  return ~rest >>> 0
}
