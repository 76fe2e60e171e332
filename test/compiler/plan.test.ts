import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  compileExperiment,
  longtailCounts,
  type Plan,
  planSchema,
  validatePlan,
} from '../../compiler/index.js'
import { goldenCases } from '../apps/parity/golden-cases.js'
import { memoryHost } from './memory-host.js'
import { sampleData } from './sample-data.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const sau = readFileSync(`${root}/experiments/sau.sau`, 'utf8')

function compile(text: string, set: Record<string, string> = {}, seed?: number) {
  const host = memoryHost({ files: { '/lab/file.sau': text }, data: sampleData })
  const result = compileExperiment(host, { file: '/lab/file.sau', cwd: '/lab', set, seed })
  if (!result.plan || !result.hash) throw new Error(JSON.stringify(result.diagnostics, null, 2))
  return { ...result, plan: result.plan, hash: result.hash }
}

describe('the schema of the Plan', () => {
  it('accepts every Plan of the shipped experiments', async () => {
    for (const name of ['experiments/sau', 'experiments/baseline', 'examples/quickstart']) {
      const { plan } = compile(readFileSync(`${root}/${name}.sau`, 'utf8'))
      expect(await validatePlan(JSON.parse(JSON.stringify(plan)))).toEqual({
        plan: JSON.parse(JSON.stringify(plan)),
      })
    }
  })

  it('refuses what is not a Plan and says where', async () => {
    const { plan } = compile(sau)
    const broken = { ...plan, train: { ...plan.train, epochs: 0 }, extra: 1 }
    const result = await validatePlan(broken)
    expect('faults' in result && result.faults.join('\n')).toContain('/train/epochs must be >= 1')
    expect('faults' in result && result.faults.join('\n')).toContain('must NOT have additional properties')
  })

  it('is the published file', () => {
    const published = JSON.parse(readFileSync(`${root}/docs/plan.schema.json`, 'utf8'))
    expect(published).toEqual(JSON.parse(JSON.stringify(planSchema)))
  })
})

describe('normalize', () => {
  const normalized = (operation: string) => {
    const quickstart = readFileSync(`${root}/examples/quickstart.sau`, 'utf8')
    const text = quickstart.replace(/^view plain .*$/m, `view plain = flip |> ${operation}`)
    expect(text).not.toBe(quickstart)
    const { plan } = compile(text)
    return plan.views.find(({ name }) => name === 'plain')?.normalize
  }

  it('takes one number for each channel, or one for all of them', () => {
    expect(normalized('normalize(mean: [0.49, 0.48, 0.45], std: [0.25, 0.24, 0.26])')).toEqual({
      mean: [0.49, 0.48, 0.45],
      deviation: [0.25, 0.24, 0.26],
    })
    expect(normalized('normalize(mean: 0.13, std: 0.31)')).toEqual({
      mean: [0.13, 0.13, 0.13],
      deviation: [0.31, 0.31, 0.31],
    })
    expect(normalized('normalize(mean: [0, 0.5, 1], std: 1)')).toEqual({
      mean: [0, 0.5, 1],
      deviation: [1, 1, 1],
    })
  })

  it('stands for the same numbers however they are said', () => {
    expect(normalized('normalize(mean: 0.5, std: 0.5)')).toEqual(normalized('normalize'))
    expect(normalized('normalize(mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225])')).toEqual(
      normalized('normalize(imagenet)'),
    )
  })

  it.each([
    ['normalize(mean: 0.5)', 'SAU4041'],
    ['normalize(std: [0.2, 0.2, 0.2])', 'SAU4041'],
    ['normalize(cifar10, mean: 0.5, std: 0.5)', 'SAU4041'],
    ['normalize(mean: [0.5, 0.5], std: [0.2, 0.2, 0.2])', 'SAU4041'],
    ['normalize(mean: [0.5, 0.5], std: [0.2, 0.2])', 'SAU3105'],
    ['normalize(mean: 122.7, std: 0.5)', 'SAU3005'],
    ['normalize(mean: 0.5, std: 0)', 'SAU3005'],
  ])('%s is an error', (operation, code) => {
    expect(() => normalized(operation)).toThrow(code)
  })
})

describe('the hash of a Plan', () => {
  const { hash } = compile(sau)

  it('does not see comments, blank lines, the title or where data lies', () => {
    const rewritten = `${sau.replaceAll(/\/\/.*$/gm, '').replace('SAU: dual-branch', 'Another title: dual-branch')}\n\n`
    expect(compile(rewritten).hash).toBe(hash)
    const host = memoryHost({
      files: { '/lab/file.sau': sau },
      data: Object.fromEntries(
        Object.entries(sampleData).map(([path, facts]) => [path.replace('/lab/data', '/else'), facts]),
      ),
    })
    const same = {
      ...host,
      digest: (request: { path: string }) =>
        `digest of ${request.path.replace('/else', '/lab/data')}${'split' in request ? ` ${request.split}` : ''}`,
    }
    const elsewhere = compileExperiment(same, { file: '/lab/file.sau', cwd: '/lab', set: { data: '/else' } })
    expect(elsewhere.diagnostics).toEqual([])
    expect(elsewhere.plan?.sources[0]).toMatchObject({ path: '/else/cifar-10-batches-bin' })
    expect(elsewhere.hash).toBe(hash)
  })

  it('sees every number that changes a result', () => {
    const others = [
      compile(sau, { factor: '50' }),
      compile(sau, { rate: '0.02' }),
      compile(sau, { epochs: '100' }),
      compile(sau, {}, 1),
      compile(sau, { precision: 'bfloat16' }),
      compile(sau.replace('crop(padding: 4) |> flip |> normalize', 'crop(padding: 4) |> normalize')),
      compile(sau.replace('  schedule  = cosine', '  schedule  = multistep(at: [0.5])')),
      compile(sau.replace('  schedule  = cosine', '  schedule  = multistep(at: [0.6])')),
    ].map((other) => other.hash)
    expect(new Set([hash, ...others]).size).toBe(others.length + 1)
  })
})

