import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shapeNames } from '../../compiler/plan/shapes.js'
import { outlines } from '../../runtime/data/shapes/outlines.js'
import { drawShapes, type ShapesPlan, shapeLabels } from '../../runtime/data/shapes/shapes.js'
import { imageOf } from '../../runtime/data/store.js'

const plan: ShapesPlan = {
  format: 'shapes',
  classes: 10,
  perClass: 20,
  size: 16,
  seed: 4,
  origin: 'real',
  noise: 0,
}

function pixelsOf(drawn: ShapesPlan): Uint8Array {
  return new Uint8Array(drawShapes(drawn).store.pixels)
}

describe('labels', () => {
  it('planted noise is exact in every class: round(noise * perClass) pictures of another class', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 20 }),
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 1000 }),
        (classes, perClass, noise, seed) => {
          const { labels, shown } = shapeLabels({ ...plan, classes, perClass, noise, seed })
          for (let label = 0; label < classes; label++) {
            const own = [...labels].flatMap((one, i) => (one === label ? [shown[i]] : []))
            expect(own.length).toBe(perClass)
            expect(own.filter((one) => one !== label).length).toBe(Math.round(noise * perClass))
          }
          expect(shown.every((label) => label >= 0 && label < classes)).toBe(true)
        },
      ),
      { numRuns: 60, seed: 1 },
    )
  })

  it('noise shows every other class, and another choice of records under another seed', () => {
    const noisy = { ...plan, perClass: 300, noise: 0.5 }
    const { labels, shown } = shapeLabels(noisy)
    const seen = new Set([...shown].filter((_, i) => labels[i] === 3))
    expect(seen.size).toBe(10)
    expect([...shapeLabels({ ...noisy, seed: 5 }).shown]).not.toEqual([...shown])
  })
})

describe('pictures', () => {
  it('are the same under the same seed, and differ from seed to seed, style to style and record to record', () => {
    const drawn = pixelsOf(plan)
    expect(pixelsOf(plan)).toEqual(drawn)
    expect(pixelsOf({ ...plan, seed: 5 })).not.toEqual(drawn)
    expect(pixelsOf({ ...plan, origin: 'synthetic' })).not.toEqual(drawn)
    const { store } = drawShapes(plan)
    const different = new Set(Array.from({ length: store.count }, (_, i) => imageOf(store, i).pixels.join()))
    expect(different.size).toBe(store.count)
  })

  it('of a record depend on its own class alone: noise changes only the records it is planted in', () => {
    const clean = drawShapes(plan)
    const noisy = drawShapes({ ...plan, noise: 0.3 })
    for (let i = 0; i < clean.store.count; i++) {
      const same = imageOf(clean.store, i).pixels.join() === imageOf(noisy.store, i).pixels.join()
      expect(same).toBe(noisy.shown[i] === noisy.labels[i])
    }
  })

  it.each([8, 16, 32, 64])('fill every pixel at %d px, with edges between the two colours', (size) => {
    const pixels = pixelsOf({ ...plan, perClass: 2, size, origin: 'synthetic' })
    expect(pixels.length).toBe(20 * size * size * 3)
    expect(new Set(pixels).size).toBeGreaterThan(40)
  })

  it('synthetic ones are cleaner and have dark outlines', () => {
    const measure = (origin: 'real' | 'synthetic') => {
      const { store } = drawShapes({ ...plan, perClass: 30, origin })
      let dark = 0
      let even = 0
      for (let i = 0; i < store.count; i++) {
        const { pixels } = imageOf(store, i)
        for (let at = 0; at < pixels.length; at += 3) {
          if (Math.max(...pixels.subarray(at, at + 3)) < 50) dark += 1
          if (Math.abs((pixels[at] ?? 0) - (pixels[at + 3] ?? 0)) <= 2) even += 1
        }
      }
      return { dark: dark / (store.count * 256), even: even / (store.count * 256) }
    }
    const real = measure('real')
    const synthetic = measure('synthetic')
    expect(synthetic.dark).toBeGreaterThan(2 * real.dark)
    expect(synthetic.even).toBeGreaterThan(1.5 * real.even)
  })
})

describe('outlines', () => {
  it.each(shapeNames)('%s holds a part of the unit circle, and no point beyond it by far', (name) => {
    let inside = 0
    for (let y = -2; y <= 2; y += 0.05)
      for (let x = -2; x <= 2; x += 0.05)
        if (outlines[name](x, y) < 0) {
          inside += 1
          expect(Math.hypot(x, y)).toBeLessThan(1.25)
        }
    // Area in squares of 0.05: between a sixth and all of the circle.
    expect(inside * 0.0025).toBeGreaterThan(0.5)
    expect(inside * 0.0025).toBeLessThan(Math.PI)
  })

  it.each(shapeNames)('the distance of %s never grows faster than the way', (name) => {
    const distance = outlines[name]
    fc.assert(
      fc.property(
        fc.double({ min: -1.5, max: 1.5, noNaN: true }),
        fc.double({ min: -1.5, max: 1.5, noNaN: true }),
        fc.double({ min: 0, max: 6.3, noNaN: true }),
        (x, y, angle) => {
          const step = 1e-3
          const moved = distance(x + step * Math.cos(angle), y + step * Math.sin(angle))
          expect(Math.abs(moved - distance(x, y))).toBeLessThan(step * 1.001)
        },
      ),
      { numRuns: 200, seed: 2 },
    )
  })
})
