import { describe, expect, test } from 'vitest'
import type { Initializer, Program, Variable } from '../../../compiler/graph/graph.js'
import { initialValue, initialValues } from '../../../runtime/run/loop/initialize.js'

function variable(name: string, initial: Initializer, shape: readonly number[] = [20_000]): Variable {
  return { name, type: { dtype: 'float32', shape }, role: 'weight', initial }
}

function moments(values: Float32Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, deviation: Math.sqrt(variance) }
}

function floats(value: Variable): Float32Array {
  const { data } = initialValue(value)
  if (!(data instanceof Float32Array)) throw new Error('not float32')
  return data
}

describe('initial values', () => {
  test('normal ones have the asked deviation and no mean', () => {
    const { mean, deviation } = moments(floats(variable('w', { kind: 'normal', deviation: 0.3, seed: 1 })))
    expect(Math.abs(mean)).toBeLessThan(0.3 * 4 * (1 / Math.sqrt(20_000)))
    expect(Math.abs(deviation / 0.3 - 1)).toBeLessThan(0.02)
  })

  test('uniform ones fill -bound..bound and stay inside', () => {
    const values = floats(variable('b', { kind: 'uniform', bound: 0.25, seed: 1 }))
    expect(Math.max(...values)).toBeLessThanOrEqual(0.25)
    expect(Math.max(...values)).toBeGreaterThan(0.249)
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-0.25)
    expect(Math.min(...values)).toBeLessThan(-0.249)
    expect(Math.abs(moments(values).deviation / (0.25 / Math.sqrt(3)) - 1)).toBeLessThan(0.02)
  })

  test('constants are constant, in every type', () => {
    expect(floats(variable('g', { kind: 'constant', value: 1 }, [3]))).toEqual(new Float32Array([1, 1, 1]))
    const count: Variable = {
      ...variable('t', { kind: 'constant', value: 0 }),
      type: { dtype: 'int32', shape: [] },
    }
    expect(initialValue(count)).toEqual({ dtype: 'int32', shape: [], data: new Int32Array([0]) })
  })

  test('depend on seed and name, not on which other variables there are or in which order', () => {
    const a = variable('a', { kind: 'normal', deviation: 1, seed: 3 }, [4])
    const b = variable('b', { kind: 'normal', deviation: 1, seed: 3 }, [4])
    const program = (variables: Variable[]): Program => ({ layout: 'NCHW', variables, entries: {} })
    const both = initialValues(program([a, b]))
    expect(initialValues(program([b, a]))).toEqual(both)
    expect(initialValues(program([b])).b).toEqual(both.b)
    expect(both.a?.data).not.toEqual(both.b?.data)
    expect(floats(variable('a', { kind: 'normal', deviation: 1, seed: 4 }, [4]))).not.toEqual(both.a?.data)
  })
})
