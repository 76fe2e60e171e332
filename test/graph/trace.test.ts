import { describe, expect, it } from 'vitest'
import { graphDocument, programDocument } from '../../compiler/graph/emit/json.js'
import type { Layout, Program } from '../../compiler/graph/graph.js'
import { traceProgram } from '../../compiler/graph/trace/program.js'
import type { Plan } from '../../compiler/plan/plan.js'
import { createReferenceEngine } from '../../runtime/engines/reference/index.js'
import type { Tensors } from '../../runtime/platform/tensor.js'
import { required } from './numeric.js'
import type { SmallPlan } from './small-plan.js'
import {
  crossEntropyStep,
  embedding,
  inputsFor,
  logits,
  methodLosses,
  methodObjective,
  methodStep,
  smallPlan,
  stateFor,
} from './small-plan.js'

const method: SmallPlan = { step: methodStep, losses: methodLosses, objective: methodObjective }

async function runStep(
  program: Program,
  entry = 'train',
  inputs = inputsFor(program, entry),
): Promise<{ readonly outputs: Tensors; readonly state: Tensors }> {
  const executable = await createReferenceEngine().load(program)
  await executable.write(stateFor(program))
  const outputs = await executable.run(entry, inputs)
  return { outputs, state: await executable.read() }
}

function expectSame(actual: Tensors, expected: Tensors, digits: number): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort())
  for (const [name, tensor] of Object.entries(expected)) {
    const values = required(actual, name).data
    tensor.data.forEach((value, position) => {
      expect(values[position], `${name}[${position}]`).toBeCloseTo(value, digits)
    })
  }
}

const trace = (plan: Plan, layout: Layout = 'NCHW', optimize = true): Program =>
  traceProgram(plan, { layout, optimize })

/** A change of `count` in every state value of the network that is not a statistic shows an update. */
function changed(before: Tensors, after: Tensors): readonly string[] {
  return Object.keys(before).filter((name) => {
    const old = required(before, name).data
    return required(after, name).data.some((value, position) => value !== old[position])
  })
}

