import { describe, expect, test } from 'vitest'
import { traceProgram } from '../../../compiler/graph/index.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import { loadData } from '../../../runtime/data/load.js'
import { createBatchSource } from '../../../runtime/data/views/source.js'
import type { Engine, Executable } from '../../../runtime/engines/engine.js'
import { createReferenceEngine } from '../../../runtime/engines/reference/index.js'
import { selectEngine } from '../../../runtime/engines/select.js'
import { RunError } from '../../../runtime/platform/errors.js'
import type { Tensor, Tensors } from '../../../runtime/platform/tensor.js'
import { type Control, createControl } from '../../../runtime/run/loop/control.js'
import { beginning, train } from '../../../runtime/run/loop/epochs.js'
import { initialValues } from '../../../runtime/run/loop/initialize.js'
import type { Progress } from '../../../runtime/run/loop/progress.js'
import type { RunEvent, WholeTraining } from '../../../runtime/run/loop/training.js'
import { tinyPlan } from '../session/tiny-experiment.js'

interface Saved {
  readonly progress: Progress
  readonly state: Tensors
}

interface Harness {
  readonly training: WholeTraining
  readonly events: RunEvent[]
  readonly saved: Saved[]
  readonly control: Control
}

interface HarnessOptions {
  readonly engine?: Engine
  readonly from?: Saved
  /** Called with every event; may ask the control to stop. */
  readonly onEvent?: (event: RunEvent, control: Control) => void
  readonly wrap?: (executable: Executable) => Executable
  /** Milliseconds. */
  readonly checkpointInterval?: number
}

async function harness(
  plan: Plan,
  {
    engine = createReferenceEngine(),
    from,
    onEvent,
    wrap,
    checkpointInterval = Number.POSITIVE_INFINITY,
  }: HarnessOptions = {},
): Promise<Harness> {
  const program = traceProgram(plan, { layout: engine.layout, images: 'uint8' })
  const inner = await engine.load(program)
  await inner.write(from?.state ?? initialValues(program))
  const executable = wrap?.(inner) ?? inner
  const data = await loadData(plan, [])
  const events: RunEvent[] = []
  const saved: Saved[] = []
  const control = createControl(undefined, { record: (event) => events.push(event) })
  const training: WholeTraining = {
    plan,
    data,
    program,
    executable,
    batches: createBatchSource(plan, data, { workers: 0 }),
    control,
    emit(event) {
      events.push(event)
      onEvent?.(event, control)
    },
    rounded: (values) => (engine.name === 'reference' ? values : Float32Array.from(values)),
    async save(progress) {
      // As in a file: nothing that JSON does not hold survives.
      saved.push({ progress: JSON.parse(JSON.stringify(progress)), state: await executable.read() })
    },
    checkpointInterval,
    extend: (epochs) => ({ ...plan, train: { ...plan.train, epochs: plan.train.epochs + epochs } }),
  }
  return { training, events, saved, control }
}

async function run(plan: Plan, options: HarnessOptions = {}) {
  const made = await harness(plan, options)
  const start = options.from?.progress ?? beginning(plan, 'hash', 'reference')
  return { ...made, ...(await train(made.training, start)) }
}

function of<K extends RunEvent['event']>(
  events: readonly RunEvent[],
  kind: K,
): Extract<RunEvent, { event: K }>[] {
  return events.filter((event): event is Extract<RunEvent, { event: K }> => event.event === kind)
}

/** What one epoch says that does not depend on the clock. */
function facts(events: readonly RunEvent[]) {
  return {
    epochs: of(events, 'epoch_done').map(({ seconds: _, samplesPerSecond: __, ...rest }) => rest),
    evaluated: of(events, 'evaluated').map(({ seconds: _, ...rest }) => rest),
  }
}

/** The n-th step of the whole run asks for a stop. */
function stopAtStep(n: number): (executable: Executable, ask: () => void) => Executable {
  return (executable, ask) => {
    let steps = 0
    return {
      run: (entry, inputs) => {
        if (entry.startsWith('train') && ++steps === n) ask()
        return executable.run(entry, inputs)
      },
      read: (names) => executable.read(names),
      write: (values) => executable.write(values),
      dispose: () => executable.dispose(),
    }
  }
}

async function stopped(plan: Plan, step: number, engine: Engine = createReferenceEngine()) {
  let ask = () => {}
  const made = await harness(plan, {
    engine,
    wrap: (executable) => stopAtStep(step)(executable, () => ask()),
  })
  ask = () => made.control.requestStop('test')
  return { ...made, ...(await train(made.training, beginning(plan, 'hash', 'reference'))) }
}

