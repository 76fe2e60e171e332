// The events of a run as its journal would tell them, made by a formula: a long tail of classes, confusion
// matrices, label correction, four step events a second. What bench/cockpit.mjs plays and opens, and
// bench/ink-drawing.mjs draws.
import { openConfusions } from '../dist/runtime/run/folder/confusions.js'

/**
 * @param {{ runFolder: string, classes: number, epochs: number, stepEvents: number, start: number,
 * correction?: boolean }} options
 *   `runFolder` gets the confusion matrices, as that of a run does, in place of those of a call before;
 *   `stepEvents` an epoch, a quarter of a second apart; `start` in milliseconds since 1970
 * @yields journal events, in order
 */
export function* madeJournal({ runFolder, ...options }) {
  const confusions = openConfusions(runFolder)
  try {
    for (const event of toldEvents(options)) {
      if (event.event !== 'evaluated') {
        yield event
        continue
      }
      const placed = { ...event, confusion: confusions.append({ ...event, ...event.confusion }) }
      confusions.hear(placed)
      yield placed
    }
  } finally {
    confusions.close()
  }
}

/** The events as a training tells them: those of evaluations with their matrices. */
function* toldEvents({ classes: count, epochs, stepEvents, start, correction = true }) {
  const stepsPerEvent = 5
  const stepsPerEpoch = stepEvents * stepsPerEvent
  const classes = Array.from({ length: count }, (_, i) => {
    const real = Math.max(5, Math.floor(500 * (1 / 100) ** (i / Math.max(1, count - 1))))
    return { name: `class ${i.toString().padStart(3, '0')}`, real, synthetic: correction ? 500 - real : 0 }
  })
  const groups = [
    ['many', '> 100', (real) => real > 100],
    ['medium', '21..100', (real) => real > 20 && real <= 100],
    ['few', '<= 20', (real) => real <= 20],
  ].map(([name, rule, holds]) => ({
    name,
    rule,
    classes: classes.flatMap(({ real }, i) => (holds(real) ? [i] : [])),
  }))
  const losses = ['unaware.mixup', 'unaware.cutmix', 'aware.contrast']
  let time = start
  yield {
    time,
    event: 'run_started',
    run: '20260101-120000-k3v9q2',
    title: `${count} classes, ${epochs} epochs`,
    file: 'experiments/sau.sau',
    planHash: '5f0c2b7a91d34e68a0b1c2d3e4f5061728394a5b6c7d8e9f00112233445566aa',
    program: 'saurun',
    pid: 4242,
    host: 'here',
    epochs,
    stepsPerEpoch,
    batch: 128,
    parameters: 464_154,
    losses,
    params: { strategy: 'pos_neg', imbalance: 100 },
    classes,
    evaluations: [
      {
        dataset: 'test',
        metrics: ['top1', 'per_class', 'confusion', 'shots'],
        groups,
        best: undefined,
      },
    ],
    resumed: undefined,
    warnings: [],
  }
  time += 1000
  yield {
    time,
    event: 'engine_ready',
    engine: 'tensorflow',
    description: 'TensorFlow 2.21.0, CPU, 2 threads',
    threads: 2,
    seconds: 0.9,
  }
  for (let epoch = 0; epoch < epochs; epoch++) {
    yield { time, event: 'phase_started', phase: 'train', epoch }
    const rate = 0.05 * (1 + Math.cos((Math.PI * epoch) / epochs))
    const lossesAt = (progress) =>
      losses.map((_, i) => (2.3 + i) * Math.exp(-1.6 * progress) + 0.08 * Math.sin(97 * progress + i) + 0.2)
    for (let i = 1; i <= stepEvents; i++) {
      time += 250
      const step = epoch * stepsPerEpoch + i * stepsPerEvent - 1
      const values = lossesAt(step / (epochs * stepsPerEpoch))
      yield {
        time,
        event: 'steps_done',
        epoch,
        step,
        steps: stepsPerEvent,
        loss: values.reduce((sum, value) => sum + value, 0),
        losses: values,
        rate,
        samplesPerSecond: 1240 + 60 * Math.sin(step / 7),
        dataWait: 0.02 + 0.01 * Math.sin(step / 11),
        memory: 830_000_000 + 5e6 * Math.sin(step / 50),
      }
    }
    const learnt = (epoch + 1) / epochs
    const values = lossesAt(learnt)
    yield {
      time,
      event: 'epoch_done',
      epoch,
      step: (epoch + 1) * stepsPerEpoch - 1,
      loss: values.reduce((sum, value) => sum + value, 0),
      losses: values,
      rate,
      seconds: stepEvents / 4,
      samplesPerSecond: 1240,
      corrections: correction ? [correctionAt(classes, learnt)] : [],
    }
    yield { time, event: 'phase_started', phase: 'evaluate', epoch, name: 'test' }
    time += 900
    yield evaluatedAt(time, epoch, learnt, classes, groups)
    yield { time, event: 'phase_started', phase: 'checkpoint', epoch }
    time += 100
    const step = (epoch + 1) * stepsPerEpoch
    yield {
      time,
      event: 'checkpoint_written',
      epoch,
      step,
      path: `checkpoints/step-${step.toString().padStart(6, '0')}`,
      bytes: 3_730_000,
      seconds: 0.1,
      kept: ['last'],
    }
  }
}

function correctionAt(classes, learnt) {
  const perClass = classes.map(({ synthetic }, i) => ({
    synthetic,
    calledNoise: Math.round(synthetic * (0.1 + 0.25 * learnt * (0.5 + 0.5 * Math.sin(3 * i)))),
  }))
  const sum = (key) => perClass.reduce((total, entry) => total + entry[key], 0)
  const calledNoise = sum('calledNoise')
  const noisy = Math.round(0.3 * sum('synthetic'))
  const truePositives = Math.round(Math.min(noisy, calledNoise) * (0.5 + 0.4 * learnt))
  return {
    branch: 'aware',
    synthetic: sum('synthetic'),
    calledNoise,
    perClass,
    planted: { truePositives, noisy, precision: truePositives / calledNoise, recall: truePositives / noisy },
  }
}

/** A hundred test images a class; what is not recognized goes to a few neighbours. */
function evaluatedAt(time, epoch, learnt, classes, groups) {
  const images = 100
  const right = classes.map(({ real }, i) => {
    const share = learnt ** 0.5 * (0.3 + 0.5 * (real / 500) ** 0.5) + 0.05 * Math.sin(7 * i + epoch / 9)
    return Math.round(images * Math.min(1, Math.max(0, share)))
  })
  const cells = right.flatMap((correct, i) => {
    const row = classes.map(() => 0)
    row[i] = correct
    for (let missed = images - correct, hop = 1; missed > 0; hop++) {
      const other = (i * 7 + hop * hop) % classes.length
      if (other === i) continue
      const here = Math.ceil(missed / 2)
      row[other] += here
      missed -= here
    }
    return row.flatMap((count, j) => (count > 0 ? [[i, j, count]] : []))
  })
  const mean = (positions) =>
    positions.reduce((sum, i) => sum + right[i] / images, 0) / Math.max(1, positions.length)
  return {
    time,
    event: 'evaluated',
    epoch,
    evaluation: 0,
    dataset: 'test',
    count: images * classes.length,
    loss: 4 - 3 * learnt,
    top1: mean(right.map((_, i) => i)),
    perClass: right.map((value) => value / images),
    confusion: { classes: classes.length, cells },
    shots: groups.map((group) => ({
      name: group.name,
      accuracy: group.classes.length === 0 ? null : mean(group.classes),
      classes: group.classes.length,
    })),
    seconds: 0.9,
  }
}
