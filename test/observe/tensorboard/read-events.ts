// A reader of event files that shares nothing with the writer: records cut apart by their lengths, messages
// decoded from definitions of its own.
import { readFileSync } from 'node:fs'
import protobuf from 'protobufjs'

const { root } = protobuf.parse(`
  syntax = "proto3";
  message Event {
    double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; SessionLog session_log = 7;
  }
  message SessionLog { enum Status { UNSPECIFIED = 0; START = 1; STOP = 2; CHECKPOINT = 3; } Status status = 1; }
  message Summary { repeated Value value = 1;
    message Image { int32 height = 1; int32 width = 2; int32 colorspace = 3; bytes encoded_image_string = 4; }
    message Value { string tag = 1; float simple_value = 2; Image image = 4; Tensor tensor = 8; Metadata metadata = 9; }
  }
  message Tensor { int32 dtype = 1; Shape tensor_shape = 2;
    message Shape { message Dim { int64 size = 1; } repeated Dim dim = 2; }
  }
  message Metadata { message Plugin { string plugin_name = 1; bytes content = 2; } Plugin plugin_data = 1; }
  message HParams { int32 version = 1; Experiment experiment = 2; Start session_start_info = 3; End session_end_info = 4; }
  message Experiment { double time_created_secs = 3; repeated HParam hparam_infos = 4; repeated Metric metric_infos = 5; }
  message HParam { string name = 1; enum Type { UNSET = 0; STRING = 1; BOOL = 2; FLOAT64 = 3; } Type type = 4; }
  message Metric { message Name { string group = 1; string tag = 2; } Name name = 1; }
  message Start { map<string, Setting> hparams = 1; double start_time_secs = 5; }
  message End { enum Status { UNKNOWN = 0; SUCCESS = 1; FAILURE = 2; RUNNING = 3; } Status status = 1; double end_time_secs = 2; }
  message Setting { double number_value = 2; string string_value = 3; bool bool_value = 4; }
`)

export interface ReadValue {
  readonly tag: string
  readonly simpleValue?: number
  readonly image?: {
    readonly width: number
    readonly height: number
    readonly encodedImageString: Uint8Array
  }
  readonly metadata?: { readonly pluginData: { readonly pluginName: string; readonly content: Uint8Array } }
}

export interface ReadEvent {
  readonly wallTime: number
  readonly step: number
  readonly fileVersion?: string
  readonly summary?: { readonly value: readonly ReadValue[] }
  readonly sessionLog?: { readonly status: string }
}

/** Data of the records of a file; checks are not looked at. */
export function recordsOf(bytes: Uint8Array): readonly Uint8Array[] {
  const records: Uint8Array[] = []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at < bytes.byteLength; ) {
    const length = Number(view.getBigUint64(at, true))
    records.push(bytes.subarray(at + 12, at + 12 + length))
    at += 12 + length + 4
  }
  return records
}

export function readEvents(path: string): readonly ReadEvent[] {
  return recordsOf(readFileSync(path)).map((data) => ({ step: 0, ...decoded('Event', data) }) as ReadEvent)
}

/** The HParams plugin's message in a value's metadata. */
export function hparamsIn(value: ReadValue | undefined): object {
  return decoded('HParams', value?.metadata?.pluginData.content ?? new Uint8Array())
}

/** All values of a tag with the steps of their events. */
export function seriesOf(events: readonly ReadEvent[], tag: string): readonly (readonly [number, number])[] {
  return events.flatMap(({ step, summary }) =>
    (summary?.value ?? []).flatMap((value) =>
      value.tag === tag ? [[step, value.simpleValue ?? Number.NaN] as const] : [],
    ),
  )
}

function decoded(name: string, data: Uint8Array): object {
  const type = root.lookupType(name)
  return type.toObject(type.decode(data), { longs: Number, enums: String })
}
