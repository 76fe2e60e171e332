// Numbers as people read them.
import { expect, test } from 'vitest'
import { cellWidth, padLeft, padRight, truncate } from '../../runtime/platform/cell-width.js'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatMagnitude,
  formatNumber,
} from '../../runtime/platform/quantities.js'

test.each([
  [0.04, '0.0 s'],
  [9.94, '9.9 s'],
  [9.96, '10 s'],
  [59.6, '1:00'],
  [125, '2:05'],
  [3725, '1:02:05'],
  [3 * 86400 + 4 * 3600 + 10 * 60, '3 d 04:10'],
  [Number.POSITIVE_INFINITY, '?'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text)
})

test.each([
  [0, '0'],
  [2.3131, '2.313'],
  [0.0312, '0.0312'],
  [5e-5, '5e-5'],
  [1.25e-4, '1.25e-4'],
  [-0.5, '-0.5'],
  [12345.6, '12,346'],
  [2e7, '2e7'],
  [Number.NaN, 'nan'],
  [Number.NEGATIVE_INFINITY, '-inf'],
])('%d is written %s', (value, text) => {
  expect(formatNumber(value)).toBe(text)
})

test.each([
  [999, '999 B'],
  [1536, '1.50 KiB'],
  [432_000_000, '412 MiB'],
  [15 * 1024 ** 3, '15.0 GiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test('counts have their thousands apart, magnitudes a letter', () => {
  expect(formatCount(1234567)).toBe('1,234,567')
  expect(formatMagnitude(78_042)).toBe('78 k')
  expect(formatMagnitude(1.8124e9)).toBe('1.81 G')
  expect(formatMagnitude(12)).toBe('12 ')
})

test('texts are measured and cut in terminal cells', () => {
  expect(cellWidth('飛行機')).toBe(6)
  expect(cellWidth('e\u0301')).toBe(1)
  expect(truncate('飛行機', 5)).toBe('飛行…')
  expect(truncate('飛行機', 4)).toBe('飛…')
  expect(padRight('飛', 4)).toBe('飛  ')
  expect(padLeft('disc', 6)).toBe('  disc')
})
