import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createReferenceEngine } from '../../runtime/engines/reference/index.js'
import { runParity } from '../../runtime/parity/index.js'

const golden = fileURLToPath(new URL('../../../shared/golden', import.meta.url))

describe.skipIf(!existsSync(golden))('golden cases (skipped where ../shared/golden is not there)', () => {
  it.each(['NCHW', 'NHWC'] as const)('hold on the reference engine in %s', async (layout) => {
    const report = await runParity(golden, { engines: [createReferenceEngine({ layout })] })
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
