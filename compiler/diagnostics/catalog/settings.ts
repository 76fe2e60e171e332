// SAU5xxx: values given to params from outside.
import { message, settingError } from '../message.js'

export const settingEntries = {
  SAU5001: settingError(message`\`--set ${'name'}=${'value'}\`: the experiment has no param \`${'name'}\``),
  SAU5002: settingError(message`\`--set ${'name'}=${'value'}\`: \`${'name'}\` expects ${'expected'}`),
  SAU5003: settingError(message`\`--set ${'name'}=${'value'}\`: ${'value'} is not in the domain ${'domain'}`),
  SAU5004: settingError(
    message`the param \`${'name'}\` has no value`,
    message`give it one: \`--set ${'name'}=${'example'}\`, or a default in the file`,
  ),
} as const
