import fc from 'fast-check'
import { test } from 'vitest'
import { arbitraryText } from './arbitrary.js'
import { expectSound } from './sound.js'

test('20,000 random and damaged programs are read without failing', () => {
  fc.assert(fc.property(arbitraryText, expectSound), { numRuns: 20_000, seed: 8 })
})
