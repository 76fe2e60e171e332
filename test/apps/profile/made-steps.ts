// Two measured steps of a made graph: y = w * x, loss = log(y), dw, and w := w - dw, with a running
// statistic.
import type { Tensor } from '../../../compiler/graph/builder.js'
import { Builder } from '../../../compiler/graph/builder.js'
import type { Graph } from '../../../compiler/graph/graph.js'
import { add, divide, log, multiply, subtract } from '../../../compiler/graph/operations/arithmetic.js'
import { input, state } from '../../../compiler/graph/operations/sources.js'
import type { Place, Plan } from '../../../compiler/plan/plan.js'
import type { MeasuredSteps } from '../../../runtime/apps/profile/profile.js'
import type { SourceText } from '../../../runtime/apps/profile/sources.js'
import type { KernelSpan } from '../../../runtime/engines/engine.js'
import { tinyPlan } from '../../run/session/tiny-experiment.js'

const text = 'sau 1\nlet y = net(a.plain)\n  loss l  =  log(y)\ntrain {\n}\n'
const library = 'sau 1\nview v = flip\n'
export const texts: readonly SourceText[] = [
  { path: '/lab/exp.sau', text },
  { path: '/lab/lib/base.sau', text: library },
]

const place = (part: string): Place => {
  const start = text.indexOf(part)
  return { file: 'exp.sau', start, end: start + part.length, line: text.slice(0, start).split('\n').length }
}

const scalar = { dtype: 'float32', shape: [] } as const
const network = place('net(a.plain)')
const loss = place('log(y)')
const train = place('train {')

function madeGraph(): Graph {
  const builder = new Builder()
  const from = (line: Place, make: () => Tensor): Tensor => {
    builder.at = line
    return make()
  }
  const x = input(builder, 'x', scalar)
  const w = from(network, () => state(builder, 'w', scalar))
  const y = from(network, () => multiply(w, x))
  const logarithm = from(loss, () => log(y))
  const slope = from(loss, () => divide(logarithm, y))
  const gradient = from(network, () => multiply(slope, x))
  const moved = from(train, () => subtract(w, gradient))
  const statistic = from(network, () => add(y, y))
  builder.output('loss', logarithm)
  builder.update('w', moved)
  builder.update('running', statistic)
  return builder.finish()
}

export const graph: Graph = madeGraph()

const span = (
  name: string,
  at: number | undefined,
  start: number,
  duration: number,
  thread = 0,
): KernelSpan => ({
  name,
  kernel: name.replace(/_\d+$/, ''),
  node: at,
  start,
  duration,
  thread,
})

/** A step of 10 ms, 9 of them in kernels; the two products run side by side from 6 to 8. */
const kernels = (from: number): readonly KernelSpan[] => [
  span('Mul_1', 2, from, 3000),
  span('Log_2', 3, from + 3000, 1000),
  span('Div_3', 4, from + 4000, 2000),
  span('Mul_4', 5, from + 6000, 2000),
  span('Add_5', 7, from + 6000, 2000, 1),
  span('Sub_6', 6, from + 8000, 500),
  span('Copy_7', undefined, from + 8500, 500),
]

const base = tinyPlan()
const plan: Plan = { ...base, title: 'Made', train: { ...base.train, at: train } }

export const measured: MeasuredSteps = {
  plan,
  program: {
    layout: 'NCHW',
    variables: [
      { name: 'w', type: scalar, role: 'weight', initial: { kind: 'constant', value: 1 } },
      { name: 'running', type: scalar, role: 'statistic', initial: { kind: 'constant', value: 0 } },
    ],
    entries: { train: graph },
  },
  entry: 'train',
  engine: 'onnx',
  description: 'a made engine',
  threads: 2,
  warmUp: 4,
  calls: [
    { milliseconds: 9, kernels: kernels(0) },
    { milliseconds: 11, kernels: kernels(50_000) },
  ],
}
