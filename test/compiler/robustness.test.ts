import fc from 'fast-check'
import { describe, it } from 'vitest'
import { holdsForProgram, randomProgram } from './random-programs.js'

describe('random and damaged programs', () => {
  it('never crash the compiler, and every diagnostic lies inside the file (1,000 of them)', () => {
    fc.assert(fc.property(randomProgram, holdsForProgram), { numRuns: 1000, seed: 20260 })
    // Half a minute of compiling, more beside busy processes.
  }, 300_000)
})
