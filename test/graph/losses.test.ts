// Cross-entropy with label smoothing, against what Keras 3.15's CategoricalCrossentropy(from_logits=True)
// gives in float64.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { crossEntropy, type GraphTensor, traceProgram } from '../../compiler/graph/index.js'
import type { Labels } from '../../compiler/graph/trace/labels.js'
import { compileExperiment } from '../../compiler/index.js'
import { memoryHost } from '../compiler/memory-host.js'
import { sampleData } from '../compiler/sample-data.js'
import { evaluate, float, gradientErrors, int } from './numeric.js'

const logits = float([3, 4], [1.5, -0.25, 0.75, 2, -1, 0.5, 3.25, -2.5, 0.125, 1.75, -0.5, 0.25])
const soft = float([3, 4], [0.7, 0, 0.3, 0, 0, 0.25, 0, 0.75, 0.5, 0.5, 0, 0])
const hardLabels = (classes: GraphTensor): Labels => ({ kind: 'hard', classes, classCount: 4 })
const softLabels = (weights: GraphTensor): Labels => ({ kind: 'soft', weights })

describe('label smoothing', () => {
  it.each([
    [0, 1.8559603557724629, 2.5767936891057963],
    [0.1, 1.8945020224391298, 2.54325202243913],
    [0.4, 2.01012702243913, 2.4426270224391295],
    [1, 2.2413770224391296, 2.2413770224391296],
  ])('of %s gives the numbers of Keras for hard and for soft labels', async (smoothing, ofHard, ofSoft) => {
    const [hard] = await evaluate(
      (z, y) => crossEntropy(z, hardLabels(y), smoothing),
      logits,
      int([3], [3, 1, 0]),
    )
    const [mixed] = await evaluate((z, w) => crossEntropy(z, softLabels(w), smoothing), logits, soft)
    expect(hard?.data[0]).toBeCloseTo(ofHard, 12)
    expect(mixed?.data[0]).toBeCloseTo(ofSoft, 12)
  })

  it('has the gradient of its differences', async () => {
    const errors = await gradientErrors(
      (z, y) => crossEntropy(z, hardLabels(y), 0.1),
      [logits, int([3], [3, 1, 0])],
    )
    for (const error of errors) expect(error).toBeLessThan(1e-8)
  })

  const text = readFileSync(new URL('../../experiments/baseline.sau', import.meta.url), 'utf8')

  function compiled(smoothing: string) {
    const changed = text.replace(/(cross_entropy\(.*)\)$/m, `$1${smoothing})`)
    const host = memoryHost({ files: { '/lab/file.sau': changed }, data: sampleData })
    const { plan, hash, diagnostics } = compileExperiment(host, { file: '/lab/file.sau', cwd: '/lab' })
    const graph = plan && JSON.stringify(traceProgram(plan, { layout: 'NCHW' }).entries.train?.nodes.length)
    return { plan, hash, graph, codes: diagnostics.map(({ code }) => code) }
  }

  it('is in the Plan where it is asked for, and changes neither Plan nor graph where it is 0', () => {
    const [without, zero, some] = ['', ', label_smoothing: 0', ', label_smoothing: 0.1'].map(compiled)
    expect([zero?.hash, zero?.graph, zero?.codes]).toEqual([without?.hash, without?.graph, []])
    expect(some?.hash).not.toBe(without?.hash)
    expect(some?.graph).not.toBe(without?.graph)
    expect(some?.plan?.step.find(({ op }) => op === 'cross_entropy')).toMatchObject({ labelSmoothing: 0.1 })
  })

  it('is a share', () => {
    expect(compiled(', label_smoothing: 1.5').codes).toEqual(['SAU3004'])
  })
})
