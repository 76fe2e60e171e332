// Run folders as training leaves them, made without training: a Plan, a lock and a journal with chosen
// results.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { planHash } from '../../../compiler/plan/hash.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import { callSeed } from '../../../compiler/plan/seeds.js'
import { writeLock } from '../../../runtime/run/folder/lock.js'
import type { RunEnded } from '../../../runtime/run/journal/events.js'
import { type NewEvent, openJournal } from '../../../runtime/run/journal/journal.js'
import { tinyPlan } from '../../run/session/tiny-experiment.js'

export interface MadeRun {
  readonly name: string
  readonly seed: number
  /** Its `rate` is a param and a field of the Plan. */
  readonly rate?: number
  /** Top-1 after each epoch. */
  readonly top1: readonly number[]
  readonly few?: number
  /**
   * By class, what `aware` called noise in the last epoch, of 10 synthetic images; null where the class has
   * none.
   */
  readonly calledNoise?: readonly (number | null)[]
  readonly best?: boolean
  readonly clip?: number
  readonly ending?: Partial<RunEnded> | 'none'
  /** Folder above the run's, `tiny` where left out. */
  readonly experiment?: string
  /** Of the run as it was begun; as many as there are results where left out. */
  readonly epochs?: number
}

/** The tiny Plan as it would be compiled with this `train.seed`; sources keep seeds that the file writes. */
export function seededPlan({ seed, rate = 0.05, best = false, clip }: Omit<MadeRun, 'name' | 'top1'>): Plan {
  const plan = tinyPlan({ rate, best })
  const derived = (kind: string, name: string) => callSeed(seed, kind, name, 0)
  return {
    ...plan,
    seed,
    datasets: plan.datasets.map((dataset) =>
      dataset.name === 'test' ? { ...dataset, split: 'test' } : dataset,
    ),
    networks: plan.networks.map((network) => ({ ...network, seed: derived('network', network.name) })),
    streams: plan.streams.map((stream) => ({ ...stream, seed: derived('stream', stream.name) })),
    memories: plan.memories.map((memory) => ({ ...memory, seed: derived('memory', memory.name) })),
    train: { ...plan.train, ...(clip === undefined ? {} : { clip }) },
  }
}

/** Makes `root/<experiment>/<name>` and returns it. */
export function makeRun(root: string, run: MadeRun): string {
  const plan = seededPlan(run)
  const hash = planHash(plan)
  const folder = join(root, run.experiment ?? 'tiny', run.name)
  mkdirSync(folder, { recursive: true })
  const params = Object.fromEntries(plan.params.map(({ name, value }) => [name, value]))
  writeLock(folder, {
    lock: 1,
    planHash: hash,
    title: plan.title,
    file: 'tiny.sau',
    texts: [],
    sources: [],
    params,
    warnings: [],
    settings: { engine: 'reference' },
    processes: [],
  })
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan))
  const journal = openJournal(join(folder, 'journal.jsonl'), () => 1)
  for (const event of events(run, plan, hash, params)) journal.write(event)
  journal.close()
  return folder
}

function events(
  run: MadeRun,
  plan: Plan,
  hash: string,
  params: Readonly<Record<string, string | number | boolean>>,
): readonly NewEvent[] {
  const evaluated = run.top1.map(
    (top1, epoch): NewEvent => ({
      event: 'evaluated',
      epoch,
      evaluation: 0,
      dataset: 'test',
      count: 9,
      loss: 2 - top1,
      top1,
      top5: undefined,
      ece: undefined,
      perClass: undefined,
      confusion: undefined,
      shots: run.few === undefined ? undefined : [{ name: 'few', accuracy: run.few, classes: 1 }],
      seconds: 1,
    }),
  )
  const perClass = run.calledNoise?.map((calledNoise) => ({
    synthetic: calledNoise === null ? 0 : 10,
    calledNoise: calledNoise ?? 0,
  }))
  const sum = (key: 'synthetic' | 'calledNoise') =>
    (perClass ?? []).reduce((total, counts) => total + counts[key], 0)
  const epoch: NewEvent = {
    event: 'epoch_done',
    epoch: Math.max(0, run.top1.length - 1),
    step: 5,
    loss: 1,
    losses: [],
    rate: 0.1,
    seconds: 1,
    samplesPerSecond: 1,
    corrections: [
      {
        branch: 'aware',
        synthetic: sum('synthetic'),
        calledNoise: sum('calledNoise'),
        perClass: perClass ?? [],
        planted: undefined,
      },
    ],
  }
  const ending: NewEvent = {
    event: 'run_ended',
    outcome: 'done',
    exitCode: 0,
    code: undefined,
    message: 'done',
    help: undefined,
    epoch: Math.max(0, run.top1.length - 1),
    step: 5,
    seconds: 1,
    peakMemory: 1,
    ...(run.ending === 'none' ? {} : run.ending),
  }
  return [
    {
      event: 'run_started',
      run: run.name,
      title: plan.title,
      file: 'tiny.sau',
      planHash: hash,
      program: 'test',
      pid: 1,
      host: 'test',
      epochs: run.epochs ?? run.top1.length,
      stepsPerEpoch: 3,
      batch: 6,
      parameters: 1,
      losses: [],
      params,
      classes: (perClass ?? []).map(({ synthetic }, c) => ({ name: `class ${c}`, real: 5, synthetic })),
      evaluations: [{ dataset: 'test', metrics: ['top1'], groups: [], best: undefined }],
      resumed: undefined,
      warnings: [],
    },
    ...(perClass === undefined ? [] : [epoch]),
    ...evaluated,
    ...(run.ending === 'none' ? [] : [ending]),
  ]
}
