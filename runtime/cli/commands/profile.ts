// `saurun profile FILE`: where the time of a training step goes, without training.
import { resolve } from 'node:path'
import { defaultSteps, profileSteps } from '../../apps/profile/process.js'
import { lineTable, profileHeading, profileText } from '../../apps/profile/profile-text.js'
import { answerText } from '../../observe/text/json.js'
import { exitCodes } from '../../platform/errors.js'
import { compileFile } from '../compile-file.js'
import type { CommandBody } from '../declaration.js'
import type { profile as profileCommand } from '../declared/files.js'
import { UsageError } from '../parser.js'
import { runSettings, wordsOf } from '../settings.js'

/** Lines of the file that are shown without `--verbose`. */
const shownLines = 12

export const profileExperiment: CommandBody<typeof profileCommand> = async (words, options, context) => {
  const { files, settings } = wordsOf(words, options)
  const [file] = files
  if (file === undefined || files.length > 1) {
    throw new UsageError(file === undefined ? 'missing the file to profile' : 'one file at a time', undefined)
  }
  const compiled = compileFile(file, settings, options, context)
  if (typeof compiled === 'number') return compiled
  const { plan, locations, texts } = compiled
  const { steps = defaultSteps, output } = options
  const interruption = interruptible()
  try {
    const profile = await profileSteps(
      {
        plan,
        locations,
        texts,
        settings: runSettings(options),
        steps,
        ...(output === undefined ? {} : { output: resolve(context.workingFolder, output) }),
      },
      interruption.signal,
    )
    if (profile === undefined) return interruption.exitCode()
    if (options.json === true) context.out(answerText(profile))
    else if (options.verbose === true) context.out(`${profileText(profile).join('\n')}\n`)
    else {
      const lines = lineTable(profile.lines.slice(0, shownLines))
      context.out(`${[...profileHeading(profile), '', ...lines].join('\n')}\n`)
    }
    if (output !== undefined && options.quiet !== true) {
      context.note(`wrote ${output}/profile.txt, profile.json and profile.trace.json\n`)
    }
    return exitCodes.done
  } finally {
    interruption.end()
  }
}

/** A signal ends the process that measures, and then this one, so that nothing is left behind. */
function interruptible(): {
  readonly signal: AbortSignal
  readonly exitCode: () => number
  readonly end: () => void
} {
  const abort = new AbortController()
  let exitCode: number = exitCodes.interrupted
  const interrupt = (): void => abort.abort()
  const terminate = (): void => {
    exitCode = exitCodes.terminated
    abort.abort()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', terminate)
  return {
    signal: abort.signal,
    exitCode: () => exitCode,
    end() {
      process.off('SIGINT', interrupt)
      process.off('SIGTERM', terminate)
    },
  }
}
