// The tables of a sweep at a glance: numbers that can be worked out by hand.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openFrozenSweep } from '../../../runtime/apps/sweep/frozen-sweep.js'
import { sweepOutcome } from '../../../runtime/apps/sweep/outcome.js'
import { defaultGoal } from '../../../runtime/apps/sweep/results.js'
import { sweepReader } from '../../../runtime/apps/sweep/state.js'
import { diskHost } from '../../../runtime/cli/compile-file.js'
import { sweepMarkdown } from '../../../runtime/observe/text/sweep-markdown.js'
import { makeSweep } from './made-sweep.js'

const root = mkdtempSync(join(tmpdir(), 'saurun-overview-'))
afterAll(() => rmSync(root, { recursive: true }))

const text = `experiment: quickstart-varied.sau
set: { epochs: 2, width: 4 }
seeds: [1, 2, 3]
list:
  - { strategy: pos_neg, factor: 10 }
  - { strategy: drop, factor: 20 }
compare: { metrics: [top1, few] }
`

it('gives every metric with its spread over seeds, each seed, the time of a run and what was called noise', () => {
  const { folder } = makeSweep(root, {
    text,
    epochs: 2,
    resultOf: ({ number, seed = 0 }) => {
      const seconds = 60 * seed
      if (number === 5) return { top1: [0.9], ending: 'none' }
      return number < 3
        ? {
            top1: [0.1, 0.4 + seed / 100],
            few: 0.2,
            calledNoise: [null, 2 * seed, 9],
            ending: { seconds },
          }
        : { top1: [0.1, 0.5], few: 0.25, ending: { seconds } }
    },
  })
  const { sweep } = openFrozenSweep(folder)
  const outcome = sweepOutcome(sweepReader(folder).read(), sweep, defaultGoal, diskHost())
  expect(
    sweepMarkdown(outcome),
  ).toBe(`| strategy | factor | seeds | top-1 % | few % | top-1 % by seed | time of a run |
| --- | --- | ---: | ---: | ---: | --- | ---: |
| pos_neg | 10 | 3 | 42.0 ± 1.0 | 20.0 ± 0.0 | 41.0 42.0 43.0 | 2:00 |
| drop | 20 | 2 of 3 | 50.0 ± 0.0 | 25.0 ± 0.0 | 50.0 50.0 | 1:30 |

Synthetic images that \`aware\` called noise in the last epoch, % by class:

| strategy | factor | all | class 0 | class 1 | class 2 |
| --- | --- | ---: | ---: | ---: | ---: |
| pos_neg | 10 | 65 | – | 40 | 90 |
`)
})
