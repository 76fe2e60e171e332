// Entry of the process that measures: takes one request, answers it, ends. Its standard error is a file
// (process.ts).

import { inspect } from 'node:util'
import { RunError } from '../../platform/errors.js'
import { logLine } from '../../platform/texts/terminal.js'
import { asWriteRefusal } from '../../run/folder/folder.js'
import type { RefusalMessage } from '../../run/process/refusal.js'
import { writeProfile } from './files.js'
import { type Measurement, measureSteps } from './measure.js'
import { type Profile, profileOf } from './profile.js'
import type { SourceText } from './sources.js'

export interface ProfileRequest extends Measurement {
  /** What the Plan was compiled from, the experiment first. */
  readonly texts: readonly SourceText[]
  /** Folder that the files go into; none are written where it is absent. */
  readonly output?: string
}

export interface ProfileMessage {
  readonly profile: Profile
}

process.title = 'saurun-profile'
process.on('disconnect', () => process.exit(1))
process.once('message', (request: ProfileRequest) => void answer(request))

async function answer(request: ProfileRequest): Promise<void> {
  try {
    const measured = await measureSteps(request)
    const profile = profileOf(measured, request.texts)
    if (request.output !== undefined) writeProfile(request.output, profile, measured)
    reply({ profile }, 0)
  } catch (thrown) {
    const error = request.output === undefined ? thrown : asWriteRefusal(thrown, request.output)
    if (!(error instanceof RunError)) {
      logLine(inspect(error))
      process.exit(1)
    }
    const { code, message, help, exitCode } = error
    reply({ refused: { code, message, help, exitCode } }, exitCode)
  }
}

function reply(message: ProfileMessage | RefusalMessage, exitCode: number): void {
  if (process.send === undefined) process.exit(exitCode)
  process.send(message, () => process.exit(exitCode))
}
