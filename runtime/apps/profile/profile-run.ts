// The profile of a run: made before it trains, from what its folder holds, and written into it.
import { join } from 'node:path'
import { readTexts } from '../../run/folder/texts.js'
import { asRunError } from '../../run/session/failure.js'
import type { RunToProfile } from '../../run/session/hooks.js'
import { profileTextFile } from './files.js'
import { defaultSteps, profileSteps } from './process.js'

/** Lines that the journal tells of; the files hold all. */
const toldLines = 8

/** Writes the profile and says so in the journal; a run whose profile fails is warned, and trains. */
export async function profileRun({ runFolder, lock, plan, journal, stopping }: RunToProfile): Promise<void> {
  journal.write({ event: 'phase_started', phase: 'profile', epoch: 0, name: undefined })
  const texts = readTexts(runFolder, lock).map(({ path, text = '' }) => ({ path, text }))
  try {
    const profile = await profileSteps(
      {
        plan,
        locations: lock.sources.map((source) => source.locations),
        settings: lock.settings,
        texts,
        steps: defaultSteps,
        output: runFolder,
      },
      stopping,
    )
    if (profile === undefined) return
    const { engine, steps, step, lines } = profile
    journal.write({
      event: 'profiled',
      path: join(runFolder, profileTextFile),
      engine,
      steps,
      milliseconds: step.milliseconds,
      coverage: step.coverage,
      mapped: step.mapped,
      lines: lines
        .slice(0, toldLines)
        .map(({ file, line, text, milliseconds, share }) => ({ file, line, text, milliseconds, share })),
    })
  } catch (error) {
    const { code, message } = asRunError(error, runFolder)
    journal.write({ event: 'warned', code, message: `no profile: ${message}` })
  }
}
