// Images of random forms, whole and damaged, against Pillow itself.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const python = process.env.SAURUN_TEST_PYTHON

describe.skipIf(python === undefined)(
  'fuzzed images (skipped where SAURUN_TEST_PYTHON names no interpreter that has Pillow 13)',
  () => {
    it.each([11, 12, 13])('720 of them agree with Pillow or are refused, seed %i', (seed) => {
      const program = join(import.meta.dirname, 'fuzz/compare-with-pillow.mjs')
      const text = execFileSync(process.execPath, [program, python ?? '', '--seed', String(seed)], {
        encoding: 'utf8',
      })
      expect(text).toContain('720 images')
      expect(text).toContain('Pillow 13.')
    })
  },
)
