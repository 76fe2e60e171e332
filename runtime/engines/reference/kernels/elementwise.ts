// Elementwise kernels. Operands are stretched to the result's shape first, so every loop is a plain one; a
// scalar is read with a step of zero instead.
import { roundHalfToEven } from '../../../../compiler/graph/operations/arithmetic.js'
import { elementCount } from '../../../../compiler/graph/operations/operation.js'
import { sameShape } from '../../../../compiler/graph/operations/shapes.js'
import { stretch } from './arrangement.js'
import type { Kernel, KernelCall, Kernels, Numbers } from './kernel.js'
import { at } from './kernel.js'

interface Operand {
  readonly data: Numbers
  readonly step: 0 | 1
}

function operand(call: KernelCall, position: number): Operand {
  const data = at(call.inputs, position)
  const shape = at(call.types, position).shape
  const result = at(call.node.outputs, 0).shape
  if (elementCount(shape) === 1) return { data, step: 0 }
  return { data: sameShape(shape, result) ? data : stretch(data, shape, result), step: 1 }
}

type BinaryLoop = (x: Numbers, xStep: number, y: Numbers, yStep: number, out: Numbers) => void

function binary(loop: BinaryLoop): Kernel {
  return (call) => {
    const x = operand(call, 0)
    const y = operand(call, 1)
    loop(x.data, x.step, y.data, y.step, at(call.outputs, 0))
  }
}

type UnaryLoop = (x: Numbers, out: Numbers) => void

function unary(loop: UnaryLoop): Kernel {
  return (call) => {
    loop(at(call.inputs, 0), at(call.outputs, 0))
  }
}

const copy = unary((x, out) => {
  out.set(x)
})

const clamp: Kernel<'clamp'> = (call) => {
  const { low, high } = call.node.attributes
  const x = at(call.inputs, 0)
  const out = at(call.outputs, 0)
  for (let i = 0; i < out.length; i++) out[i] = Math.min(Math.max(x[i] as number, low), high)
}

export const elementwiseKernels = {
  clamp,
  stop_gradient: copy,
  reshape: copy,

  add: binary((x, p, y, q, out) => {
    for (let i = 0; i < out.length; i++) out[i] = (x[i * p] as number) + (y[i * q] as number)
  }),

  subtract: binary((x, p, y, q, out) => {
    for (let i = 0; i < out.length; i++) out[i] = (x[i * p] as number) - (y[i * q] as number)
  }),

  multiply: binary((x, p, y, q, out) => {
    for (let i = 0; i < out.length; i++) out[i] = (x[i * p] as number) * (y[i * q] as number)
  }),

  divide: binary((x, p, y, q, out) => {
    for (let i = 0; i < out.length; i++) out[i] = (x[i * p] as number) / (y[i * q] as number)
  }),

  power: binary((x, p, y, q, out) => {
    for (let i = 0; i < out.length; i++) out[i] = (x[i * p] as number) ** (y[i * q] as number)
  }),

  maximum: binary((x, p, y, q, out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.max(x[i * p] as number, y[i * q] as number)
  }),

  minimum: binary((x, p, y, q, out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.min(x[i * p] as number, y[i * q] as number)
  }),

  relu_gradient: binary((gradient, p, y, q, out) => {
    for (let i = 0; i < out.length; i++) out[i] = (y[i * q] as number) > 0 ? (gradient[i * p] as number) : 0
  }),

  less: binary((x, p, y, q, out) => {
    for (let i = 0; i < out.length; i++) out[i] = (x[i * p] as number) < (y[i * q] as number) ? 1 : 0
  }),

  less_equal: binary((x, p, y, q, out) => {
    for (let i = 0; i < out.length; i++) out[i] = (x[i * p] as number) <= (y[i * q] as number) ? 1 : 0
  }),

  equal: binary((x, p, y, q, out) => {
    for (let i = 0; i < out.length; i++) out[i] = x[i * p] === y[i * q] ? 1 : 0
  }),

  and: binary((x, p, y, q, out) => {
    for (let i = 0; i < out.length; i++) out[i] = x[i * p] !== 0 && y[i * q] !== 0 ? 1 : 0
  }),

  or: binary((x, p, y, q, out) => {
    for (let i = 0; i < out.length; i++) out[i] = x[i * p] !== 0 || y[i * q] !== 0 ? 1 : 0
  }),

  not: unary((x, out) => {
    for (let i = 0; i < out.length; i++) out[i] = x[i] === 0 ? 1 : 0
  }),

  negate: unary((x, out) => {
    for (let i = 0; i < out.length; i++) out[i] = -(x[i] as number)
  }),

  exp: unary((x, out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.exp(x[i] as number)
  }),

  log: unary((x, out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.log(x[i] as number)
  }),

  sqrt: unary((x, out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(x[i] as number)
  }),

  round: unary((x, out) => {
    for (let i = 0; i < out.length; i++) out[i] = roundHalfToEven(x[i] as number)
  }),

  /** NaN stays NaN, as it must to be found. */
  relu: unary((x, out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.max(x[i] as number, 0)
  }),

  cast: (call) => {
    const x = at(call.inputs, 0)
    const out = at(call.outputs, 0)
    if (at(call.node.outputs, 0).dtype === 'bool') {
      for (let i = 0; i < out.length; i++) out[i] = x[i] === 0 ? 0 : 1
    } else {
      // Typed arrays of whole numbers truncate by themselves.
      out.set(x)
    }
  },

  select: (call) => {
    const condition = operand(call, 0)
    const yes = operand(call, 1)
    const no = operand(call, 2)
    const out = at(call.outputs, 0)
    const [c, p, y, q, n, r] = [condition.data, condition.step, yes.data, yes.step, no.data, no.step]
    for (let i = 0; i < out.length; i++) out[i] = c[i * p] !== 0 ? (y[i * q] as number) : (n[i * r] as number)
  },
} satisfies Partial<Kernels>
