// A run as its journal would tell it, made by a formula: what the reducer and the renderers are tested with.
import type { JournalEvent } from '../../../runtime/run/journal/events.js'

export interface RecordedRunOptions {
  readonly classes: number
  readonly epochs: number
  readonly stepsPerEpoch: number
  /** Epochs that are done when the journal breaks off; all of them ends the run. */
  readonly doneEpochs: number
  /** Steps of the epoch in progress. */
  readonly extraSteps: number
  readonly losses: readonly string[]
  readonly plantedNoise: boolean
}

export const tenClasses: RecordedRunOptions = {
  classes: 10,
  epochs: 8,
  stepsPerEpoch: 24,
  doneEpochs: 5,
  extraSteps: 12,
  losses: ['unaware.mixup', 'aware.contrast'],
  plantedNoise: true,
}

export const hundredClasses: RecordedRunOptions = {
  classes: 100,
  epochs: 200,
  stepsPerEpoch: 391,
  doneEpochs: 17,
  extraSteps: 120,
  losses: ['unaware.mixup', 'unaware.cutmix', 'aware.contrast'],
  plantedNoise: false,
}

const names = ['disc', 'square', 'triangle', 'cross', 'ring', 'star', 'bar', 'crescent', 'diamond', 'arrow']

/** Start of every recorded run: 2026-01-01, noon. */
export const recordedStart = Date.UTC(2026, 0, 1, 12)

/** Images a class has before filling: exponential with factor 50 from 300. */
function realImages(position: number, classes: number): number {
  return Math.floor(300 * (1 / 50) ** (position / (classes - 1)))
}

/** The whole journal, one step event for every fourth step. */
export function recordedRun(options: RecordedRunOptions): readonly JournalEvent[] {
  const classes = Array.from({ length: options.classes }, (_, i) => {
    const real = realImages(i, options.classes)
    const name =
      options.classes <= names.length ? (names[i] ?? `class ${i}`) : `class ${i.toString().padStart(3, '0')}`
    return { name, real, synthetic: 300 - real }
  })
  const groups = (['many', 'medium', 'few'] as const).map((name) => ({
    name,
    rule: { many: '> 100', medium: '21..100', few: '<= 20' }[name],
    classes: classes.flatMap(({ real }, i) => (groupOf(real) === name ? [i] : [])),
  }))
  const events: JournalEvent[] = []
  let time = recordedStart
  const add = (event: JournalEvent): void => {
    events.push(event)
  }
  add({
    time,
    event: 'run_started',
    run: '20260101-120000-k3v9q2',
    title: 'SAU on drawn shapes',
    file: 'examples/quickstart.sau',
    planHash: '5f0c2b7a91d34e68a0b1c2d3e4f5061728394a5b6c7d8e9f00112233445566aa',
    program: 'saurun 0.1.0',
    pid: 4242,
    host: 'here',
    epochs: options.epochs,
    stepsPerEpoch: options.stepsPerEpoch,
    batch: 64,
    parameters: 78042,
    losses: options.losses,
    params: { strategy: 'pos_neg' },
    classes,
    evaluations: [
      { dataset: 'test', metrics: ['top1', 'per_class', 'confusion', 'shots'], groups, best: undefined },
    ],
    resumed: undefined,
    warnings: [],
  })
  time += 400
  add({ time, event: 'phase_started', phase: 'compile', epoch: 0, name: undefined })
  time += 900
  add({
    time,
    event: 'engine_ready',
    engine: 'onnx',
    description: 'onnxruntime 1.30.0, CPU, 2 threads',
    threads: 2,
    seconds: 0.9,
  })
  const total = options.epochs * options.stepsPerEpoch
  for (let epoch = 0; epoch <= options.doneEpochs && epoch < options.epochs; epoch++) {
    add({ time, event: 'phase_started', phase: 'memory', epoch, name: 'prototypes' })
    time += 300
    add({ time, event: 'phase_started', phase: 'train', epoch, name: undefined })
    const steps = epoch < options.doneEpochs ? options.stepsPerEpoch : options.extraSteps
    for (let step = 3; step < steps; step += 4) {
      time += 200
      const at = epoch * options.stepsPerEpoch + step
      const losses = lossesAt(at / total, options.losses.length)
      add({
        time,
        event: 'steps_done',
        epoch,
        step: at,
        steps: 4,
        loss: losses.reduce((sum, value) => sum + value, 0),
        losses,
        rate: 0.025 * (1 + Math.cos((Math.PI * epoch) / options.epochs)),
        samplesPerSecond: 1240 + 30 * Math.sin(at),
        dataWait: 0.021,
        memory: 432_000_000 + at * 1000,
      })
    }
    if (epoch === options.doneEpochs) break
    const done = (epoch + 1) * options.stepsPerEpoch
    const losses = lossesAt(done / total, options.losses.length)
    const noisy = 350
    const recall = 0.2 + (0.6 * (epoch + 1)) / options.epochs
    const truePositives = Math.round(noisy * recall)
    const calledNoise = truePositives + 140
    add({
      time,
      event: 'epoch_done',
      epoch,
      step: done - 1,
      loss: losses.reduce((sum, value) => sum + value, 0),
      losses,
      rate: 0.025 * (1 + Math.cos((Math.PI * epoch) / options.epochs)),
      seconds: (options.stepsPerEpoch / 4) * 0.2,
      samplesPerSecond: 1240,
      corrections: [
        {
          branch: 'aware',
          synthetic: 1755,
          calledNoise,
          perClass: classes.map(({ synthetic }) => ({ synthetic, calledNoise: Math.round(synthetic * 0.2) })),
          planted: options.plantedNoise
            ? { truePositives, noisy, precision: truePositives / calledNoise, recall: truePositives / noisy }
            : undefined,
        },
      ],
    })
    add({ time, event: 'phase_started', phase: 'evaluate', epoch, name: 'test' })
    time += 150
    add(evaluated(time, epoch, options, classes, groups))
    add({ time, event: 'phase_started', phase: 'checkpoint', epoch, name: undefined })
    time += 60
    add({
      time,
      event: 'checkpoint_written',
      epoch,
      step: done,
      path: `checkpoints/step-${done.toString().padStart(6, '0')}`,
      bytes: 640_000,
      seconds: 0.06,
      kept: ['last'],
    })
  }
  if (options.doneEpochs >= options.epochs) {
    add({
      time,
      event: 'run_ended',
      outcome: 'done',
      exitCode: 0,
      code: undefined,
      message: 'all epochs are done',
      help: undefined,
      epoch: options.epochs - 1,
      step: total - 1,
      seconds: (time - recordedStart) / 1000,
      peakMemory: 450_000_000,
    })
  }
  return events
}

