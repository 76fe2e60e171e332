// The parts of TensorBoard's protobuf messages that are written here, field numbers included: event.proto,
// summary.proto, tensor.proto and tensor_shape.proto of tensorboard/compat/proto, plugin_data.proto and
// api.proto of its HParams plugin.
import { messageSet } from '../../platform/protobuf-messages.js'

const message = messageSet()

message('SessionLog', [['status', 1, 'int32']])
message('Image', [
  ['height', 1, 'int32'],
  ['width', 2, 'int32'],
  ['colorspace', 3, 'int32'],
  ['encodedImageString', 4, 'bytes'],
])
message('PluginData', [
  ['pluginName', 1, 'string'],
  ['content', 2, 'bytes'],
])
message('SummaryMetadata', [['pluginData', 1, 'PluginData']])
message('Dimension', [['size', 1, 'int64']])
message('TensorShape', [['dim', 2, 'Dimension', 'repeated']])
message('Tensor', [
  ['dtype', 1, 'int32'],
  ['tensorShape', 2, 'TensorShape'],
])
message('SummaryValue', [
  ['tag', 1, 'string'],
  ['simpleValue', 2, 'float'],
  ['image', 4, 'Image'],
  ['tensor', 8, 'Tensor'],
  ['metadata', 9, 'SummaryMetadata'],
])
message('Summary', [['value', 1, 'SummaryValue', 'repeated']])
const eventType = message('Event', [
  ['wallTime', 1, 'double'],
  ['step', 2, 'int64'],
  ['fileVersion', 3, 'string'],
  ['summary', 5, 'Summary'],
  ['sessionLog', 7, 'SessionLog'],
])

// google.protobuf.Value
message('Value', [
  ['numberValue', 2, 'double'],
  ['stringValue', 3, 'string'],
  ['boolValue', 4, 'bool'],
])
message('HParamInfo', [
  ['name', 1, 'string'],
  ['type', 4, 'int32'],
])
message('MetricName', [
  ['group', 1, 'string'],
  ['tag', 2, 'string'],
])
message('MetricInfo', [
  ['name', 1, 'MetricName'],
  ['datasetType', 5, 'int32'],
])
message('Experiment', [
  ['timeCreatedSecs', 3, 'double'],
  ['hparamInfos', 4, 'HParamInfo', 'repeated'],
  ['metricInfos', 5, 'MetricInfo', 'repeated'],
])
message('SessionStartInfo', [
  ['hparams', 1, 'Value', 'map'],
  ['startTimeSecs', 5, 'double'],
])
message('SessionEndInfo', [
  ['status', 1, 'int32'],
  ['endTimeSecs', 2, 'double'],
])
const hparamsType = message('HParamsPluginData', [
  ['version', 1, 'int32'],
  ['experiment', 2, 'Experiment'],
  ['sessionStartInfo', 3, 'SessionStartInfo'],
  ['sessionEndInfo', 4, 'SessionEndInfo'],
])

/** One value of a summary; TensorBoard shows values of one tag as one series. */
export type SummaryValue = { readonly tag: string } & (
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'image'; readonly width: number; readonly height: number; readonly png: Uint8Array }
  /** What the HParams plugin knows lies in the metadata of a tag whose values are empty. */
  | { readonly kind: 'hparams'; readonly content: HParamsContent }
)

export type HParamsContent =
  | {
      readonly experiment: {
        readonly timeCreatedSecs: number
        readonly hparamInfos: readonly { readonly name: string; readonly type: number }[]
        readonly metricInfos: readonly {
          readonly name: { readonly group: string; readonly tag: string }
          readonly datasetType: number
        }[]
      }
    }
  | {
      readonly sessionStartInfo: {
        readonly startTimeSecs: number
        readonly hparams: Readonly<Record<string, HParamValue>>
      }
    }
  | { readonly sessionEndInfo: { readonly status: number; readonly endTimeSecs: number } }

export type HParamValue =
  | { readonly numberValue: number }
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }

export type EventContent =
  | { readonly kind: 'version' }
  /** A process begins here: what was seen of this step and later ones is void. */
  | { readonly kind: 'start' }
  | { readonly kind: 'summary'; readonly values: readonly SummaryValue[] }

/** Bytes of an Event message; `time` in milliseconds since 1970. */
export function encodeEvent(time: number, step: number, content: EventContent): Uint8Array {
  const event = eventType.fromObject({ wallTime: time / 1000, step, ...contentFields(content) })
  return eventType.encode(event).finish()
}

function contentFields(content: EventContent): object {
  switch (content.kind) {
    case 'version':
      return { fileVersion: 'brain.Event:2' }
    case 'start':
      return { sessionLog: { status: 1 } }
    case 'summary':
      return { summary: { value: content.values.map(valueFields) } }
  }
}

function valueFields(value: SummaryValue): object {
  const { tag } = value
  switch (value.kind) {
    case 'scalar':
      return { tag, simpleValue: value.value }
    case 'image': {
      const { width, height, png } = value
      // 3: red, green, blue.
      return { tag, image: { width, height, colorspace: 3, encodedImageString: png } }
    }
    case 'hparams': {
      const content = hparamsType.encode(hparamsType.fromObject({ version: 0, ...value.content })).finish()
      // 1: float32. Of no elements.
      const tensor = { dtype: 1, tensorShape: { dim: [{ size: 0 }] } }
      return { tag, metadata: { pluginData: { pluginName: 'hparams', content } }, tensor }
    }
  }
}