describe('what is lowered', () => {
  it('makes one forward pass per call in textual order, and one draw per stream and view', () => {
    const { plan } = compile(sau)
    const passes = plan.step.filter((node) => node.op === 'forward')
    const looked = passes.map((pass) => plan.step[pass.batch]?.op)
    expect(looked).toEqual(['mixup', 'cutmix', 'batch', 'batch'])
    const draws = plan.step.flatMap((node) =>
      node.op === 'batch' ? [`${plan.streams[node.stream]?.name}.${plan.views[node.view]?.name}`] : [],
    )
    expect(draws).toEqual(['a.plain', 'b.plain', 'a.strong', 'a.sim'])
    const lines = passes.map((pass) => pass.at?.line ?? 0)
    expect(lines).toEqual([...lines].sort((a, b) => a - b))
  })

  it('refers only to earlier nodes', () => {
    const { plan } = compile(sau)
    for (const [position, node] of plan.step.entries()) {
      const inputs = Object.entries(node).flatMap(([key, value]) =>
        ['batch', 'first', 'second', 'pass', 'labels', 'embeddings', 'origin', 'logits'].includes(key) &&
        node.op !== 'stream_field'
          ? [value].flat()
          : [],
      )
      for (const input of inputs) expect(input).toBeLessThan(position)
    }
  })

  it('keeps derived seeds of other declarations when one is added, and derives all from the run seed', () => {
    const seedsOf = ({ streams, networks, memories }: Plan) =>
      [...streams, ...networks, ...memories].map(({ name, seed }) => `${name} ${seed}`)
    const before = compile(sau).plan
    const longer = compile(sau.replace('stream a =', 'stream other = shuffle(real)\nstream a =')).plan
    expect(seedsOf(longer)).toEqual(seedsOf(before))
    const reseeded = compile(sau, {}, 2).plan
    expect(new Set([...seedsOf(before), ...seedsOf(reseeded)]).size).toBe(2 * seedsOf(before).length)
    expect(reseeded.datasets[1]?.make).toMatchObject({ op: 'longtail', seed: 35180 })
  })

  it('gives every draw a seed of its own', () => {
    const { plan } = compile(sau.replace('seed: 35180)', 'seed: 3)').replace('train real', 'train real'))
    const seeds = [...plan.streams, ...plan.networks, ...plan.memories].map(({ seed }) => seed)
    const steps = plan.step.flatMap((node) => ('seed' in node ? [node.seed] : []))
    const all = [...seeds, ...steps]
    expect(new Set(all).size).toBe(all.length)
  })

  it('counts the classes of shots by real images before filling', () => {
    const { plan } = compile(sau)
    const shots = plan.evaluations[0]?.metrics.find((metric) => metric.op === 'shots')
    expect(shots).toMatchObject({
      groups: [
        { name: 'many', rule: '> 100', classes: [0, 1, 2, 3] },
        { name: 'medium', rule: '21..100', classes: [4, 5, 6] },
        { name: 'few', rule: '<= 20', classes: [7, 8, 9] },
      ],
    })
  })

  it('holds no absolute path, and gives locations beside the Plan', () => {
    const { plan, locations } = compile(sau)
    expect(JSON.stringify(plan.sources.map((source) => ({ ...source, content: '' })))).not.toContain('/lab')
    expect(locations).toEqual({
      0: ['/lab/data/cifar-10-batches-bin'],
      1: ['/lab/data/cifar-10-synthetic'],
      2: ['/lab/data/cifar-10-batches-bin'],
    })
  })

  it('takes paths of settings from the working folder', () => {
    const host = memoryHost({
      files: { '/deep/inside/file.sau': sau },
      data: Object.fromEntries(
        Object.entries(sampleData).map(([path, facts]) => [path.replace('/lab', '/here'), facts]),
      ),
    })
    const result = compileExperiment(host, {
      file: '/deep/inside/file.sau',
      cwd: '/here',
      set: { data: 'data' },
    })
    expect(result.diagnostics).toEqual([])
    expect(result.locations?.[1]).toEqual(['/here/data/cifar-10-synthetic'])
  })
})

describe('class counts', () => {
  it('are the published ones', () => {
    const published: Record<string, number[]> = JSON.parse(
      readFileSync(join(goldenCases, 'class-counts.json'), 'utf8'),
    )
    expect(Object.keys(published).length).toBeGreaterThan(0)
    for (const [name, counts] of Object.entries(published)) {
      const factor = Number(name.split('-if')[1])
      expect(longtailCounts('exp', counts[0] ?? 0, factor, counts.length), name).toEqual(counts)
    }
  })

  it('fall in one step to largest / factor in the step profile', () => {
    expect(longtailCounts('step', 100, 8, 4)).toEqual([100, 100, 12, 12])
  })
})
