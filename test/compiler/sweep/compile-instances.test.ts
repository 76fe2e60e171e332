import { describe, expect, it } from 'vitest'
import { compileExperiment, renderDiagnostics } from '../../../compiler/index.js'
import { compileInstances, instanceCompiler, instancesOf, readSweep } from '../../../compiler/sweep/index.js'
import { memoryHost, tenClasses } from '../memory-host.js'
import { rightSweep, sweepHost } from './sweeps.js'

/** Compiles all instances of a sweep of `bad/exp.sau`. */
function compiled(text: string) {
  const host = sweepHost(`experiment: exp.sau\n${text}`)
  const { sweep, expansion, sources } = readSweep(host, { file: '/lab/s.sweep.yaml', cwd: '/lab' })
  if (!sweep || !expansion) throw new Error('the sweep is wrong')
  const instances = instancesOf(sweep, expansion.settings)
  const result = compileInstances(host, sweep, '/lab', instances, (plan) => plan.train.epochs)
  const shown = renderDiagnostics(result.diagnostics, { sources: new Map([...sources, ...result.sources]) })
  return { ...result, shown }
}

describe('instances of a sweep', () => {
  it('have the Plans that compiling each by itself gives', () => {
    const text = 'grid: { factor: [10, 50], strategy: [pos_neg, drop] }\nset: { width: 8 }\nseeds: [1, 2]'
    const { sweep, expansion } = rightSweep(text)
    const host = sweepHost('')
    const compile = instanceCompiler(host, sweep, '/lab')
    const { instances } = compiled(text)
    expect(instances).toHaveLength(8)
    expect(new Set(instances.map(({ planHash }) => planHash)).size).toBe(8)
    for (const [position, instance] of instancesOf(sweep, expansion.settings).entries()) {
      const { factor, strategy } = instance.setting.params
      const set = { width: '8', factor: String(factor), strategy: String(strategy) }
      const alone = compileExperiment(host, { file: '/lab/exp.sau', cwd: '/lab', set, seed: instance.seed })
      expect(instances[position]?.planHash).toBe(alone.hash)
      expect(compile(instance).plan).toEqual(alone.plan)
    }
  })

  it('with the same Plan point to the first of them', () => {
    const { instances } = compiled('list: [{ rate: 0.1 }, { rate: 0.2 }, { rate: 0.1, width: 16 }]')
    expect(instances.map(({ equalTo }) => equalTo)).toEqual([0, 1, 0])
    expect(instances[0]?.planHash).toBe(instances[2]?.planHash)
  })

  it('show an error of some of them once, with the value that brings it and its place in the sweep file', () => {
    const { shown, exitCode, instances } = compiled(
      'grid: { alpha: [1, 0, -1], factor: [10, 50] }\nseeds: [1, 2]',
    )
    expect(exitCode).toBe(3)
    expect(instances).toEqual([])
    expect(shown.match(/^error/gm)).toHaveLength(1)
    expect(shown).toContain('(in 8 of 12 instances: those where `alpha` is 0 or -1)'.slice(1, -1))
    expect(shown).toMatch(/s\.sweep\.yaml:2:20/)
    expect(shown).toContain('`alpha` is -1')
  })

  it('show an error of all of them as one of all', () => {
    const host = memoryHost({
      files: {
        '/lab/exp.sau': `sau 1
experiment "data"
param factor : factor = 10
param data : path = "data"
dataset train = cifar10(data / "c10", split: train) |> longtail(profile: exp, factor: factor)
view plain = normalize
network net = cifar_resnet(depth: 8, width: 4) { head logits = linear(classes) }
stream s = shuffle(train)
branch b { loss entropy = cross_entropy(net(s.plain).logits, s.labels) }
minimize b.entropy
train { epochs = 1; batch = 16; optimizer = sgd(lr: 0.1) }
`,
        '/lab/sweeps/s.yaml': 'experiment: ../exp.sau\nset: { data: ../there }\ngrid: { factor: [10, 50] }\n',
      },
      data: { '/lab/there/c10': tenClasses(100) },
    })
    const at = (set: Record<string, string>) => {
      const { sweep, expansion } = readSweep(host, { file: '/lab/sweeps/s.yaml', cwd: '/lab', set })
      if (!sweep || !expansion) throw new Error('the sweep is wrong')
      return compileInstances(host, sweep, '/lab', instancesOf(sweep, expansion.settings), () => 0)
    }
    const missing = at({ data: 'nowhere' })
    expect(missing.exitCode).toBe(4)
    expect(missing.diagnostics.map(({ code }) => code)).toEqual(['SAU4001'])
    expect(missing.diagnostics[0]?.help).toContain('in all 2 instances')
    // Paths of the sweep file are relative to it; sources are asked for once, whatever the number of
    // instances.
    const before = { ...host.asked }
    expect(at({}).exitCode).toBe(0)
    expect(host.asked.digest - before.digest).toBe(1)
    expect(host.asked.probe - before.probe).toBeLessThanOrEqual(3)
  })
})
