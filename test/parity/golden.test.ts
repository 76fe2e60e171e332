import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createReferenceEngine } from '../../runtime/engines/reference/index.js'
import { createTfjsEngine } from '../../runtime/engines/tfjs/index.js'
import { runParity } from '../../runtime/parity/index.js'

const golden = fileURLToPath(new URL('../../../shared/golden', import.meta.url))

describe.skipIf(!existsSync(golden))('golden cases (skipped where ../shared/golden is not there)', () => {
  it.each([
    ['the reference engine in NCHW', async () => createReferenceEngine({ layout: 'NCHW' })],
    ['the reference engine in NHWC', async () => createReferenceEngine({ layout: 'NHWC' })],
    ['tfjs on WebAssembly', () => createTfjsEngine({ backend: 'wasm' })],
  ] as const)('hold on %s', { timeout: 180_000 }, async (_name, createEngine) => {
    const report = await runParity(golden, { engines: [await createEngine()] })
    const outside = report.results.flatMap((result) =>
      result.status === 'skipped' || result.kind === 'augment'
        ? []
        : result.quantities
            .filter((quantity) => !quantity.ok)
            .map((quantity) => ({ file: result.file, ...quantity })),
    )
    expect(outside).toEqual([])
    const kinds = report.results.filter((result) => result.status === 'passed').map((result) => result.kind)
    expect(kinds).toEqual(expect.arrayContaining(['supervised_contrastive', 'mix', 'training']))
  })
})
