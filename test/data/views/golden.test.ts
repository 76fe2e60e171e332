import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { readGoldenCase } from '../../../runtime/apps/parity/golden-case.js'
import { augmentParity } from '../../../runtime/data/views/parity.js'
import type { Tensors } from '../../../runtime/platform/tensor.js'
import { goldenCases } from '../../apps/parity/golden-cases.js'

const height = 7
const width = 9

/** The image of make-pillow-expectations.py. */
const formulaImage = Uint8Array.from(
  { length: height * width * 3 },
  (_, i) => (i * i * 7 + i * 29 + (i % 3) * 50) % 251,
)

interface Expectation {
  readonly operation: { readonly op: string }
  readonly shape: readonly number[]
  readonly pixels: string
}

const expectations: readonly Expectation[] = JSON.parse(
  readFileSync(new URL('pillow-expectations.json', import.meta.url), 'utf8'),
)

function caseOf(operation: object, shape: readonly number[], data: Uint8Array) {
  const tensors: Tensors = {
    input: { dtype: 'uint8', shape: [height, width, 3], data: formulaImage },
    out: { dtype: 'uint8', shape, data },
  }
  return augmentParity(tensors, { kind: 'augment', out: JSON.stringify(operation) })
}

describe('operations give exactly what Pillow and torchvision give', () => {
  it.each(expectations.map((expected) => ({ name: JSON.stringify(expected.operation), expected })))(
    '$name',
    ({ expected }) => {
      const result = caseOf(expected.operation, expected.shape, Buffer.from(expected.pixels, 'hex'))
      expect(result.quantities).toMatchObject([{ name: 'out', error: 0, largest: 0, ok: true }])
    },
  )
})

describe('a golden case', () => {
  const grey = () =>
    Buffer.from(expectations.find(({ operation }) => operation.op === 'grayscale')?.pixels ?? '', 'hex')

  it('fails where one value is three levels off', () => {
    const pixels = grey()
    pixels[20] = (pixels[20] ?? 0) + 3
    const result = caseOf({ op: 'grayscale' }, [height, width, 3], pixels)
    expect(result).toMatchObject({ passed: false, quantities: [{ largest: 3, ok: false }] })
  })

  it('fails where the mean is off by a quarter of a level, and passes below', () => {
    const off = (count: number) => {
      const pixels = grey().map((value, i) => (i < count ? value + 1 : value))
      return caseOf({ op: 'grayscale' }, [height, width, 3], pixels).passed
    }
    expect(off(Math.ceil(height * width * 3 * 0.25))).toBe(false)
    expect(off(Math.floor(height * width * 3 * 0.25))).toBe(true)
  })

  it('fails where the result has another shape', () => {
    expect(caseOf({ op: 'grayscale' }, [width, height, 3], grey()).passed).toBe(false)
  })

  it.each([
    [{ op: 'emboss' }, 'out (emboss)'],
    [{ op: 'hue' }, 'out (hue)'],
    [{ op: 'resize', size: 5, filter: 'hamming' }, 'out (resize)'],
    [{}, 'out (no operation)'],
  ])('names what it cannot do as skipped: %j', (operation, skipped) => {
    const result = caseOf(operation, [height, width, 3], grey())
    expect(result).toEqual({ passed: true, skipped: [skipped], quantities: [] })
  })
})

test('the golden case of the published code is reproduced without any difference', () => {
  const bytes = readFileSync(join(goldenCases, 'augment.safetensors'))
  const { tensors, metadata } = readGoldenCase('augment.safetensors', bytes)
  const result = augmentParity(tensors, metadata)
  expect(result.skipped).toEqual([])
  expect(result.quantities.filter(({ largest }) => largest > 0)).toEqual([])
  expect(result.quantities.length).toBe(Object.keys(tensors).filter((name) => name in metadata).length)
  expect(result.quantities.length).toBeGreaterThan(0)
})
