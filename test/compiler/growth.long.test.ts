// A file of twice the length is far from four times the work, whatever it is made of, for long ones too.
// Unknown names look among all that there are until `searchEffort` is spent, and come closest.
import { describe, expect, test } from 'vitest'
import { compileParts, programShapes } from './program-shapes.js'
import { workOf } from './work.js'

describe('twice as much of', () => {
  const size = 600
  test.each(Object.entries(programShapes))('%s is no more than that', async (_, shape) => {
    // What is done once for all files is done before.
    compileParts(shape(size))
    const once = await workOf(() => compileParts(shape(size)))
    const twice = await workOf(() => compileParts(shape(2 * size)))
    expect(once).toBeGreaterThan(1000)
    expect(twice / once).toBeLessThan(3.2)
  })
})
