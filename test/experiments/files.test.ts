// Every file under experiments/ compiles against data of the published sizes, told to the compiler instead of
// lying on the disk.
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compileExperiment, renderDiagnostics } from '../../compiler/index.js'
import { compileInstances, instancesOf, readSweep } from '../../compiler/sweep/index.js'
import { memoryHost } from '../compiler/memory-host.js'
import { publishedData } from './published-data.js'

const root = resolve(import.meta.dirname, '../../experiments')
const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) =>
  name.replaceAll('\\', '/'),
)
const texts = Object.fromEntries(
  names
    .filter((name) => /\.(sau|sweep\.yaml)$/.test(name))
    .map((name) => [`/project/experiments/${name}`, readFileSync(join(root, name), 'utf8')]),
)
const host = memoryHost({ files: texts, data: publishedData(['/data']) })

/** Libraries have no `experiment`. */
const experiments = Object.keys(texts).filter((path) => /^experiment "/m.test(texts[path] ?? ''))
const sweeps = Object.keys(texts).filter((path) => path.endsWith('.sweep.yaml'))

function compile(file: string, set: Record<string, string> = {}) {
  const result = compileExperiment(host, { file, cwd: '/', set: { data: '/data', ...set } })
  expect(renderDiagnostics(result.diagnostics, { sources: result.sources })).toBe('')
  if (result.plan === undefined) throw new Error('no errors, and no plan')
  return result.plan
}

/** Images of each class and origin behind the first stream. */
function trained(plan: ReturnType<typeof compile>) {
  const dataset = plan.datasets[plan.streams[0]?.dataset ?? -1]
  return { real: dataset?.real ?? [], synthetic: dataset?.synthetic ?? [] }
}

describe('experiments', () => {
  it.each(experiments)('%s compiles without a warning and says in its head what it reproduces', (file) => {
    const plan = compile(file)
    expect(plan.losses.length).toBeGreaterThan(0)
    expect(plan.evaluations).toHaveLength(1)
    expect(texts[file]).toMatch(/^sau 1\n\n(\/\/ .{40,}\n)+/)
  })

  it.each(sweeps)('%s compiles in all its instances', (file) => {
    const options = { file, cwd: '/', set: { data: '/data' } }
    const { sweep, expansion, diagnostics, sources } = readSweep(host, options)
    expect(renderDiagnostics(diagnostics, { sources })).toBe('')
    if (sweep === undefined || expansion === undefined) throw new Error('no errors, and no sweep')
    const instances = instancesOf(sweep, expansion.settings)
    const compiled = compileInstances(host, sweep, '/', instances, () => 0, [])
    expect(renderDiagnostics(compiled.diagnostics, { sources: compiled.sources })).toBe('')
    expect(compiled.instances).toHaveLength(instances.length)
    // No two instances of a shipped sweep are the same experiment.
    expect(new Set(compiled.instances.map(({ planHash }) => planHash)).size).toBe(instances.length)
  })

  it('fill every class of CIFAR-10-LT and CIFAR-100-LT up to the largest, at each factor of the paper', () => {
    for (const [name, classes, largest] of [
      ['cifar10-lt', 10, 5000],
      ['cifar100-lt', 100, 500],
    ] as const) {
      for (const factor of [200, 100, 50, 10]) {
        const plan = compile(`/project/experiments/${name}/sau.sau`, { factor: String(factor) })
        const { real, synthetic } = trained(plan)
        const wanted = Array.from({ length: classes }, (_, c) =>
          Math.floor(largest * (1 / factor) ** (c / (classes - 1)) + 1e-9),
        )
        expect(real).toEqual(wanted)
        expect(real.map((count, c) => count + (synthetic[c] ?? 0))).toEqual(wanted.map(() => largest))
        expect(plan.train.stepsPerEpoch).toBe(Math.ceil((classes * largest) / 128))
      }
    }
  })

  it('train the settings that the method is published with', () => {
    const { networks, train, losses, memories } = compile('/project/experiments/cifar10-lt/sau.sau')
    expect(networks[0]?.backbone).toMatchObject({
      op: 'cifar_resnet',
      blocks: [5, 5, 5],
      width: 64,
      shortcut: 'pad',
    })
    expect(train).toMatchObject({
      epochs: 200,
      batch: 128,
      optimizer: { op: 'sgd', rate: 0.01, momentum: 0.9, weightDecay: 5e-3 },
      schedule: { per: 'epoch', factors: [{ op: 'cosine' }] },
    })
    expect(losses.map(({ name }) => name)).toEqual(['mixup', 'cutmix', 'contrast'])
    expect(memories).toHaveLength(1)
  })

  it('train ImageNet-LT through ResNeXt-50 at 224 pixels, and draw one view twice', () => {
    const { networks, step, views, evaluations } = compile('/project/experiments/imagenet-lt/sau.sau')
    expect(networks[0]).toMatchObject({
      backbone: { op: 'resnet', pool: 'none' },
      classes: 1000,
      input: { height: 224, width: 224, channels: 3 },
    })
    const passes = step.filter(({ op }) => op === 'forward')
    expect(passes).toHaveLength(4)
    const operations = views.map((view) => view.operations.map(({ op }) => op))
    expect(operations[0]).toEqual(['resized_crop', 'flip', 'color_jitter', 'randaugment'])
    expect(operations[1]).toEqual(operations[2])
    expect(evaluations[0]?.view.operations.map(({ op }) => op)).toEqual(['resize', 'center_crop'])
  })

  it('leave out of a baseline or an ablation what it does without', () => {
    const part = (value: string) => compile('/project/experiments/cifar10-lt/ablations.sau', { part: value })
    expect(part('unaware alone').memories).toEqual([])
    expect(part('unaware alone').networks[0]?.heads.map(({ name }) => name)).toEqual(['logits'])
    expect(part('mixup only').losses.map(({ name }) => name)).toEqual(['mixup', 'contrast'])
    const ops = (plan: ReturnType<typeof compile>) => plan.step.map(({ op }) => op)
    expect(ops(part('without correction'))).not.toContain('correct')
    expect(ops(part('without correction'))).toContain('supcon')
    const contrast = part('without prototypes').step.find(({ op }) => op === 'supcon')
    expect(contrast).not.toHaveProperty('with')
    const none = compile('/project/experiments/cifar100-lt/ablations.sau', { amount: '0' })
    expect(trained(none).synthetic.every((count) => count === 0)).toBe(true)
    expect(ops(none)).not.toContain('correct')
  })
})
