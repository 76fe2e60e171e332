// A folder of images of given sizes, a class each, and a Plan that brings them to 8 x 8.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Plan } from '../../../compiler/plan/plan.js'
import { createDiskHost } from '../../../runtime/data/host/disk-host.js'
import { planOf } from '../../data/views/plans.js'

export async function imageFolder(
  folder: string,
  sizes: readonly (readonly [width: number, height: number])[],
): Promise<Plan> {
  for (const [position, [width, height]] of sizes.entries()) {
    mkdirSync(join(folder, `class${position}`), { recursive: true })
    const image = sharp({
      create: { width, height, channels: 3, background: { r: 40 * position, g: 90, b: 200 } },
    })
    await image.png().toFile(join(folder, `class${position}`, 'one.png'))
  }
  const host = createDiskHost({ cacheFolder: undefined })
  const content = host.digest({ format: 'image_folder', path: folder })
  const plan = planOf({
    counts: [sizes.length],
    streams: { a: 0 },
    views: {
      small: [
        { op: 'resize', size: 8 },
        { op: 'center_crop', size: 8 },
      ],
    },
    feeds: [['a', 'small']],
    batch: 2,
    stepsPerEpoch: 2,
    lastBatch: 1,
  })
  return {
    ...plan,
    sources: [{ format: 'image_folder', path: 'images', content }],
    datasets: [
      {
        name: 'train',
        make: { op: 'source', source: 0, origin: 'real' },
        classes: sizes.map((_, position) => `class${position}`),
        real: sizes.map(() => 1),
        synthetic: sizes.map(() => 0),
        image: 'varied',
      },
    ],
  }
}
