import { describe, expect, it } from 'vitest'
import { instanceName, instancesOf, searchEdges, searchSetting } from '../../../compiler/sweep/index.js'
import { readText, rightSweep } from './sweeps.js'

/** Names of all instances. */
function names(text: string): readonly string[] {
  const { sweep, expansion } = rightSweep(text)
  return instancesOf(sweep, expansion.settings).map(instanceName)
}

describe('settings of a sweep', () => {
  it('of a grid are all combinations, the last param changing fastest, each with every seed', () => {
    expect(names('grid: { factor: [10, 50], width: [8, 16] }\nseeds: [1, 2]')).toEqual([
      'factor=10 width=8 seed=1',
      'factor=10 width=8 seed=2',
      'factor=10 width=16 seed=1',
      'factor=10 width=16 seed=2',
      'factor=50 width=8 seed=1',
      'factor=50 width=8 seed=2',
      'factor=50 width=16 seed=1',
      'factor=50 width=16 seed=2',
    ])
  })

  it('of a grid without values are those of the domain or closed list of the param', () => {
    expect(names('grid: { factor: , strategy: }')).toHaveLength(9)
    expect(names('grid: { factor: }')).toEqual(['factor=10', 'factor=50', 'factor=100'])
  })

  it('of zip go side by side, and of list are its entries', () => {
    expect(names('zip: { factor: [10, 50], width: [8, 16] }')).toEqual([
      'factor=10 width=8',
      'factor=50 width=16',
    ])
    expect(names('list: [{ factor: 50 }, { width: 8, rate: 0.5 }]')).toEqual([
      'factor=50',
      'width=8 rate=0.5',
    ])
  })

  it('of grid, zip and list together are the product of all three', () => {
    expect(
      names(
        'grid: { strategy: [drop, pos_neg] }\nzip: { width: [8, 16], alpha: [1, 2] }\nlist: [{ rate: 0.1 }, { rate: 0.2 }, { factor: 50 }]',
      ),
    ).toHaveLength(12)
  })

  it('of one setting and some seeds are repetitions', () => {
    expect(names('seeds: [3, 4]')).toEqual(['seed=3', 'seed=4'])
  })

  it('are drawn for params with a domain that nothing else gives, the same for each combination', () => {
    const { sweep, expansion } = rightSweep(
      'set: { width: 8 }\ngrid: { factor: [10, 50] }\nrandom: { trials: 5 }',
    )
    expect(sweep.varied).toEqual(['factor', 'rate'])
    const rates = (factor: number) =>
      expansion.settings.filter(({ params }) => params.factor === factor).map(({ params }) => params.rate)
    expect(rates(10)).toHaveLength(5)
    expect(rates(50)).toEqual(rates(10))
    expect(new Set(rates(10)).size).toBe(5)
  })

  it('that are drawn lie in the domain that the sweep writes', () => {
    const { expansion } = rightSweep(
      'sobol: { trials: 32, seed: 2, params: { rate: { from: 0.01, to: 0.1 }, width: { from: 8, to: 9 }, strategy: , alpha: [1, 2] } }',
    )
    for (const { params } of expansion.settings) {
      expect(Number(params.rate)).toBeGreaterThanOrEqual(0.01)
      expect(Number(params.rate)).toBeLessThanOrEqual(0.1)
      expect([8, 9]).toContain(params.width)
      expect([1, 2]).toContain(params.alpha)
      expect(['pos_neg', 'neg_only', 'drop']).toContain(params.strategy)
    }
    expect(new Set(expansion.settings.map(({ params }) => params.strategy)).size).toBe(3)
  })
})

describe('exclude', () => {
  it('leaves out what matches a map or a condition, and keeps the numbering without gaps', () => {
    const text = 'grid: { factor: , strategy: }\n'
    expect(names(`${text}exclude: [{ factor: [50, 100], strategy: drop }]`)).toHaveLength(7)
    expect(names(`${text}exclude: ["factor >= 50 and strategy == drop", "factor == 10"]`)).toHaveLength(4)
    const { expansion } = rightSweep(`${text}exclude: ["factor == 10"]`)
    expect(expansion.settings.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5])
    expect(expansion.excluded).toBe(3)
  })

  it.each([
    ['not (factor == 10) or width > 8', 5],
    ['width * 2 >= 32', 3],
    ['factor / 10 == 5 and strategy != "drop"', 2],
    ['strategy == drop', 0],
    ['-factor < -10 and width ^ 2 == 64', 2],
    ['rate > 0.05 and factor == 10', 2],
  ])('reads %s, with defaults for params that are not varied', (condition, expected) => {
    const { sweep, expansion } = rightSweep(
      `grid: { factor: [10, 50, 100], width: [8, 16] }\nexclude: [${JSON.stringify(condition)}, 'factor == 7']`,
    )
    expect(sweep.exclude).toHaveLength(2)
    expect(expansion.excluded).toBe(expected)
  })

  it('draws again what it leaves out of random settings', () => {
    const { expansion } = rightSweep(
      'random: { trials: 20, params: { width: { from: 8, to: 15 } } }\nexclude: ["width > 9"]',
    )
    expect(expansion.settings).toHaveLength(20)
    expect(expansion.excluded).toBeGreaterThan(20)
  })
})

