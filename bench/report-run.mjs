// A run folder as many epochs with many classes leave it, made without training: for what reads whole runs.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { planHash } from '../dist/compiler/plan/hash.js'
import { pixelsPng } from '../dist/runtime/platform/png.js'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Makes `root/made/<name>`, the quickstart's experiment with more classes, epochs and metrics, and returns
 * it. `className` names the classes after the first; `stepEvents` lines of the journal stand in each epoch,
 * for a run writes four a second.
 */
export function makeLongRun(
  runs,
  {
    name = '20260101-120000-aaaaaa',
    epochs = 200,
    classes = 100,
    stepEvents = 120,
    side = 32,
    className,
  } = {},
) {
  const folder = join(runs, 'made', name)
  mkdirSync(join(folder, 'correction'), { recursive: true })
  const text = readFileSync(join(root, 'examples', 'quickstart.sau'), 'utf8')
    .replace('per_class: 50,', 'per_class: 20,')
    .replace(/epochs( +)= 8/, `epochs$1= ${epochs}`)
    .replace('[top1, ', '[top1, top5, ece(bins: 15), ')
    .replace('every   = 1 epoch', 'every   = 1 epoch\n  best    = top1')
  writeFileSync(join(folder, 'experiment.sau'), text)
  const command = join(root, 'dist', 'runtime', 'cli', 'main.js')
  const made = ['compile', join(folder, 'experiment.sau'), '--emit', 'plan']
  const plan = JSON.parse(
    execFileSync(process.execPath, [command, ...made], { stdio: ['ignore', 'pipe', 'ignore'] }),
  )
  const names = withClasses(plan, classes, className)
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan))
  writeFileSync(join(folder, 'lock.json'), JSON.stringify(lockOf(plan, text)))
  writeFileSync(join(folder, 'journal.jsonl'), journalOf(plan, { name, epochs, classes, stepEvents, names }))
  writeFileSync(join(folder, 'correction', 'aware.json'), JSON.stringify(examplesOf(names, epochs, side)))
  return folder
}

/**
 * Gives the Plan more classes than there are shapes to draw, with a long tail of real images. Returns their
 * names.
 */
function withClasses(plan, classes, className) {
  const most = 300
  const names = Array.from(
    { length: classes },
    (_, c) => className?.(c) ?? `class ${String(c).padStart(3, '0')}`,
  )
  const real = names.map((_, c) => Math.floor(most * (1 / 50) ** (c / Math.max(1, classes - 1))))
  const shots = plan.evaluations[0].metrics.find(({ op }) => op === 'shots')
  const isIn = { many: (n) => n > 100, medium: (n) => n > 20 && n <= 100, few: (n) => n <= 20 }
  for (const group of shots.groups) group.classes = [...real.keys()].filter((c) => isIn[group.name](real[c]))
  for (const dataset of plan.datasets) {
    const isTrain = dataset.name === 'train'
    dataset.classes = names
    dataset.real = isTrain ? real : names.map(() => 20)
    dataset.synthetic = names.map((_, c) => (isTrain ? most - real[c] : 0))
  }
  return names
}

function lockOf(plan, text) {
  return {
    lock: 1,
    planHash: planHash(plan),
    title: plan.title,
    file: 'made.sau',
    texts: [
      { path: 'made.sau', copy: 'experiment.sau', sha256: createHash('sha256').update(text).digest('hex') },
    ],
    sources: plan.sources.map(() => ({ locations: [] })),
    params: Object.fromEntries(plan.params.map(({ name, value }) => [name, value])),
    warnings: [],
    settings: { engine: 'auto' },
    processes: [
      {
        started: '2026-01-01T12:00:00.000Z',
        program: '0.0.0',
        code: '0'.repeat(64),
        node: process.version,
        platform: 'linux x64',
        host: 'made',
        pid: 1,
        engine: 'onnx',
        engineDescription: 'no engine: this run was made',
        threads: 2,
      },
    ],
  }
}

