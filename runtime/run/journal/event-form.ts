// What a line of a journal may hold. Lines are written whole or torn by this program, but a disk, an editor
// or a crash of the machine can make anything of them: an event is one whose every field has its type.
import { mostEpochs } from '../../../compiler/functions/bounds.js'
import { alwaysMeasured, askedMetrics, byMetric } from '../../../compiler/plan/metric-table.js'
import {
  between,
  either,
  eventForm,
  type Form,
  list,
  maybe,
  measure,
  nullable,
  number,
  object,
  oneOf,
  record,
  text,
  truth,
  whole,
} from '../../platform/forms/json-form.js'
import type {
  CalibrationBin,
  ConfusionPlace,
  Correction,
  JournalEvent,
  Profiled,
  RunStarted,
} from './events.js'

type Kind = JournalEvent['event']
type Content<K extends Kind> = Omit<Extract<JournalEvent, { event: K }>, 'event' | 'time'>
type EntryOf<List> = NonNullable<List> extends readonly (infer Entry)[] ? Entry : never

/** Values of params by name. */
export const paramsForm = record(either<[string, number, boolean]>(text, number, truth))

const epoch = between(0, mostEpochs)
const epochs = epoch

const started: Form<Content<'run_started'>> = object<Content<'run_started'>>({
  run: text,
  title: text,
  file: text,
  planHash: text,
  program: text,
  pid: whole,
  host: text,
  epochs,
  stepsPerEpoch: whole,
  batch: whole,
  parameters: whole,
  losses: list(text),
  params: paramsForm,
  classes: list(object<EntryOf<RunStarted['classes']>>({ name: text, real: whole, synthetic: whole })),
  evaluations: list(
    object<EntryOf<RunStarted['evaluations']>>({
      dataset: text,
      metrics: list(text),
      groups: list(
        object<EntryOf<EntryOf<RunStarted['evaluations']>['groups']>>({
          name: text,
          rule: text,
          classes: list(whole),
        }),
      ),
      best: maybe(text),
    }),
  ),
  resumed: maybe(object<NonNullable<RunStarted['resumed']>>({ epoch, step: whole, checkpoint: text })),
  forkedFrom: maybe(object<NonNullable<RunStarted['forkedFrom']>>({ run: text, step: whole })),
  warnings: list(text),
})

const correction: Form<Correction> = object<Correction>({
  branch: text,
  synthetic: whole,
  calledNoise: whole,
  perClass: list(object<EntryOf<Correction['perClass']>>({ synthetic: whole, calledNoise: whole })),
  planted: maybe(
    object<NonNullable<Correction['planted']>>({
      truePositives: whole,
      noisy: whole,
      precision: nullable(number),
      recall: nullable(number),
    }),
  ),
})

const evaluated: Form<Content<'evaluated'>> = object<Content<'evaluated'>>({
  epoch,
  evaluation: between(0, 10_000),
  dataset: text,
  count: whole,
  ...byMetric(alwaysMeasured, () => measure),
  ...byMetric(askedMetrics, () => maybe(measure)),
  calibration: maybe(
    list(object<CalibrationBin>({ count: whole, confidence: nullable(number), accuracy: nullable(number) })),
  ),
  perClass: maybe(list(nullable(measure))),
  confusion: maybe(
    object<ConfusionPlace>({ file: text, offset: whole, bytes: between(0, 2 ** 28), sha256: maybe(text) }),
  ),
  shots: maybe(
    list(
      object<EntryOf<Content<'evaluated'>['shots']>>({
        name: text,
        accuracy: nullable(number),
        classes: whole,
        measured: maybe(whole),
      }),
    ),
  ),
  seconds: measure,
})

/** By kind, the fields beside `event` and `time`. */
const contents: { readonly [K in Kind]: Form<Content<K>> } = {
  run_started: started,
  data_ready: object<Content<'data_ready'>>({
    held: whole,
    heldBytes: whole,
    streamed: whole,
    budget: measure,
    seconds: measure,
  }),
  data_drawn: object<Content<'data_drawn'>>({
    draws: list(
      object<EntryOf<Content<'data_drawn'>['draws']>>({
        dataset: text,
        images: whole,
        different: maybe(whole),
        sha256: text,
      }),
    ),
  }),
  engine_ready: object<Content<'engine_ready'>>({
    engine: text,
    description: text,
    threads: whole,
    seconds: measure,
  }),
  phase_started: object<Content<'phase_started'>>({
    phase: oneOf('profile', 'data', 'compile', 'memory', 'train', 'evaluate', 'checkpoint'),
    epoch,
    name: maybe(text),
  }),
  steps_done: object<Content<'steps_done'>>({
    epoch,
    step: whole,
    steps: whole,
    loss: measure,
    losses: list(measure),
    rate: measure,
    samplesPerSecond: measure,
    dataWait: measure,
    memory: measure,
  }),
  epoch_done: object<Content<'epoch_done'>>({
    epoch,
    step: whole,
    loss: measure,
    losses: list(measure),
    rate: measure,
    seconds: measure,
    samplesPerSecond: measure,
    corrections: list(correction),
  }),
  evaluated,
  checkpoint_written: object<Content<'checkpoint_written'>>({
    epoch,
    step: whole,
    path: text,
    bytes: whole,
    seconds: measure,
    kept: list(oneOf('last', 'best')),
  }),
  profiled: object<Content<'profiled'>>({
    path: text,
    engine: text,
    steps: whole,
    milliseconds: measure,
    coverage: measure,
    mapped: measure,
    lines: list(
      object<EntryOf<Profiled['lines']>>({
        file: text,
        line: whole,
        text,
        milliseconds: measure,
        share: measure,
      }),
    ),
  }),
  warned: object<Content<'warned'>>({ code: maybe(text), message: text }),
  advised: object<Content<'advised'>>({ message: text }),
  commanded: object<Content<'commanded'>>({
    command: oneOf('stop', 'stop_now', 'pause', 'continue', 'evaluate', 'extend'),
    epochs: maybe(epochs),
    by: text,
  }),
  extended: object<Content<'extended'>>({
    epochs,
    before: epochs,
    step: maybe(whole),
    planHash: text,
  }),
  run_ended: object<Content<'run_ended'>>({
    outcome: oneOf('done', 'stopped', 'failed', 'diverged'),
    exitCode: between(0, 255),
    code: maybe(text),
    message: text,
    help: maybe(text),
    epoch,
    step: whole,
    seconds: measure,
    peakMemory: measure,
  }),
}

export const eventKinds: readonly Kind[] = Object.keys(contents).filter(isKind)

/** One line's value. */
export const journalEventForm: Form<JournalEvent> = eventForm<JournalEvent>(contents)

function isKind(word: string): word is Kind {
  return Object.hasOwn(contents, word)
}