function groupOf(real: number): 'many' | 'medium' | 'few' {
  return real > 100 ? 'many' : real > 20 ? 'medium' : 'few'
}

function lossesAt(progress: number, count: number): readonly number[] {
  return Array.from(
    { length: count },
    (_, i) => (2.3 + i * 1.5) * Math.exp(-1.6 * progress) + 0.08 * Math.sin(97 * progress + i) + 0.2,
  )
}

function evaluated(
  time: number,
  epoch: number,
  options: RecordedRunOptions,
  classes: readonly { readonly real: number }[],
  groups: readonly { readonly name: string; readonly classes: readonly number[] }[],
): JournalEvent {
  const learnt = (epoch + 1) / options.epochs
  const perClass = classes.map(({ real }, i) =>
    Math.min(
      1,
      Math.max(0, learnt ** 0.5 * (0.35 + 0.5 * (real / 300) ** 0.5) + 0.05 * Math.sin(7 * i + epoch)),
    ),
  )
  const mean = (positions: readonly number[]): number =>
    positions.reduce((sum, position) => sum + (perClass[position] ?? 0), 0) / Math.max(1, positions.length)
  return {
    time,
    event: 'evaluated',
    epoch,
    evaluation: 0,
    dataset: 'test',
    count: 500,
    loss: 2 - learnt,
    top1: mean(perClass.map((_, i) => i)),
    top5: undefined,
    ece: undefined,
    perClass,
    confusion: undefined,
    shots: groups.map((group) => ({
      name: group.name,
      accuracy: group.classes.length === 0 ? null : mean(group.classes),
      classes: group.classes.length,
    })),
    seconds: 0.15,
  }
}
