import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { compileExperiment } from '../../compiler/index.js'
import { createDiskHost } from '../../runtime/data/host/disk-host.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const shared = join(root, '../shared')

describe.skipIf(!existsSync(`${shared}/data`))(
  'on the images of ../shared/data (skipped where they are missing)',
  () => {
    const cache = mkdtempSync(join(tmpdir(), 'saurun-compiler-'))
    afterAll(() => rmSync(cache, { recursive: true, force: true }))

    it.each(['sau', 'baseline'])(
      'the sample %s compiles from where it lies, and counts what is there',
      (name) => {
        const result = compileExperiment(createDiskHost({ cacheFolder: cache }), {
          file: join(shared, 'design/samples', `${name}.sau`),
          cwd: root,
          set: { data: '../shared/data' },
        })
        expect(result.diagnostics).toEqual([])
        const train = result.plan?.datasets.find(
          (dataset) => dataset.name === 'train' && dataset.make.op !== 'source',
        )
        expect(train?.real).toEqual([500, 299, 179, 107, 64, 38, 23, 13, 8, 5])
        if (name === 'sau') expect(train?.synthetic).toEqual([0, 201, 321, 393, 436, 462, 477, 487, 492, 495])
        expect(
          Object.values(result.locations ?? {})
            .flat()
            .every(existsSync),
        ).toBe(true)
      },
    )
  },
)