describe('a traced program', () => {
  it('has the entries, inputs and outputs that the runner expects', () => {
    const program = trace(smallPlan(method))
    expect(Object.keys(program.entries)).toEqual([
      'train',
      'train_last',
      'evaluate:0',
      'memory:0:0',
      'memory:0:1',
    ])
    const describeEntry = (name: string) => {
      const document = graphDocument(
        program.entries[name] ?? { nodes: [], inputs: [], outputs: [], updates: [] },
      )
      return { inputs: document.inputs, outputs: Object.keys(document.outputs) }
    }
    expect(describeEntry('train')).toEqual({
      inputs: {
        'batch:a.plain': 'uint8[5,6,8,3]',
        'labels:a': 'int32[5]',
        'batch:b.plain': 'uint8[5,6,8,3]',
        'labels:b': 'int32[5]',
        'lambda:2': 'float32[]',
        'lambda:3': 'float32[]',
        'center:3': 'float32[2]',
        'batch:a.sim': 'uint8[5,6,8,3]',
        'origin:a': 'int32[5]',
        learning_rate: 'float32[]',
      },
      outputs: [
        'noise:19',
        'margin:19',
        'loss:unaware.mixup',
        'loss:unaware.cutmix',
        'loss:aware.contrast',
        'loss',
      ],
    })
    expect(describeEntry('train_last').inputs['batch:a.sim']).toBe('uint8[2,6,8,3]')
    // Twelve images are fewer than the largest batch of an evaluation.
    expect(describeEntry('evaluate:0')).toEqual({
      inputs: { images: 'uint8[12,6,8,3]' },
      outputs: ['output'],
    })
  })

  it('names variables as PyTorch does', () => {
    const convolutional = smallPlan({ shortcut: 'conv', train: { lastBatch: 5 } })
    const names = trace(convolutional).variables.map((variable) => variable.name)
    const normalization = (name: string) =>
      ['weight', 'bias', 'running_mean', 'running_var'].map((field) => `${name}.${field}`)
    expect(names.filter((name) => !name.endsWith('.momentum'))).toEqual([
      'net.conv1.weight',
      ...normalization('net.bn1'),
      'net.layer1.0.conv1.weight',
      ...normalization('net.layer1.0.bn1'),
      'net.layer1.0.conv2.weight',
      ...normalization('net.layer1.0.bn2'),
      'net.layer2.0.conv1.weight',
      ...normalization('net.layer2.0.bn1'),
      'net.layer2.0.conv2.weight',
      ...normalization('net.layer2.0.bn2'),
      'net.layer2.0.downsample.0.weight',
      ...normalization('net.layer2.0.downsample.1'),
      'net.logits.weight',
      'net.logits.bias',
      'net.embedding.0.weight',
      'net.embedding.0.bias',
      ...normalization('net.embedding.1'),
      'net.embedding.3.weight',
      'net.embedding.3.bias',
      'memory.prototypes',
    ])
  })

  it('draws initial weights as the method does', () => {
    const initial = Object.fromEntries(
      trace(smallPlan()).variables.map(({ name, initial: start }) => [name, start]),
    )
    expect(initial['net.conv1.weight']).toEqual({ kind: 'normal', deviation: Math.sqrt(2 / 27), seed: 5 })
    expect(initial['net.logits.bias']).toEqual({ kind: 'uniform', bound: 1 / Math.sqrt(8), seed: 5 })
    expect(initial['net.bn1.running_var']).toEqual({ kind: 'constant', value: 1 })
  })

  it('is the same document whenever it is made', () => {
    const document = (): string => JSON.stringify(programDocument(trace(smallPlan(method))))
    expect(document()).toBe(document())
  })

  it.each(['train', 'train_last', 'evaluate:0', 'memory:0:1'])(
    'gives the same numbers in both layouts: %s',
    async (entry) => {
      for (const shortcut of ['pad', 'conv'] as const) {
        const plan = smallPlan({ ...method, shortcut })
        const first = await runStep(trace(plan, 'NCHW'), entry)
        const second = await runStep(trace(plan, 'NHWC'), entry)
        expectSame(second.outputs, first.outputs, 9)
        expectSame(second.state, first.state, 9)
      }
    },
  )

  it('gives the same numbers with and without the passes, from fewer nodes', async () => {
    const plan = smallPlan(method)
    const [plain, optimized] = [trace(plan, 'NCHW', false), trace(plan)]
    const inputs = inputsFor(optimized, 'train')
    // What nothing reads is fed to the plain graph alone.
    const first = await runStep(plain, 'train', { ...inputsFor(plain, 'train'), ...inputs })
    const second = await runStep(optimized, 'train', inputs)
    expectSame(second.outputs, first.outputs, 9)
    expectSame(second.state, first.state, 9)
    const count = (program: Program): number => program.entries.train?.nodes.length ?? 0
    expect(count(optimized)).toBeLessThan(count(plain))
  })

  it('lowers a small step to this graph', async () => {
    const plan = smallPlan({ blocks: [1], heads: [logits], train: { lastBatch: 5 } })
    const withoutMemory: Plan = { ...plan, memories: [] }
    const text = JSON.stringify(programDocument(trace(withoutMemory)), null, 2)
    await expect(text).toMatchFileSnapshot('__snapshots__/small-step.graph.json')
  })
})

describe('heads that no loss reads', () => {
  const program = trace(smallPlan())
  const operations = (name: string) => {
    const document = graphDocument(
      program.entries.train ?? { nodes: [], inputs: [], outputs: [], updates: [] },
    )
    return Object.values(document.nodes).filter((line) => line.includes(name))
  }

  it('have no backward part and no last layer', () => {
    expect(operations('batch_normalization_gradient')).toHaveLength(5)
    expect(operations('net.embedding.3')).toEqual([])
  })

  it('still update their running statistics, and leave their weights alone', async () => {
    const { state } = await runStep(program)
    const moved = changed(stateFor(program), state)
    expect(moved).toContain('net.embedding.1.running_mean')
    expect(moved).toContain('net.embedding.1.running_var')
    expect(moved).toContain('net.logits.weight')
    expect(moved.filter((name) => name.startsWith('net.embedding') && !name.includes('running'))).toEqual([])
  })
})

