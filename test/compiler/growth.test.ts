// A file of twice the length is at most two and a half times the work, whatever it is made of.
import { describe, expect, test } from 'vitest'
import { compileParts, programShapes } from './program-shapes.js'
import { workOf } from './work.js'

describe('twice as much of', () => {
  const size = 100
  test.each(Object.entries(programShapes))('%s is no more than that', async (_, shape) => {
    // What is done once for all files is done before.
    compileParts(shape(size))
    const once = await workOf(() => compileParts(shape(size)))
    const twice = await workOf(() => compileParts(shape(2 * size)))
    expect(once).toBeGreaterThan(1000)
    expect(twice / once).toBeLessThan(2.5)
  })
})
