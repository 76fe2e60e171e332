import { describe, expect, it } from 'vitest'
import { Builder } from '../../compiler/graph/builder.js'
import { entryCost, programCost } from '../../compiler/graph/cost.js'
import { programDot } from '../../compiler/graph/emit/dot.js'
import { graphDocument } from '../../compiler/graph/emit/json.js'
import { add, multiply, relu } from '../../compiler/graph/operations/arithmetic.js'
import { reshape } from '../../compiler/graph/operations/arrangement.js'
import { conv2d } from '../../compiler/graph/operations/convolution.js'
import { reduceSum } from '../../compiler/graph/operations/reductions.js'
import { input, state } from '../../compiler/graph/operations/sources.js'
import { traceProgram } from '../../compiler/graph/trace/program.js'
import { smallPlan } from './small-plan.js'

/** relu(conv(x, w)) * 2, summed. */
function smallGraph() {
  const builder = new Builder()
  const x = input(builder, 'x', { dtype: 'float32', shape: [2, 3, 4, 4] })
  const kernel = state(builder, 'w', { dtype: 'float32', shape: [5, 3, 3, 3] })
  const y = relu(conv2d(x, kernel, { layout: 'NCHW', stride: 1, padding: [1, 1, 1, 1] }))
  builder.output('sum', reduceSum(reshape(multiply(y, 2), [160])))
  builder.update('w', add(kernel, 1))
  return builder.finish()
}

describe('costs', () => {
  it('count a multiply-add as two operations', () => {
    const conv = 2 * (2 * 4 * 4) * (5 * 3 * 3 * 3)
    // relu, multiply and the sum once for each of 160 results; the update once for each of 135 weights.
    expect(entryCost(smallGraph()).flops).toBe(conv + 3 * 160 + 135)
  })

  it('find the most memory that is alive at once', () => {
    // While the product by two is made: ReLU's result and its own, both of 160 floats; the image is gone by
    // then. The convolution holds the image of 96 and its result; ReLU its input and its result.
    expect(entryCost(smallGraph()).peakBytes).toBe(4 * 320)
  })

  it('count parameters, and state in bytes', () => {
    const program = traceProgram(smallPlan(), { layout: 'NCHW' })
    const cost = programCost(program)
    const convolutions = 4 * 3 * 9 + 2 * 4 * 4 * 9 + 8 * 4 * 9 + 8 * 8 * 9
    const normalizations = 2 * (3 * 4 + 2 * 8)
    const heads = 8 * 3 + 3 + (8 * 6 + 6) + 2 * 6 + (6 * 4 + 4)
    expect(cost.parameters).toBe(convolutions + normalizations + heads)
    expect(Object.keys(cost.entries)).toEqual(Object.keys(program.entries))
    expect(cost.entries.train?.flops ?? 0).toBeGreaterThan((cost.entries.train_last?.flops ?? 0) * 2)
  })
})

describe('emitted graphs', () => {
  it('can be read as JSON', () => {
    expect(graphDocument(smallGraph())).toEqual({
      inputs: { x: 'float32[2,3,4,4]' },
      nodes: {
        0: 'input() name=x -> float32[2,3,4,4]',
        1: 'state() name=w -> float32[5,3,3,3]',
        2: 'conv2d(0, 1) layout=NCHW stride=1 padding=[1,1,1,1] -> float32[2,5,4,4]',
        3: 'relu(2) -> float32[2,5,4,4]',
        4: 'constant() values=[2] -> float32[]',
        5: 'multiply(3, 4) -> float32[2,5,4,4]',
        6: 'reshape(5) shape=[160] -> float32[160]',
        7: 'reduce_sum(6) axes=[0] keepDimensions=false -> float32[]',
        8: 'constant() values=[1] -> float32[]',
        9: 'add(1, 8) -> float32[5,3,3,3]',
      },
      outputs: { sum: '7' },
      updates: { w: '9' },
    })
  })

  it('can be drawn as DOT, with scalar constants inside their readers', () => {
    const dot = programDot({ layout: 'NCHW', variables: [], entries: { 'evaluate:0': smallGraph() } })
    expect(dot.startsWith('digraph saurun {')).toBe(true)
    expect(dot).toContain('label="evaluate:0"')
    expect(dot).toContain('e0_5 [label="multiply [2]\\nfloat32[2,5,4,4]"]')
    expect(dot).toContain('e0_3 -> e0_5')
    expect(dot).not.toContain('e0_4')
    expect(dot).toContain('e0_u0 [label="w :="')
    expect(dot.split('{').length).toBe(dot.split('}').length)
  })
})
