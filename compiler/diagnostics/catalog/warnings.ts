// SAU6xxx: what is right but probably not meant.
import { message, warning } from '../message.js'

export const warningEntries = {
  SAU6001: warning(message`nothing uses the view \`${'name'}\``),
  SAU6002: warning(message`nothing reads the param \`${'name'}\``, message`setting it would change nothing`),
  SAU6003: warning(
    message`the loss \`${'name'}\` is not part of what is minimized`,
    message`add it to \`minimize\`, or take it out`,
  ),
  SAU6004: warning(message`nothing reads the head \`${'name'}\``),
  SAU6005: warning(message`nothing reads \`let ${'name'}\``),
  SAU6006: warning(message`nothing draws from the stream \`${'name'}\``),
  SAU6007: warning(message`nothing uses the dataset \`${'name'}\``),
  SAU6008: warning(message`nothing reads the memory \`${'name'}\``),
  SAU6009: warning(message`nothing calls the network \`${'name'}\``),
  SAU6021: warning(
    message`no image can have another of its class beside it: the loss is 0 in every step, and nothing is learned from it`,
    message`give \`supcon\` two views of each image, prototypes (\`with:\`), or batches with several images of a class`,
  ),
  SAU6030: warning(
    message`${'files'} below \`${'path'}\` are images of a kind that is not read: ${'classes'}`,
    message`turn them into PNG or JPEG, or take them away`,
  ),
  SAU6101: warning(
    message`the best epoch is chosen on \`${'dataset'}\`, a test split`,
    message`choose it on a part of the training data that is held out (\`split\`); the report repeats this warning`,
  ),
} as const
