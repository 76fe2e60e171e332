// `saurun status [RUN|DIR...]`: which runs there are, and how they are.
import { exitCodes } from '../../errors.js'
import { answerText } from '../../output/json.js'
import { statusData, statusDetails, statusTable } from '../../output/status-text.js'
import { findRuns, isRunFolder, listRuns, runsRoot } from '../../run-folder/folder.js'
import { currentOwner } from '../../run-folder/ownership.js'
import { runStatus } from '../../status/run-status.js'
import type { CommandBody } from '../command-table.js'

/** Rows of runs that are over, where nothing was named. */
const shownRuns = 20

export const showStatus: CommandBody = async (words, options, context) => {
  const root = runsRoot(options.runs)
  const all = words.length === 0 ? listRuns(root) : findRuns(root, words)
  const isBrief = words.length === 0 && options.all !== true
  const running = all.filter((run) => currentOwner(run) !== undefined)
  const over = all.filter((run) => !running.includes(run))
  const shown = isBrief ? [...over.slice(-shownRuns), ...running] : all
  const statuses = shown.map(runStatus)
  if (options.json === true) {
    context.out(answerText({ runs: statuses.map(statusData) }))
    return exitCodes.done
  }
  const [only] = statuses
  if (only === undefined) {
    context.out(`there is no run under ${root}\n`)
    return exitCodes.done
  }
  const isOne =
    words.length === 1 && statuses.length === 1 && (words[0] === 'last' || !isFolderOfRuns(words[0]))
  const lines = isOne ? statusDetails(only, Date.now()) : statusTable(statuses, Date.now())
  for (const line of lines) context.out(`${line}\n`)
  if (isBrief && over.length > shownRuns) {
    context.out(`${over.length - shownRuns} older runs: \`${context.command} status --all\`\n`)
  }
  return exitCodes.done
}

function isFolderOfRuns(word: string | undefined): boolean {
  return word !== undefined && !isRunFolder(word) && /[/\\]/.test(word)
}