describe('an uninterrupted run', () => {
  test('renews memories, trains every batch, evaluates and saves in each epoch', async () => {
    const plan = tinyPlan()
    const entries: string[] = []
    const { ending, events, saved } = await run(plan, {
      wrap: (executable) => ({
        run: (entry, inputs) => {
          entries.push(entry)
          return executable.run(entry, inputs)
        },
        read: (names) => executable.read(names),
        write: (values) => executable.write(values),
        dispose: () => executable.dispose(),
      }),
    })
    expect(ending).toBe('done')
    const epoch = ['memory:0:0', 'train', 'train', 'train_last', 'evaluate:0']
    expect(entries).toEqual([...epoch, ...epoch])
    expect(of(events, 'phase_started').map(({ phase }) => phase)).toEqual([
      'memory',
      'train',
      'evaluate',
      'memory',
      'train',
      'evaluate',
    ])
    expect(saved.map(({ progress }) => progress.step)).toEqual([3, 6])
    expect(of(events, 'epoch_done').map(({ epoch, step }) => ({ epoch, step }))).toEqual([
      { epoch: 0, step: 2 },
      { epoch: 1, step: 5 },
    ])
    expect(of(events, 'steps_done').reduce((sum, { steps }) => sum + steps, 0)).toBe(6)
  })

  test('counts what correction did against the planted noise', async () => {
    const { events, training } = await run(tinyPlan({ epochs: 1 }))
    const data = training.data.datasets[3]
    const noisy = data?.labels.filter((label, i) => data.origins[i] === 1 && data.shown?.[i] !== label).length
    expect(noisy).toBeGreaterThan(0)
    const [correction] = of(events, 'epoch_done')[0]?.corrections ?? []
    // Every synthetic image passes once in an epoch.
    expect(correction).toMatchObject({ branch: 'aware', synthetic: 5, planted: { noisy } })
    expect(correction?.perClass.map(({ synthetic }) => synthetic)).toEqual([0, 2, 3])
    const called = correction?.perClass.reduce((sum, { calledNoise }) => sum + calledNoise, 0)
    expect(correction?.calledNoise).toBe(called)
  })

  test('twice gives the same weights to the last bit, and another seed other ones', async () => {
    const [first, second] = [await run(tinyPlan()), await run(tinyPlan())]
    expect(second.saved.at(-1)?.state).toEqual(first.saved.at(-1)?.state)
    const plan = tinyPlan()
    const other = await run({ ...plan, networks: plan.networks.map((network) => ({ ...network, seed: 12 })) })
    expect(other.saved.at(-1)?.state['net.conv1.weight']).not.toEqual(
      first.saved.at(-1)?.state['net.conv1.weight'],
    )
  })

  test('the mean loss of an epoch weighs its steps equally', async () => {
    const losses: number[] = []
    const { events } = await run(tinyPlan({ epochs: 1 }), {
      wrap: (executable) => ({
        async run(entry, inputs) {
          const outputs = await executable.run(entry, inputs)
          if (entry.startsWith('train')) losses.push(outputs.loss?.data[0] ?? Number.NaN)
          return outputs
        },
        read: (names) => executable.read(names),
        write: (values) => executable.write(values),
        dispose: () => executable.dispose(),
      }),
    })
    expect(losses).toHaveLength(3)
    expect(of(events, 'epoch_done')[0]?.loss).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / 3, 12)
  })
})

