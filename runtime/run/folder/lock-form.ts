// The form of lock.json.

import { engineChoices } from '../../engines/names.js'
import {
  type Form,
  list,
  matching,
  maybe,
  number,
  object,
  oneOf,
  sha256Text,
  text,
  truth,
  whole,
} from '../../platform/forms/json-form.js'
import { paramsForm } from '../journal/event-form.js'
import type {
  DrawRecord,
  NetworkSize,
  ProcessRecord,
  RecordedCourse,
  ReplayOrigin,
  RunLock,
  RunSettings,
} from './lock.js'

type EntryOf<List> = NonNullable<List> extends readonly (infer Entry)[] ? Entry : never

export const settingsForm: Form<RunSettings> = object<RunSettings>({
  engine: oneOf(...engineChoices),
  threads: maybe(whole),
  workers: maybe(whole),
  dataMemory: maybe(whole),
  checkpointMinutes: maybe(number),
  keep: maybe(whole),
})

const extension = object<EntryOf<RecordedCourse['extensions']>>({ step: whole, epochs: whole })

export const lockForm: Form<RunLock> = object<RunLock>({
  lock: oneOf(1),
  planHash: sha256Text,
  earlierPlans: maybe(list(sha256Text)),
  nextPlan: maybe(sha256Text),
  forkedFrom: maybe(object<NonNullable<RunLock['forkedFrom']>>({ run: text, folder: text, step: whole })),
  replayOf: maybe(
    object<ReplayOrigin>({
      run: text,
      folder: text,
      stopAtDifference: truth,
      epochs: whole,
      extensions: list(extension),
      until: maybe(whole),
    }),
  ),
  sweep: maybe(object<NonNullable<RunLock['sweep']>>({ instance: whole, name: text })),
  title: text,
  file: text,
  texts: list(
    object<EntryOf<RunLock['texts']>>({
      path: text,
      copy: matching(/^(experiment\.sau|imports\/\d+-[^/\\]*)$/, 'place of a copy'),
      sha256: sha256Text,
    }),
  ),
  sources: list(object<EntryOf<RunLock['sources']>>({ locations: list(text), content: maybe(text) })),
  draws: maybe(
    list(object<DrawRecord>({ dataset: text, images: whole, different: maybe(whole), sha256: sha256Text })),
  ),
  params: paramsForm,
  warnings: list(text),
  settings: settingsForm,
  precision: maybe(oneOf('float32', 'bfloat16')),
  networks: maybe(
    list(
      object<NetworkSize>({
        name: text,
        width: whole,
        parameters: whole,
        backbone: whole,
        heads: list(object<EntryOf<NetworkSize['heads']>>({ name: text, parameters: whole })),
      }),
    ),
  ),
  processes: list(
    object<ProcessRecord>({
      started: text,
      program: text,
      code: text,
      node: text,
      platform: text,
      processor: maybe(text),
      workers: maybe(whole),
      host: text,
      pid: whole,
      engine: text,
      engineDescription: text,
      threads: whole,
      resumedAtStep: maybe(whole),
    }),
  ),
})
