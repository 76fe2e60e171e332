// `saurun status [RUN|DIR...]`: which runs there are, and how they are.

import { answerText } from '../../observe/text/json.js'
import { damageLines, statusData, statusDetails, statusTable } from '../../observe/text/status-text.js'
import { exitCodes } from '../../platform/errors.js'
import { currentOwner } from '../../platform/files/ownership.js'
import { findRuns, isRunFolder, listRuns, runsRoot } from '../../run/folder/folder.js'
import { readLockedPlan } from '../../run/folder/locked-plan.js'
import { problemOf, runStatus } from '../../run/view/run-status.js'
import type { CommandBody } from '../declaration.js'
import type { status } from '../declared/runs.js'

/** Rows of runs that are over, where nothing was named. */
const shownRuns = 20

export const showStatus: CommandBody<typeof status> = async (words, options, context) => {
  const root = runsRoot(options.runs)
  const all = words.length === 0 ? listRuns(root) : findRuns(root, words)
  const isBrief = words.length === 0 && options.all !== true
  const running = all.filter((run) => currentOwner(run) !== undefined)
  const over = all.filter((run) => !running.includes(run))
  const shown = isBrief ? [...over.slice(-shownRuns), ...running] : all
  const statuses = shown.map((folder) => {
    const status = runStatus(folder)
    // Its Plan is no part of how a run is, but whoever asks wants to know that it is not what it was.
    return status.problem === undefined
      ? { ...status, problem: problemOf(() => readLockedPlan(folder)) }
      : status
  })
  const [only] = statuses
  const isOne =
    words.length === 1 && statuses.length === 1 && (words[0] === 'last' || !isFolderOfRuns(words[0]))
  const exitCode = isOne && only?.problem !== undefined ? exitCodes.failed : exitCodes.done
  if (options.json === true) {
    context.out(answerText({ runs: statuses.map(statusData) }))
    return exitCode
  }
  if (only === undefined) {
    context.out(`there is no run under ${root}\n`)
    return exitCodes.done
  }
  const lines = isOne ? statusDetails(only, Date.now()) : statusTable(statuses, Date.now())
  for (const line of lines) context.out(`${line}\n`)
  if (!isOne) for (const line of damageLines(statuses)) context.note(`${line}\n`)
  if (isBrief && over.length > shownRuns) {
    context.out(`${over.length - shownRuns} older runs: \`${context.command} status --all\`\n`)
  }
  return exitCode
}

function isFolderOfRuns(word: string | undefined): boolean {
  return word !== undefined && !isRunFolder(word) && /[/\\]/.test(word)
}
