// What a pool says when it has nothing more to do: a search that saw no results or ran fewer trials than
// asked is no success.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openFrozenSweep } from '../../../runtime/apps/sweep/frozen-sweep.js'
import { poolEnd } from '../../../runtime/apps/sweep/pool-end.js'
import { createPruner } from '../../../runtime/apps/sweep/pruning.js'
import { evaluationReader } from '../../../runtime/apps/sweep/results.js'
import { type Choice, chooseNext } from '../../../runtime/apps/sweep/search.js'
import { sweepReader } from '../../../runtime/apps/sweep/state.js'
import { type MadeInstance, makeSweep } from './made-sweep.js'

const root = mkdtempSync(join(tmpdir(), 'saurun-pool-end-'))
afterAll(() => rmSync(root, { recursive: true }))

const search = (more = '') => `experiment: quickstart-varied.sau
set: { epochs: 2, width: 4 }
seeds: [1]
search: { trials: 6, startup: 4, metric: few, params: [rate] }
${more}`

let made = 0

function open(text: string, resultOf: (number: number) => MadeInstance | undefined) {
  const name = `sweep-${made++}`
  const { folder } = makeSweep(root, { name, text, epochs: 2, resultOf: ({ number }) => resultOf(number) })
  return { frozen: openFrozenSweep(folder), view: () => sweepReader(folder).read() }
}

const measured: MadeInstance = { top1: [0.3, 0.4], few: 0.2 }

function end(sweep: ReturnType<typeof open>, choice: Choice, phase: 'open' | 'stopping' = 'open') {
  return poolEnd(sweep.view(), sweep.frozen.sweep, { phase, choice, more: 0, reader: evaluationReader() })
}

describe('a search', () => {
  it('that has not chosen all its trials is not done', () => {
    const sweep = open(search(), () => measured)
    expect(end(sweep, 'later')).toMatchObject({
      outcome: 'stopped',
      exitCode: 75,
      message: expect.stringContaining('2 trials of the search'),
    })
    expect(end(sweep, 'later', 'stopping')).toMatchObject({
      exitCode: 75,
      message: 'stopped with 2 trials of the search to do; the same command goes on',
    })
  })

  it('that finds no setting any more fails and says how many trials it came to', () => {
    expect(
      end(
        open(search(), () => measured),
        'exhausted',
      ),
    ).toMatchObject({
      outcome: 'failed',
      exitCode: 1,
      message: expect.stringMatching(/^SAU7662: 4 of 6 trials/),
    })
  })

  it('whose trials have no number of its metric has failed, also where all are run', () => {
    const text = search().replace('trials: 6', 'trials: 4')
    expect(
      end(
        open(text, () => ({ top1: [0.3, 0.4] })),
        'complete',
      ),
    ).toMatchObject({
      outcome: 'failed',
      exitCode: 1,
      message: expect.stringMatching(/^SAU7661: 4 of 4 finished trials have no `few`/),
    })
    const some = open(text, (number) => (number === 0 ? measured : { top1: [0.3, 0.4] }))
    expect(end(some, 'complete')).toMatchObject({
      outcome: 'done',
      message: expect.stringContaining('3 of 4 finished trials have no `few`'),
    })
    expect(
      end(
        open(text, () => measured),
        'complete',
      ),
    ).toMatchObject({
      outcome: 'done',
      exitCode: 0,
      message: 'all runs are done',
    })
  })

  it('waits while as many are open as may be ahead, chooses as soon as one has ended, and then is complete', () => {
    const sweep = open(search(), (number) => (number < 3 ? measured : undefined))
    const choose = (ahead: number, more = 0) =>
      chooseNext(sweep.frozen, sweep.view(), { more, ahead, reader: evaluationReader() })
    expect(choose(1)).toBe('later')
    expect(choose(3)).toBe('chosen')
    expect(choose(3)).toBe('chosen')
    expect(choose(9)).toBe('complete')
    // Trials that are added later are asked for, too.
    expect(choose(9, 1)).toBe('chosen')
    expect(sweep.view().instances).toHaveLength(7)
  })

  it('says that nothing is left to choose where all that it draws is excluded', () => {
    // What the conditions leave is drawn a hundred times in vain.
    const sweep = open(search(), () => measured)
    const all = { at: { file: '', span: { start: 0, end: 0 } }, text: '', matches: () => true }
    const frozen = { ...sweep.frozen, sweep: { ...sweep.frozen.sweep, exclude: [all] } }
    expect(chooseNext(frozen, sweep.view(), { more: 0, ahead: 1, reader: evaluationReader() })).toBe(
      'exhausted',
    )
  })
})

it('where no setting has a number of the metric, none is pruned', () => {
  const text = `experiment: quickstart-varied.sau
set: { epochs: 4, width: 4 }
seeds: [1]
grid: { rate: [0.01, 0.02, 0.03] }
prune: { asha: { metric: few, first: 1, reduction: 2 } }
`
  const verdicts = (few: { readonly few?: number }) => {
    const { frozen, view } = open(text, (number) => ({
      top1: [0.1],
      ...(few.few === undefined ? {} : { few: few.few / (number + 1) }),
      ending: 'none',
    }))
    const now = view()
    const running = now.instances.map((one) => ({ ...one, state: 'running' as const }))
    return createPruner(frozen.sweep, evaluationReader()).judge({ ...now, instances: running })
  }
  expect(verdicts({ few: 0.5 }).map(({ setting }) => setting)).toEqual([1, 2])
  expect(verdicts({})).toEqual([])
})