describe('a run that is stopped and resumed', () => {
  test.each([1, 2, 3, 4, 5])(
    'after step %i gives the same weights, losses and accuracies bit for bit',
    async (step) => {
      const plan = tinyPlan({ best: true })
      const whole = await run(plan)
      const first = await stopped(plan, step)
      expect(first.ending).toBe('stopped')
      expect(first.progress.step).toBe(step)
      const from = first.saved.at(-1)
      expect(from?.progress.step).toBe(step)
      if (from === undefined) return
      const second = await run(plan, { from })
      expect(second.ending).toBe('done')
      expect(second.saved.at(-1)?.state).toEqual(whole.saved.at(-1)?.state)
      expect(second.progress.best).toEqual(whole.progress.best)
      const all = facts([...first.events, ...second.events])
      expect(all).toEqual(facts(whole.events))
    },
  )

  test('does so on the onnx engine too', async () => {
    const { engine } = await selectEngine('onnx')
    const plan = tinyPlan()
    const whole = await run(plan, { engine })
    const from = (await stopped(plan, 2, engine)).saved.at(-1)
    expect(from?.progress.step).toBe(2)
    if (from === undefined) return
    const second = await run(plan, { engine, from })
    expect(second.saved.at(-1)?.state).toEqual(whole.saved.at(-1)?.state)
    expect(whole.saved.at(-1)?.state['net.conv1.weight']?.data).toBeInstanceOf(Float32Array)
    await Promise.all([whole, second].map(({ training }) => training.executable.dispose()))
  })

  test('from any checkpoint that came due inside an epoch it goes on to the same weights', async () => {
    const plan = tinyPlan()
    const whole = await run(plan)
    const often = await run(plan, { checkpointInterval: 0 })
    expect(often.saved.map(({ progress }) => progress.step)).toEqual([1, 2, 3, 4, 5, 6])
    for (const from of often.saved.slice(0, -1)) {
      const { saved, events } = await run(plan, { from })
      expect(saved.at(-1)?.state).toEqual(whole.saved.at(-1)?.state)
      expect(of(events, 'epoch_done').at(-1)?.loss).toBe(of(whole.events, 'epoch_done').at(-1)?.loss)
    }
  })

  test('before its first step begins anew from a checkpoint of step 0', async () => {
    const plan = tinyPlan({ epochs: 1 })
    const made = await harness(plan)
    made.control.requestStop('test')
    expect(await train(made.training, beginning(plan, 'hash', 'reference'))).toMatchObject({
      ending: 'stopped',
    })
    const [from] = made.saved
    expect(from?.progress.step).toBe(0)
    if (from === undefined) return
    expect((await run(plan, { from })).saved.at(-1)?.state).toEqual((await run(plan)).saved.at(-1)?.state)
  })

  test('stopped at once writes no checkpoint', async () => {
    const plan = tinyPlan()
    const made = await harness(plan)
    made.control.requestStop('test', 0)
    expect(made.control.requestStop('test', 100)).toBe('repeated')
    expect(made.control.requestStop('test', 1000)).toBe('stop_now')
    expect(await train(made.training, beginning(plan, 'hash', 'reference'))).toMatchObject({
      ending: 'stopped_now',
    })
    expect(made.saved).toEqual([])
  })
})

describe('evaluation', () => {
  test('runs after every n-th epoch and after the last', async () => {
    const { events } = await run(tinyPlan({ epochs: 3, evaluateEvery: 2 }))
    expect(of(events, 'evaluated').map(({ epoch }) => epoch)).toEqual([1, 2])
    expect(of(events, 'evaluated')[0]).toMatchObject({ dataset: 'test', count: 9, evaluation: 0 })
  })

  test('the best value is kept with its epoch, the first of equals', async () => {
    const plan = tinyPlan({ epochs: 4, best: true })
    const { events, progress } = await run(plan)
    const values = of(events, 'evaluated').map(({ top1 }) => top1)
    const best = Math.max(...values)
    const epoch = values.indexOf(best)
    expect(progress.best).toEqual([
      { evaluation: 0, metric: 'top1', value: best, epoch, step: 3 * (epoch + 1) },
    ])
  })
})

describe('divergence', () => {
  async function failure(plan: Plan, wrap?: (executable: Executable) => Executable): Promise<RunError> {
    try {
      await run(plan, wrap === undefined ? {} : { wrap })
    } catch (error) {
      if (error instanceof RunError) return error
      throw error
    }
    throw new Error('did not fail')
  }

  const withOutput =
    (name: string, value: number, step: number) =>
    (executable: Executable): Executable => {
      let steps = 0
      return {
        async run(entry, inputs) {
          const outputs = await executable.run(entry, inputs)
          const output: Tensor = { dtype: 'float32', shape: [], data: new Float64Array([value]) }
          return entry.startsWith('train') && steps++ === step ? { ...outputs, [name]: output } : outputs
        },
        read: (names) => executable.read(names),
        write: (values) => executable.write(values),
        dispose: () => executable.dispose(),
      }
    }

  test('a loss that is no number stops the run with exit code 6, naming the loss and the step', async () => {
    const error = await failure(tinyPlan(), withOutput('loss:aware.contrast', Number.NaN, 4))
    expect(error).toMatchObject({ code: 'SAU7201', exitCode: 6 })
    expect(error.message).toBe('loss aware.contrast is not a number at step 4 (epoch 1)')
  })

  test('so does an infinite objective of finite losses', async () => {
    const error = await failure(tinyPlan(), withOutput('loss', Number.POSITIVE_INFINITY, 0))
    expect(error.message).toBe('the objective (`minimize`) is infinite at step 0 (epoch 0)')
  })

  test('a huge learning rate diverges by itself', async () => {
    const error = await failure(tinyPlan({ rate: 1e200, epochs: 3 }))
    expect(error.exitCode).toBe(6)
    expect(error.message).toMatch(/step \d+ \(epoch \d\)|before epoch \d|after epoch \d/)
  })
})