describe('running statistics', () => {
  const secondPass = [...crossEntropyStep, { op: 'forward', network: 0, batch: 0 } as const]

  it('move by every pass of the text, also where two passes see the same batch', async () => {
    const once = trace(smallPlan())
    const twice = trace(smallPlan({ step: secondPass }))
    const [first, second] = [await runStep(once), await runStep(twice)]
    const name = 'net.bn1.running_mean'
    const start = required(stateFor(once), name).data
    const afterOne = required(first.state, name).data
    const afterTwo = required(second.state, name).data
    start.forEach((before, channel) => {
      const batch = ((afterOne[channel] ?? 0) - 0.9 * before) / 0.1
      expect(afterTwo[channel]).toBeCloseTo(0.9 * (afterOne[channel] ?? 0) + 0.1 * batch, 9)
    })
  })

  it('take the two passes as one computation', () => {
    const convolutions = (program: Program) =>
      program.entries.train?.nodes.filter((node) => node.op === 'conv2d').length
    expect(convolutions(trace(smallPlan({ step: secondPass })))).toBe(convolutions(trace(smallPlan())))
  })

  it('hold the unbiased variance', async () => {
    const plan = smallPlan()
    const program = trace(plan)
    const graph = program.entries.train
    const head = graph?.nodes.findIndex(
      (node) => node.op === 'batch_normalization' && node.outputs[0]?.shape.length === 2,
    )
    if (graph === undefined || head === undefined) throw new Error('no vector is normalized')
    const withVariance = { ...graph, outputs: [{ name: 'variance', value: { node: head, output: 2 } }] }
    const { outputs, state } = await runStep({ ...program, entries: { train: withVariance } })
    const before = required(stateFor(program), 'net.embedding.1.running_var').data
    const after = required(state, 'net.embedding.1.running_var').data
    required(outputs, 'variance').data.forEach((biased, channel) => {
      expect(after[channel]).toBeCloseTo(0.9 * (before[channel] ?? 0) + (0.1 * biased * 5) / 4, 9)
    })
  })
})

describe('the objective', () => {
  const loss = { op: 'loss', loss: 0 } as const
  const epoch = { op: 'time', name: 'epoch' } as const
  const number = (value: number) => ({ op: 'number', value }) as const

  it('weighs losses by expressions of time', async () => {
    const objective: Plan['objective'] = {
      op: 'if',
      condition: {
        op: 'and',
        left: { op: 'less', left: epoch, right: number(4) },
        right: { op: 'not', value: number(0) },
      },
      // biome-ignore lint/suspicious/noThenProperty: the Plan calls it so
      then: { op: 'multiply', left: loss, right: { op: 'power', left: epoch, right: number(2) } },
      else: { op: 'divide', left: { op: 'negate', value: loss }, right: { op: 'time', name: 'epochs' } },
    }
    const program = trace(smallPlan({ objective }))
    for (const [at, factor] of [
      [3, 9],
      [4, -0.1],
    ] as const) {
      const inputs = {
        ...inputsFor(program, 'train'),
        epoch: { dtype: 'float32', shape: [], data: Float64Array.of(at) } as const,
      }
      const { outputs } = await runStep(program, 'train', inputs)
      const value = required(outputs, 'loss:only.ce').data[0] ?? Number.NaN
      expect(required(outputs, 'loss').data[0]).toBeCloseTo(factor * value, 9)
    }
  })

  it('does not ask for times that it does not read', () => {
    expect(trace(smallPlan()).entries.train?.inputs.map((input) => input.name)).toEqual([
      'batch:a.plain',
      'labels:a',
      'learning_rate',
    ])
  })

  it('may stand as a scalar of the step', async () => {
    const step: Plan['step'] = [
      ...crossEntropyStep,
      { op: 'scalar', value: { op: 'subtract', left: { op: 'node', node: 4 }, right: number(1) } },
    ]
    const program = trace(
      smallPlan({
        step,
        losses: [
          { branch: 'only', name: 'ce', value: 4 },
          { branch: 'only', name: 'less', value: 5 },
        ],
        objective: { op: 'loss', loss: 1 },
      }),
    )
    const { outputs } = await runStep(program)
    expect(required(outputs, 'loss').data[0]).toBeCloseTo(
      (required(outputs, 'loss:only.ce').data[0] ?? 0) - 1,
      12,
    )
  })
})

describe('a cosine head', () => {
  it('gives scale times the cosine with each row of its weights', async () => {
    const heads = [{ ...logits, layers: [{ op: 'cosine', size: 3, scale: 8 } as const] }, embedding]
    const program = trace(smallPlan({ heads }))
    const { outputs } = await runStep(program, 'evaluate:0')
    const values = required(outputs, 'output').data
    expect(values).toHaveLength(36)
    for (const value of values) expect(Math.abs(value)).toBeLessThanOrEqual(8)
    expect(program.variables.some((variable) => variable.name === 'net.logits.bias')).toBe(false)
  })
})
