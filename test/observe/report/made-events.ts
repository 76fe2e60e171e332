// Events of a run of three classes, one after the other, with the fields that a test looks at.
import type { Evaluated, JournalEvent, RunEnded, RunStarted } from '../../../runtime/run/journal/events.js'

let time = 1_767_268_800_000
const at = (): number => (time += 1000)

export function started(resumed?: RunStarted['resumed'], epochs = 4): JournalEvent {
  return {
    time: at(),
    event: 'run_started',
    run: 'made',
    title: 'Made',
    file: 'made.sau',
    planHash: 'abc',
    program: '0.0.0',
    pid: 1,
    host: 'here',
    epochs,
    stepsPerEpoch: 2,
    batch: 6,
    parameters: 10,
    losses: ['aware.contrast'],
    params: {},
    classes: [
      { name: '0', real: 1, synthetic: 4 },
      { name: '1', real: 5, synthetic: 0 },
      { name: '2', real: 3, synthetic: 2 },
    ],
    evaluations: [
      {
        dataset: 'test',
        metrics: ['top1'],
        groups: [{ name: 'many', rule: '> 2', classes: [1, 2] }],
        best: 'top1',
      },
    ],
    resumed,
    warnings: [],
  }
}

export function step(number: number, loss: number): JournalEvent {
  return {
    time: at(),
    event: 'steps_done',
    epoch: Math.floor(number / 2),
    step: number,
    steps: 1,
    loss,
    losses: [loss],
    rate: 0.1,
    samplesPerSecond: 10,
    dataWait: 0,
    memory: 100,
  }
}

export function epoch(number: number, calledNoise = 2): JournalEvent {
  return {
    time: at(),
    event: 'epoch_done',
    epoch: number,
    step: 2 * number + 1,
    loss: 1,
    losses: [1],
    rate: 0.1,
    seconds: 3,
    samplesPerSecond: 10,
    corrections: [
      {
        branch: 'aware',
        synthetic: 6,
        calledNoise,
        perClass: [
          { synthetic: 4, calledNoise },
          { synthetic: 0, calledNoise: 0 },
          { synthetic: 2, calledNoise: 0 },
        ],
        planted: undefined,
      },
    ],
  }
}

export function evaluated(number: number, top1: number, more: Partial<Evaluated> = {}): JournalEvent {
  return {
    time: at(),
    event: 'evaluated',
    epoch: number,
    evaluation: 0,
    dataset: 'test',
    count: 9,
    loss: 1,
    top1,
    top5: undefined,
    ece: undefined,
    perClass: [top1, 1, 0],
    confusion: undefined,
    shots: [{ name: 'many', accuracy: top1, classes: 2 }],
    seconds: 1,
    ...more,
  }
}

export function ended(outcome: RunEnded['outcome'], more: Partial<RunEnded> = {}): JournalEvent {
  return {
    time: at(),
    event: 'run_ended',
    outcome,
    exitCode: 0,
    code: undefined,
    message: 'the run is done',
    help: undefined,
    epoch: 3,
    step: 7,
    seconds: 12,
    peakMemory: 200,
    ...more,
  }
}
