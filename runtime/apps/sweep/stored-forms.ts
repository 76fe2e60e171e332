// The forms of the JSON in a sweep's folder.
import { mostEpochs } from '../../../compiler/functions/bounds.js'
import {
  between,
  eventForm,
  type Form,
  list,
  matching,
  maybe,
  object,
  oneOf,
  record,
  sha256Text,
  text,
  time,
  truth,
  whole,
} from '../../platform/forms/json-form.js'
import { settingsForm } from '../../run/folder/lock-form.js'
import { paramsForm } from '../../run/journal/event-form.js'
import type { SweepEvent } from './events.js'
import type { Capsule, KnownInstance } from './folder.js'

type EntryOf<List> = List extends readonly (infer Entry)[] ? Entry : never
type Kind = SweepEvent['event']
type Content<K extends Kind> = Omit<Extract<SweepEvent, { event: K }>, 'event' | 'time'>

export const capsuleForm: Form<Capsule> = object<Capsule>({
  format: oneOf(1),
  file: text,
  cwd: text,
  set: record(text),
  settings: settingsForm,
  program: text,
  made: time,
  texts: list(
    object<EntryOf<Capsule['texts']>>({
      path: text,
      copy: matching(/^texts\/\d+-[^/\\]*$/, 'place of a copy'),
      sha256: maybe(sha256Text),
    }),
  ),
})

export const instancesForm: Form<readonly KnownInstance[]> = list(
  object<KnownInstance>({
    number: whole,
    setting: whole,
    combination: whole,
    trial: maybe(whole),
    params: paramsForm,
    seed: maybe(whole),
    name: text,
    planHash: sha256Text,
    memoryBytes: whole,
    epochs: between(0, mostEpochs),
  }),
)

const contents: { readonly [K in Kind]: Form<Content<K>> } = {
  pool_started: object<Content<'pool_started'>>({
    pool: text,
    pid: whole,
    host: text,
    parallel: whole,
    threads: whole,
    program: text,
  }),
  instance_started: object<Content<'instance_started'>>({
    instance: whole,
    how: oneOf('new', 'resumed', 'adopted'),
    attempt: whole,
  }),
  instance_ended: object<Content<'instance_ended'>>({
    instance: whole,
    exitCode: between(0, 255),
    code: maybe(text),
    message: text,
    retried: truth,
  }),
  setting_pruned: object<Content<'setting_pruned'>>({ setting: whole, epoch: whole, by: text }),
  commanded: object<Content<'commanded'>>({
    command: oneOf('stop', 'stop_now', 'prune', 'add_trials'),
    by: text,
  }),
  pool_ended: object<Content<'pool_ended'>>({
    outcome: oneOf('done', 'stopped', 'failed', 'broken'),
    exitCode: between(0, 255),
    message: text,
  }),
}

/** What a line of a pool's journal may hold. */
export const sweepEventForm: Form<SweepEvent> = eventForm<SweepEvent>(contents)
