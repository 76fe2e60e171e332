import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RunError } from '../../../runtime/platform/errors.js'
import { readSafetensors, writeSafetensors } from '../../../runtime/platform/safetensors/index.js'
import { goldenCases } from '../../apps/parity/golden-cases.js'

function file(header: string | object, data: readonly number[] = []): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + json.length + data.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true)
  bytes.set(json, 8)
  bytes.set(data, 8 + json.length)
  return bytes
}

function complaint(bytes: Uint8Array): string {
  try {
    readSafetensors(bytes)
  } catch (error) {
    if (error instanceof RunError && error.code === 'SAU7401') return error.message
    throw error
  }
  throw new Error('was accepted')
}

describe('what is written is read back', () => {
  test('every element type, empty tensors, scalars and metadata', () => {
    const tensors = {
      'layer.0/weight': {
        dtype: 'F32',
        shape: [2, 3],
        data: new Float32Array([1.5, -0, Number.NaN, 2, 3, 4]),
      },
      double: { dtype: 'F64', shape: [1], data: new Float64Array([Math.PI]) },
      long: { dtype: 'I64', shape: [2], data: new BigInt64Array([-1n, 2n ** 62n]) },
      unsigned: { dtype: 'U64', shape: [1], data: new BigUint64Array([2n ** 64n - 1n]) },
      labels: { dtype: 'I32', shape: [3], data: new Int32Array([-7, 0, 7]) },
      u32: { dtype: 'U32', shape: [1], data: new Uint32Array([4294967295]) },
      half: { dtype: 'F16', shape: [1], data: new Uint16Array([0x3c00]) },
      brain: { dtype: 'BF16', shape: [1], data: new Uint16Array([0x3f80]) },
      i16: { dtype: 'I16', shape: [1], data: new Int16Array([-300]) },
      u16: { dtype: 'U16', shape: [1], data: new Uint16Array([60000]) },
      i8: { dtype: 'I8', shape: [1], data: new Int8Array([-8]) },
      pixels: { dtype: 'U8', shape: [1, 3], data: new Uint8Array([0, 128, 255]) },
      mask: { dtype: 'BOOL', shape: [2], data: new Uint8Array([1, 0]) },
      nothing: { dtype: 'F32', shape: [0, 4], data: new Float32Array(0) },
      scalar: { dtype: 'F32', shape: [], data: new Float32Array([0.1]) },
    } as const
    const bytes = writeSafetensors(tensors, { kind: 'test', 'ünïcode "quoted"': '\n' })
    const back = readSafetensors(bytes)
    expect(back.tensors).toEqual(tensors)
    expect(back.metadata).toEqual({ kind: 'test', 'ünïcode "quoted"': '\n' })
  })

  test('the data starts at a multiple of 8, and the order of the record does not change the bytes', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1 }), fc.array(fc.float({ noNaN: true }))),
        (values) => {
          const entries = Object.entries(values).filter(
            ([name]) => name !== '__metadata__' && name !== '__proto__',
          )
          const tensors = Object.fromEntries(
            entries.map(([name, list]) => [
              name,
              { dtype: 'F32' as const, shape: [list.length], data: new Float32Array(list) },
            ]),
          )
          const bytes = writeSafetensors(tensors)
          expect(new DataView(bytes.buffer).getBigUint64(0, true) % 8n).toBe(0n)
          expect(readSafetensors(bytes).tensors).toEqual(tensors)
          expect(writeSafetensors(Object.fromEntries(Object.entries(tensors).reverse()))).toEqual(bytes)
        },
      ),
    )
  })

  test('a tensor over a part of a larger buffer is written as that part', () => {
    const part = new Float32Array([9, 1, 2, 9]).subarray(1, 3)
    const { tensors } = readSafetensors(writeSafetensors({ part: { dtype: 'F32', shape: [2], data: part } }))
    expect(tensors.part?.data).toEqual(new Float32Array([1, 2]))
  })

  test('a file that lies at an odd offset of its buffer is read', () => {
    const bytes = writeSafetensors({ x: { dtype: 'F64', shape: [1], data: new Float64Array([7]) } })
    const shifted = new Uint8Array(bytes.length + 3)
    shifted.set(bytes, 3)
    expect(readSafetensors(shifted.subarray(3)).tensors.x?.data).toEqual(new Float64Array([7]))
  })

  test('a shape that does not fit its data is refused by the writer', () => {
    expect(() => writeSafetensors({ x: { dtype: 'F32', shape: [3], data: new Float32Array(2) } })).toThrow(
      /2 elements instead of 3/,
    )
  })
})

