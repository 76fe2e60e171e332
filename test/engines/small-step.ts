// A small training step of the method with made inputs, for comparing engines with each other.

import type { Graph, Layout, Program } from '../../compiler/graph/graph.js'
import { traceProgram } from '../../compiler/graph/index.js'
import type { Plan } from '../../compiler/plan/plan.js'
import type { GoldenCase } from '../../runtime/apps/parity/golden-case.js'
import { trainingPlan } from '../../runtime/apps/parity/training-experiment.js'
import type { Tensor, Tensors } from '../../runtime/platform/tensor.js'

export interface StepSizes {
  readonly width: number
  readonly blocks?: readonly number[]
  readonly batch: number
  readonly size: number
  readonly hidden?: number
  readonly classes?: number
}

/** The Plan of the step, as a golden case of these sizes would have it. */
export function smallPlan(sizes: StepSizes): Plan {
  const { width, blocks = [1, 1, 1], batch, size, hidden = 32, classes = 5 } = sizes
  const golden: GoldenCase = {
    file: 'small step',
    kind: 'training',
    metadata: {
      strategy: 'pos_neg',
      width: String(width),
      blocks: JSON.stringify(blocks),
      classes: String(classes),
      batch: String(batch),
      hidden: String(hidden),
      features: '16',
      lr: '0.01',
      momentum: '0.9',
      weight_decay: '0.005',
      epochs_cosine: '10',
      temperature: '0.1',
    },
    tensors: {
      inputs: { dtype: 'float32', shape: [1, 4, batch, size, size, 3], data: new Float32Array(0) },
    },
  }
  return trainingPlan(golden)
}

export function smallProgram(plan: Plan, layout: Layout = 'NCHW'): Program {
  return traceProgram(plan, { layout, images: 'uint8', gradients: true })
}

/** Uniform in 0..1, the same sequence for the same seed. */
function sequence(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/**
 * Inputs for every name that an entry asks for: by this seed none that a ReLU sees lies within rounding of
 * zero.
 */
export function madeInputs(graph: Graph, seed = 2): Tensors {
  const inputs: Record<string, Tensor> = {}
  graph.inputs.forEach(({ name, type }, position) => {
    const random = sequence(seed * 1000 + position)
    const length = type.shape.reduce((product, size) => product * size, 1)
    const { dtype, shape } = type
    if (dtype === 'float32') {
      const data = Float32Array.from({ length }, () => (name === 'learning_rate' ? 0.05 : random()))
      inputs[name] = { dtype, shape, data }
    } else if (dtype === 'int32') {
      const choices = name.startsWith('origin') ? 2 : 5
      inputs[name] = { dtype, shape, data: Int32Array.from({ length }, () => Math.floor(random() * choices)) }
    } else {
      inputs[name] = { dtype, shape, data: Uint8Array.from({ length }, () => Math.floor(random() * 256)) }
    }
  })
  return inputs
}

/** Values for every variable, near what a run starts with. */
export function madeState(program: Program): Tensors {
  const state: Record<string, Tensor> = {}
  program.variables.forEach(({ name, type, initial, role }, position) => {
    const random = sequence(77 + position)
    const length = type.shape.reduce((product, size) => product * size, 1)
    const value = (): number => {
      const centred = random() * 2 - 1
      if (initial.kind === 'normal') return centred * initial.deviation * 1.7
      if (initial.kind === 'uniform') return centred * initial.bound
      if (role === 'memory') return centred
      return initial.value + (role === 'weight' ? centred * 0.2 : 0)
    }
    const data = Float32Array.from({ length }, value)
    state[name] = { dtype: 'float32', shape: type.shape, data }
  })
  return state
}

/** |actual - expected| / |expected| in norm, or the difference itself where hardly anything is expected. */
export function relativeDifference(actual: Tensor | undefined, expected: Tensor | undefined): number {
  if (actual === undefined || expected === undefined || actual.data.length !== expected.data.length)
    return Number.NaN
  let difference = 0
  let norm = 0
  expected.data.forEach((value, index) => {
    difference += (value - (actual.data[index] ?? Number.NaN)) ** 2
    norm += value ** 2
  })
  return Math.sqrt(difference) / Math.max(Math.sqrt(norm), 1e-3)
}

/**
 * Biases right before a batch normalization: their gradient is zero, and what is computed is rounding alone.
 */
const rounding = /contrast_head\.[03]\.bias/

/** The largest of these over all names, with its name; what is rounding alone is left out. */
export function worst(actual: Tensors, expected: Tensors): readonly [name: string, difference: number] {
  let result: readonly [string, number] = ['none', 0]
  for (const [name, tensor] of Object.entries(expected)) {
    if (rounding.test(name)) continue
    const difference = relativeDifference(actual[name], tensor)
    if (!(difference <= result[1])) result = [name, difference]
  }
  return result
}
