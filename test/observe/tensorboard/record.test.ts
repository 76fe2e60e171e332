import { expect, test } from 'vitest'
import { recordOf } from '../../../runtime/observe/tensorboard/record.js'
import { crc32, crc32c } from '../../../runtime/platform/crc32.js'

const ascii = (text: string) => new TextEncoder().encode(text)
const ascending = Uint8Array.from({ length: 32 }, (_, i) => i)

test.each([
  ['32 zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['32 bytes that ascend', ascending, 0x46dd794e],
  ['32 bytes that descend', ascending.toReversed(), 0x113fdb5c],
  ['the digits', ascii('123456789'), 0xe3069283],
])('CRC-32C of %s is that of RFC 3720, annex B.4', (_, bytes, check) => {
  expect(crc32c(bytes)).toBe(check)
})

test('CRC-32 is that of PNG', () => {
  expect(crc32(ascii('123456789'))).toBe(0xcbf43926)
  // The end of every PNG file.
  expect(crc32(ascii('IEND'))).toBe(0xae426082)
})

test('a record is length, its check, data, its check', () => {
  // The first record of files that TensorFlow writes with an event of 24 bytes.
  const record = Buffer.from(recordOf(new Uint8Array(24)))
  expect(record.byteLength).toBe(8 + 4 + 24 + 4)
  expect(record.subarray(0, 12).toString('hex')).toBe('1800000000000000a37f4b22')
  expect(recordOf(new Uint8Array()).byteLength).toBe(16)
})