function journalOf(plan, { name, epochs, classes, stepEvents, names }) {
  const draw = draws()
  const train = plan.datasets.find((dataset) => dataset.name === 'train')
  const shots = plan.evaluations[0].metrics.find(({ op }) => op === 'shots')
  const lines = []
  let time = 1767268800000
  const write = (event, fields, milliseconds = 1) => {
    time += milliseconds
    lines.push(JSON.stringify({ time, event, ...fields }))
  }
  const stepsPerEpoch = Math.max(stepEvents, plan.train.stepsPerEpoch)
  write('run_started', {
    run: name,
    title: plan.title,
    file: 'made.sau',
    planHash: '0'.repeat(64),
    program: '0.0.0',
    pid: 1,
    host: 'made',
    epochs,
    stepsPerEpoch,
    batch: plan.train.batch,
    parameters: 100_000,
    losses: ['unaware.mixup', 'aware.contrast'],
    params: {},
    classes: names.map((of, c) => ({ name: of, real: train.real[c], synthetic: train.synthetic[c] })),
    evaluations: [
      {
        dataset: 'test',
        metrics: plan.evaluations[0].metrics.map(({ op }) => op),
        groups: shots.groups,
        best: 'top1',
      },
    ],
    warnings: [],
  })
  write('engine_ready', {
    engine: 'onnx',
    description: 'no engine: this run was made',
    threads: 2,
    seconds: 0.1,
  })
  for (let epoch = 0; epoch < epochs; epoch++) {
    const learned = 1 - Math.exp((-4 * (epoch + 1)) / epochs)
    for (let i = 0; i < stepEvents; i++) {
      const losses = [2.3 - learned + draw() / 4, 4 - learned + draw() / 4]
      const step = epoch * stepsPerEpoch + Math.floor(((i + 1) * stepsPerEpoch) / stepEvents) - 1
      const measured = {
        loss: losses[0] + losses[1],
        losses,
        rate: 0.05,
        samplesPerSecond: 1400 + 50 * draw(),
      }
      write('steps_done', { epoch, step, steps: 1, ...measured, dataWait: 0.02 * draw(), memory: 3e8 }, 250)
    }
    const perClass = train.synthetic.map((synthetic) => ({
      synthetic,
      calledNoise: Math.round(synthetic * (1 - 0.7 * learned) * draw()),
    }))
    const sum = (field) => perClass.reduce((total, of) => total + of[field], 0)
    write('epoch_done', {
      epoch,
      step: (epoch + 1) * stepsPerEpoch - 1,
      loss: 6 - learned,
      losses: [2.3 - learned, 4 - learned],
      rate: 0.05,
      seconds: 30 + draw(),
      samplesPerSecond: 1400 + 50 * draw(),
      corrections: [
        {
          branch: 'aware',
          synthetic: sum('synthetic'),
          calledNoise: sum('calledNoise'),
          perClass,
          planted: { truePositives: 9, noisy: 10, precision: 0.2 + 0.6 * learned, recall: 0.95 },
        },
      ],
    })
    write('evaluated', evaluated(epoch, classes, shots, learned, draw))
    write('checkpoint_written', { epoch, step: 0, path: '', bytes: 8e5, seconds: 0.05, kept: ['last'] })
  }
  write('run_ended', {
    outcome: 'done',
    exitCode: 0,
    message: 'the run is done',
    epoch: epochs - 1,
    step: epochs * stepsPerEpoch - 1,
    seconds: 30 * epochs,
    peakMemory: 4e8,
  })
  return `${lines.join('\n')}\n`
}

function evaluated(epoch, classes, shots, learned, draw) {
  const images = 20
  const confusion = Array.from({ length: classes }, (_, label) => {
    const row = Array.from({ length: classes }, () => 0)
    for (let i = 0; i < images; i++) {
      const isRight = draw() < learned * (1 - (0.4 * label) / classes)
      row[isRight ? label : Math.floor(classes * draw())]++
    }
    return row
  })
  const recall = (c) => confusion[c][c] / images
  const mean = (some) => some.reduce((total, c) => total + recall(c), 0) / some.length
  const calibration = Array.from({ length: 15 }, (_, bin) => ({
    count: bin < 2 ? 0 : bin * 10,
    confidence: bin < 2 ? null : (bin + 0.5) / 15,
    accuracy: bin < 2 ? null : (bin + 0.5) / 17,
  }))
  const top1 = mean([...confusion.keys()])
  return {
    epoch,
    evaluation: 0,
    dataset: 'test',
    count: classes * images,
    loss: 4 - 2 * learned,
    top1,
    top5: Math.min(1, top1 + 0.1),
    ece: 0.1 - 0.05 * learned,
    calibration,
    perClass: [...confusion.keys()].map(recall),
    confusion,
    shots: shots.groups.map(({ name, classes: some }) => ({
      name,
      accuracy: some.length === 0 ? null : mean(some),
      classes: some.length,
    })),
    seconds: 1 + draw(),
  }
}

/** Pictures of noise, which compress worst. */
function examplesOf(names, epochs, side) {
  const draw = draws()
  const list = () =>
    Array.from({ length: 12 }, (_, i) => ({
      record: i,
      class: names[i % names.length],
      shows: names[(i * 7) % names.length],
      certainty: draw(),
      width: side,
      height: side,
      png: Buffer.from(
        pixelsPng(
          side,
          side,
          3,
          Uint8Array.from({ length: side * side * 3 }, () => 256 * draw()),
        ),
      ).toString('base64'),
    }))
  const both = () => ({ most: list(), least: list() })
  const seen = { epoch: epochs - 1, whole: true, images: 1000, calledNoise: 250 }
  return { correction: 1, branch: 'aware', ...seen, noise: both(), kept: both() }
}

/** Numbers in 0..1, always the same ones. */
function draws() {
  let state = 1
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
