// What a profile leaves in a folder.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from '../../platform/files/durable.js'
import type { MeasuredSteps, Profile } from './profile.js'
import { profileText } from './profile-text.js'
import { chromeTrace } from './trace.js'

/** For people. */
export const profileTextFile = 'profile.txt'
/** Everything, as data. */
export const profileFile = 'profile.json'
/** A few steps on a line of time. */
export const traceFile = 'profile.trace.json'

export function writeProfile(folder: string, profile: Profile, measured: MeasuredSteps): void {
  mkdirSync(folder, { recursive: true })
  writeDurably(join(folder, profileFile), `${JSON.stringify(profile, undefined, 2)}\n`)
  writeDurably(join(folder, profileTextFile), `${profileText(profile).join('\n')}\n`)
  writeDurably(join(folder, traceFile), `${JSON.stringify(chromeTrace(measured))}\n`)
}
