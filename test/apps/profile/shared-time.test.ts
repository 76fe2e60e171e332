import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sharedTimes } from '../../../runtime/apps/profile/shared-time.js'

test('kernels one after another have their own durations', () => {
  expect(
    sharedTimes([
      { start: 10, duration: 5 },
      { start: 15, duration: 0 },
      { start: 20, duration: 7 },
    ]),
  ).toEqual([5, 0, 7])
})

test('a moment in which two run is divided between them', () => {
  // 0..4 the first alone, 4..10 both, 10..12 the second alone.
  expect(
    sharedTimes([
      { start: 0, duration: 10 },
      { start: 4, duration: 8 },
    ]),
  ).toEqual([7, 5])
})

test('all parts together are the time in which any kernel ran', () => {
  const kernel = fc.record({ start: fc.nat(200), duration: fc.nat(50) })
  fc.assert(
    fc.property(fc.array(kernel, { maxLength: 20 }), (kernels) => {
      const busy = new Set(
        kernels.flatMap(({ start, duration }) => Array.from({ length: duration }, (_, at) => start + at)),
      )
      const total = sharedTimes(kernels).reduce((sum, time) => sum + time, 0)
      expect(total).toBeCloseTo(busy.size, 6)
    }),
  )
})
