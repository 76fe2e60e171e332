// `saurun sweep status SWEEP` and `saurun sweep stop SWEEP`: looking after a sweep, from any machine that
// sees its folder.

import { tellSweep } from '../../apps/sweep/commands.js'
import { findSweep } from '../../apps/sweep/find-sweep.js'
import { openFrozenSweep } from '../../apps/sweep/frozen-sweep.js'
import { exitCodes } from '../../platform/errors.js'
import { runsRoot } from '../../run/folder/folder.js'
import type { Context } from '../context.js'
import type { CommandBody } from '../declaration.js'
import type { sweepStatus, sweepStop } from '../declared/sweeps.js'
import { isWorkedOn, type ShownSweep, shownSweep, sweepStatusText, watchSweep } from '../sweep-watch.js'
import { shownFolder } from '../watch.js'
import { jobsLine, stopJobs } from './sweep-on.js'

export const showSweepStatus: CommandBody<typeof sweepStatus> = async ([word = ''], options, context) => {
  const { sweepFolder, shown } = begunSweep(word, options.runs, context)
  const jobs = options.json === true ? undefined : await jobsLine(sweepFolder)
  if (jobs !== undefined) context.out(jobs)
  sweepStatusText(sweepFolder, shown, options, context)
  return exitCodes.done
}

export const stopSweep: CommandBody<typeof sweepStop> = async ([word = ''], options, context) => {
  const { sweepFolder, shown } = begunSweep(word, options.runs, context)
  const cancelled = await stopJobs(sweepFolder)
  if (cancelled > 0) context.note(`${cancelled} waiting pilots are cancelled\n`)
  if (!isWorkedOn(sweepFolder)) {
    if (cancelled > 0) return exitCodes.done
    context.note(`nothing works on ${shownFolder(sweepFolder, context)}\n`)
    return exitCodes.failed
  }
  const command = options.now === true ? 'stop_now' : 'stop'
  tellSweep(sweepFolder, { command }, 'saurun on the command line')
  await watchSweep(sweepFolder, shown, { ...options, plain: true }, context)
  return exitCodes.done
}

function begunSweep(
  word: string,
  runs: string | undefined,
  context: Context,
): { readonly sweepFolder: string; readonly shown: ShownSweep } {
  const sweepFolder = findSweep(runsRoot(runs, context.environment), word)
  const { sweep } = openFrozenSweep(sweepFolder)
  return { sweepFolder, shown: shownSweep(sweep, context.workingFolder) }
}