describe('a search', () => {
  const text =
    'grid: { factor: [10, 50] }\nsearch: { trials: 30, metric: few, params: [rate, width] }\nseeds: [1, 2]'

  it('knows its random beginning before it runs, and how much it will choose', () => {
    const { sweep, expansion } = rightSweep(text)
    expect(expansion.settings).toHaveLength(20)
    expect(expansion.open).toBe(40)
    expect(sweep.draw).toMatchObject({ kind: 'search', direction: 'maximize', startup: 10 })
    expect(sweep.draw).toMatchObject({ metric: { evaluation: 0, metric: 'few' } })
  })

  it('chooses the rest from the results of its own combination', () => {
    const { sweep, expansion } = rightSweep(text)
    const past = expansion.settings
      .filter(({ combination }) => combination === 1)
      .map(({ trial, params }) => ({ trial: trial ?? 0, params, value: -Number(params.width) }))
    expect(past).toHaveLength(10)
    const next = searchSetting(sweep, 1, 10, past)
    expect(next).toMatchObject({ number: 40, combination: 1, trial: 10, params: { factor: 50 } })
    expect(searchSetting(sweep, 1, 3, past)).toEqual(expansion.settings.find(({ number }) => number === 33))
    expect(searchSetting(sweep, 1, 30, past)).toBeUndefined()
    expect(searchSetting(sweep, 2, 10, past)).toBeUndefined()
  })

  it('never chooses what is excluded', () => {
    const { sweep, expansion } = rightSweep(`${text}\nexclude: ["width < 20"]`)
    const past = expansion.settings
      .filter(({ combination }) => combination === 0)
      .map(({ trial, params }) => ({ trial: trial ?? 0, params, value: -Number(params.width) }))
    for (let trial = 10; trial < 30; trial++) {
      expect(Number(searchSetting(sweep, 0, trial, past)?.params.width)).toBeGreaterThanOrEqual(20)
    }
  })

  it('is checked at the ends of each of its params', () => {
    const { sweep } = rightSweep(text)
    const widths = searchEdges(sweep).map(({ params }) => params.width)
    expect(widths).toContain(4)
    expect(widths).toContain(256)
  })

  it('minimizes a loss unless told otherwise', () => {
    const of = (metric: string) => rightSweep(`search: { trials: 3, ${metric} }`).sweep.draw
    expect(of('metric: loss')).toMatchObject({ direction: 'minimize' })
    expect(of('metric: test.top1')).toMatchObject({ direction: 'maximize' })
    expect(of('metric: loss, direction: maximize')).toMatchObject({ direction: 'maximize' })
  })
})

describe('the rest of the file', () => {
  it('has limits in base units, and defaults', () => {
    const { limits } = rightSweep('seeds: [1]\nlimits: { parallel: 2, memory: 1.5 GiB, time: 90 min }').sweep
    expect(limits).toEqual({
      parallel: 2,
      memory: 1.5 * 2 ** 30,
      time: 5400,
      retries: 1,
      onFailure: 'continue',
    })
  })

  it('has a pruner that takes the metric of the search, or its own', () => {
    const search = 'search: { trials: 3, metric: loss }\n'
    expect(rightSweep(`${search}prune: median`).sweep.prune).toMatchObject({
      kind: 'median',
      metric: { metric: 'loss' },
      direction: 'minimize',
      trials: 5,
    })
    expect(
      rightSweep(`${search}prune: { asha: { metric: top1, reduction: 4, first: 2 } }`).sweep.prune,
    ).toEqual({
      kind: 'asha',
      metric: { evaluation: 0, metric: 'top1' },
      direction: 'maximize',
      reduction: 4,
      first: 2,
    })
  })

  it('lets the command line replace what is set, and not what is tried', () => {
    const { sweep } = rightSweep('set: { width: 8 }\ngrid: { factor: [10] }', { width: '32' })
    expect(sweep.set).toEqual({ width: '32' })
    expect(sweep.fixed.get('width')).toBe(32)
    const wrong = readText('experiment: exp.sau\ngrid: { factor: [10] }', { factor: '50' })
    expect(wrong.diagnostics.map(({ code }) => code)).toEqual(['SAU8025'])
  })

  it('refuses a seed that is set beside seeds, and takes one without', () => {
    const codes = (text: string) =>
      readText(`experiment: exp.sau\n${text}`).diagnostics.map(({ code }) => code)
    expect(codes('seeds: [1, 2]\nset: { seed: 3 }')).toEqual(['SAU8026'])
    expect(codes('grid: { factor: [10] }\nset: { seed: 3 }')).toEqual([])
    expect(codes('search: { trials: 3, metric: top1, params: [rate, seed] }')).toContain('SAU8026')
  })

  it('may use anchors and aliases, and comments', () => {
    expect(
      names('grid:\n  factor: &few [10, 50] # two\n  width: [8]\nlist:\n  - { rate: 0.1 }'),
    ).toHaveLength(2)
    expect(names('list:\n  - &one { rate: 0.1 }\n  - { rate: 0.2 }')).toHaveLength(2)
  })
})
