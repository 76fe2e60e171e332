// `saurun stop RUN...` and `saurun tell RUN WHAT`: the way to a run that goes on, from any terminal that sees
// its folder.
import { statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { mostEpochs } from '../../../compiler/functions/bounds.js'
import { nearestName } from '../../../grammar/nearest-name.js'
import { exitCodes } from '../../platform/errors.js'
import { findRuns, runsRoot } from '../../run/folder/folder.js'
import type { Command } from '../../run/journal/commands.js'
import type { JournalEvent } from '../../run/journal/events.js'
import { journalFile } from '../../run/journal/journal.js'
import { attachRun, type WatchedRun } from '../../run/process/attach.js'
import type { CommandBody } from '../declaration.js'
import { type stop, type tell, tellable } from '../declared/runs.js'
import { UsageError } from '../parser.js'
import { shownFolder } from '../watch.js'
import { chosenRun } from './chosen-run.js'

const by = 'saurun on the command line'

export const stopRuns: CommandBody<typeof stop> = async (words, options, context) => {
  const root = runsRoot(options.runs)
  const folders = words.length === 0 ? [chosenRun(undefined, options)] : findRuns(root, words)
  // All are found alive before any is told.
  const runs = folders.map(attachFromEnd)
  for (const run of runs) run.tell({ command: options.now === true ? 'stop_now' : 'stop' }, by)
  for (const run of runs) {
    const shown = shownFolder(run.runFolder, context)
    let last: JournalEvent | undefined
    for await (const event of run.events) last = event
    const message = last?.event === 'run_ended' ? last.message : 'ended'
    context.out(`${basename(run.runFolder)}: ${message}\n`)
    if (last?.event === 'run_ended' && last.outcome === 'stopped') {
      context.out(`  goes on with  ${context.command} --resume ${shown}\n`)
    }
  }
  return exitCodes.done
}

/** How long the answer of a run is waited for, ms: a step may be long. */
const answerTime = 10_000

export const tellRun: CommandBody<typeof tell> = async ([word, what, count], options, context) => {
  const command = commandOf(what ?? '', count)
  const run = attachFromEnd(chosenRun(word, options))
  run.tell(command, by)
  const answer = await Promise.race([taken(run, command), sleep(answerTime, undefined, { ref: false })])
  run.detach()
  const name = basename(run.runFolder)
  context.out(
    answer === undefined
      ? `${name} has not answered yet: it takes the command between two steps\n`
      : `${name}: ${answer}\n`,
  )
  return exitCodes.done
}

function attachFromEnd(runFolder: string): WatchedRun {
  return attachRun(runFolder, statSync(join(runFolder, journalFile), { throwIfNoEntry: false })?.size ?? 0)
}

/** @throws UsageError for words that are no command. */
function commandOf(what: string, count: string | undefined): Command {
  switch (what) {
    case 'pause':
    case 'continue':
    case 'evaluate':
    case 'stop':
      return { command: what }
    case 'stop-now':
      return { command: 'stop_now' }
    case 'extend': {
      const epochs = Number(count)
      if (count !== undefined && Number.isSafeInteger(epochs) && epochs > 0 && epochs <= mostEpochs) {
        return { command: 'extend', epochs }
      }
      throw new UsageError(
        `\`extend\` needs the number of epochs, from 1 to ${mostEpochs.toLocaleString('en')}`,
        'such as `saurun tell last extend 10`',
      )
    }
    default: {
      const nearest = nearestName(what, tellable)
      throw new UsageError(
        `a run cannot be told \`${what}\``,
        nearest === undefined ? `it understands ${tellable.join(', ')}` : `did you mean \`${nearest}\`?`,
      )
    }
  }
}

/** What the run says of the command, once it has taken it. */
async function taken(run: WatchedRun, command: Command): Promise<string> {
  for await (const event of run.events) {
    if (event.event === 'extended') return `goes on to ${event.epochs} epochs instead of ${event.before}`
    if (event.event !== 'commanded' || event.command !== command.command) continue
    switch (command.command) {
      case 'pause':
        return 'waits, until it is told to continue'
      case 'continue':
        return 'goes on'
      case 'evaluate':
        return 'evaluates between two steps'
      case 'stop':
        return 'stops after a checkpoint'
      case 'stop_now':
        return 'stops at once'
      case 'extend':
    }
  }
  return 'has ended'
}
