import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createReferenceEngine } from '../../runtime/engines/reference/index.js'
import { runParity } from '../../runtime/parity/index.js'
import { readSafetensors, writeSafetensors } from '../../runtime/safetensors/index.js'

const golden = fileURLToPath(new URL('../../../shared/golden/training-neg_only.safetensors', import.meta.url))

describe.skipIf(!existsSync(golden))(
  'a golden training case (skipped where ../shared/golden is not there)',
  () => {
    it.each([
      ['momentum', '0.89'],
      ['weight_decay', '0.02'],
      ['bn_momentum', '0.11'],
      ['strategy', 'pos_neg'],
      ['epochs_cosine', '12'],
    ])('fails on every float32 trajectory under another %s', async (setting, value) => {
      const { tensors, metadata } = readSafetensors(readFileSync(golden))
      const folder = await mkdtemp(join(tmpdir(), 'saurun-parity-'))
      try {
        const changed = writeSafetensors(tensors, { ...metadata, [setting]: value })
        await writeFile(join(folder, 'case.safetensors'), changed)
        const report = await runParity(folder, { engines: [createReferenceEngine()] })
        expect(report).toMatchObject({ passed: 0, failed: 1 })
      } finally {
        await rm(folder, { recursive: true })
      }
    })
  },
)
