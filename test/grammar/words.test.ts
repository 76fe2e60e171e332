import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { declarationKinds, editDistance, lineIndex, nearestName, units } from '../../grammar/index.js'

describe('nearestName', () => {
  test.each([
    ['datset', 'dataset'],
    ['datasett', 'dataset'],
    ['datsaet', 'dataset'],
    ['Dataset', 'dataset'],
    ['veiw', 'view'],
    ['minimise', 'minimize'],
    ['evalute', 'evaluate'],
    ['les', 'let'],
  ])('%s means %s', (word, meant) => {
    expect(nearestName(word, declarationKinds)).toBe(meant)
  })

  test.each(['x', 'on', 'function', 'augmentation', 'abcdefgh', ''])('%j means none of the kinds', (word) => {
    expect(nearestName(word, declarationKinds)).toBeUndefined()
  })

  test('takes the first of equally near names, and `-` for `_`', () => {
    expect(nearestName('top2', ['top1', 'top5'])).toBe('top1')
    expect(nearestName('weight-decay', ['momentum', 'weight_decay'])).toBe('weight_decay')
  })
})

describe('editDistance', () => {
  test.each([
    ['', '', 0],
    ['abc', '', 3],
    ['abc', 'abd', 1],
    ['abc', 'acb', 1],
    ['abcd', 'bcd', 1],
    ['kitten', 'sitting', 3],
  ])('of %j and %j is %d', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance)
    expect(editDistance(b, a)).toBe(distance)
  })
})

describe('lineIndex', () => {
  test('counts lines that end in LF, CRLF and CR', () => {
    const index = lineIndex('ab\ncd\r\n\re')
    expect(index.lineCount).toBe(5 - 1)
    expect([1, 2, 3, 4].map((line) => index.lineText(line))).toEqual(['ab', 'cd', '', 'e'])
    expect(index.position(0)).toEqual({ line: 1, column: 1 })
    expect(index.position(4)).toEqual({ line: 2, column: 2 })
    expect(index.position(8)).toEqual({ line: 4, column: 1 })
    expect(index.position(99)).toEqual({ line: 4, column: 2 })
  })

  test('finds every offset again', () => {
    const text = fc
      .array(fc.constantFrom('a', '\n', '\r\n', '\r', 'é'), { maxLength: 30 })
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(text, fc.nat(40), (whole, at) => {
        const offset = Math.min(at, whole.length)
        const isInsideLineEnd = whole[offset - 1] === '\r' && whole[offset] === '\n'
        const index = lineIndex(whole)
        if (!isInsideLineEnd) expect(index.offset(index.position(offset))).toBe(offset)
      }),
    )
  })
})

test('units of one dimension convert by their factors', () => {
  expect(units).toMatchObject({
    min: { dimension: 'seconds', factor: 60 },
    epoch: { dimension: 'epochs', factor: 1 },
    GiB: { dimension: 'bytes', factor: 1024 ** 3 },
  })
})
