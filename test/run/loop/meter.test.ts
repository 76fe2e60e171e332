import { expect, test } from 'vitest'
import { createMeter } from '../../../runtime/run/loop/meter.js'

const place = { epoch: 0, step: 9, rate: 0.1 }

test('events come at most four times a second, with the means since the one before', () => {
  let clock = 0
  const meter = createMeter(1, () => clock)
  const steps = [1, 3, 5, 7].map((loss) => {
    clock += 100
    meter.add({ loss, losses: [2 * loss], samples: 8, seconds: 0.1, waited: 0.025 })
    return meter.take(place, false)
  })
  expect(steps.map((event) => event?.steps)).toEqual([undefined, undefined, 3, undefined])
  expect(steps[2]).toMatchObject({ loss: 3, losses: [6], rate: 0.1, step: 9 })
  expect(steps[2]?.samplesPerSecond).toBeCloseTo(80, 9)
  expect(steps[2]?.dataWait).toBeCloseTo(0.25, 9)
  expect(meter.take(place, true)).toMatchObject({ steps: 1, loss: 7 })
  expect(meter.take(place, true)).toBeUndefined()
})
