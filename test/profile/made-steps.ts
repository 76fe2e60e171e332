// Two measured steps of a made graph: y = w * x, loss = log(y), dw, and w := w - dw, with a running statistic.
import type { Graph, Node } from '../../compiler/graph/graph.js'
import type { Place, Plan } from '../../compiler/plan/plan.js'
import type { KernelSpan } from '../../runtime/engines/engine.js'
import type { MeasuredSteps } from '../../runtime/profile/profile.js'
import type { SourceText } from '../../runtime/profile/sources.js'
import { tinyPlan } from '../training/tiny-experiment.js'

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
const node = (op: string, inputs: readonly number[], at?: Place): Node => ({
  op,
  inputs: inputs.map((input) => ({ node: input, output: 0 })),
  attributes: {},
  outputs: [scalar],
  ...(at === undefined ? {} : { at }),
})

const network = place('net(a.plain)')
const loss = place('log(y)')
const train = place('train {')

export const graph: Graph = {
  nodes: [
    node('input', []),
    node('state', [], network),
    node('multiply', [0, 1], network),
    node('log', [2], loss),
    node('divide', [3, 2], loss),
    node('multiply', [4, 0], network),
    node('subtract', [1, 5], train),
    node('add', [2, 2], network),
  ],
  inputs: [{ name: 'x', type: scalar }],
  outputs: [{ name: 'loss', value: { node: 3, output: 0 } }],
  updates: [
    { variable: 'w', value: { node: 6, output: 0 } },
    { variable: 'running', value: { node: 7, output: 0 } },
  ],
}

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