describe('a damaged file is refused with what is wrong', () => {
  const entry = { dtype: 'U8', shape: [2], data_offsets: [0, 2] }
  test.each<[string, Uint8Array, RegExp]>([
    ['too short', new Uint8Array(5), /5 bytes/],
    [
      'header longer than the file',
      new Uint8Array([200, 0, 0, 0, 0, 0, 0, 0, 1]),
      /claims 200 bytes, but only 1 follow/,
    ],
    ['absurd header length', new Uint8Array(16).fill(255), /claims 18446744073709551615 bytes/],
    ['not JSON', file('{"a":'), /not JSON/],
    ['not UTF-8', new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0, 0xff]), /not JSON/],
    ['a list', file('[]'), /not a JSON object/],
    ['leading space', file(' {}'), /not a JSON object/],
    [
      'name twice',
      file(
        '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"\\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}',
        [1, 2],
      ),
      /'a' stands twice/,
    ],
    ['unknown type', file({ x: { ...entry, dtype: 'F99' } }, [1, 2]), /"F99"/],
    ['inherited type name', file({ x: { ...entry, dtype: 'toString' } }, [1, 2]), /"toString"/],
    ['negative size', file({ x: { ...entry, shape: [-2] } }, [1, 2]), /shape \[-2\]/],
    ['fractional size', file({ x: { ...entry, shape: [0.5] } }, [1, 2]), /shape \[0.5\]/],
    ['size mismatch', file({ x: { ...entry, shape: [3] } }, [1, 2]), /2 bytes instead of 3/],
    ['offsets reversed', file({ x: { ...entry, data_offsets: [2, 0] } }, [1, 2]), /data_offsets \[2,0\]/],
    ['offsets missing', file({ x: { dtype: 'U8', shape: [2] } }, [1, 2]), /data_offsets/],
    ['unknown field', file({ x: { ...entry, extra: 1 } }, [1, 2]), /unknown field 'extra'/],
    [
      'hole',
      file({ x: { ...entry, data_offsets: [1, 3] } }, [1, 2, 3]),
      /starts at byte 1 of the data instead of 0/,
    ],
    [
      'overlap',
      file({ x: entry, y: { ...entry, data_offsets: [1, 3] } }, [1, 2, 3]),
      /'y' starts at byte 1 of the data instead of 2/,
    ],
    ['cut data', file({ x: entry }, [1]), /take 2 bytes, but 1 bytes/],
    ['trailing data', file({ x: entry }, [1, 2, 3]), /take 2 bytes, but 3 bytes/],
    ['metadata not text', file({ __metadata__: { a: 1 } }), /'a' is not a string/],
    ['metadata not an object', file({ __metadata__: [] }), /not an object/],
    ['bool of 2', file({ x: { ...entry, dtype: 'BOOL' } }, [1, 2]), /BOOL but holds/],
  ])('%s', (_, bytes, message) => {
    expect(complaint(bytes)).toMatch(message)
  })

  test('every cut of a whole file is noticed', () => {
    const whole = writeSafetensors(
      { x: { dtype: 'F32', shape: [4], data: new Float32Array([1, 2, 3, 4]) } },
      { a: 'b' },
    )
    for (let length = 0; length < whole.length; length++) {
      expect(complaint(whole.subarray(0, length))).toContain('not a whole safetensors file')
    }
  })
})

test('each golden case is read, and its tensors written again hold the same numbers', () => {
  const names = readdirSync(goldenCases).filter((name) => name.endsWith('.safetensors'))
  expect(names.length).toBeGreaterThan(0)
  for (const name of names) {
    const first = readSafetensors(readFileSync(join(goldenCases, name)))
    expect(first.metadata.kind).toMatch(/^(supervised_contrastive|mix|training|augment)$/)
    expect(readSafetensors(writeSafetensors(first.tensors, first.metadata))).toEqual(first)
  }
})
