// `saurun diff A B`: in which fields the Plans of two runs or files differ.
import { resolve } from 'node:path'
import type { Plan } from '../../../compiler/index.js'
import { printable } from '../../../grammar/printable.js'
import { answerText } from '../../observe/text/json.js'
import { type ExitCode, exitCodes } from '../../platform/errors.js'
import { formatPlural } from '../../platform/quantities.js'
import { findRun, isRunFolder, runsRoot } from '../../run/folder/folder.js'
import { readLockedPlan } from '../../run/folder/locked-plan.js'
import { differencesOf, differenceText, followsTrainingSeed } from '../../run/process/plan-difference.js'
import { compileFile } from '../compile-file.js'
import type { Context } from '../context.js'
import type { CommandBody, Options } from '../declaration.js'
import type { diff } from '../declared/files.js'
import { UsageError } from '../parser.js'
import { wordsOf } from '../settings.js'

interface Side {
  readonly plan: Plan
  readonly planHash: string
}

export const diffPlans: CommandBody<typeof diff> = async (words, options, context) => {
  const { files, settings } = wordsOf(words, options)
  const [first, second] = files
  if (first === undefined || second === undefined || files.length > 2) {
    throw new UsageError('diff takes two runs or files', 'write `saurun diff A B`')
  }
  if (!isFile(first) && !isFile(second) && (settings.size > 0 || options.seed !== undefined)) {
    throw new UsageError('runs keep their params and their seed', 'settings are for `.sau` files')
  }
  const before = side(first, settings, options, context)
  if (typeof before === 'number') return before
  const after = side(second, settings, options, context)
  if (typeof after === 'number') return after
  const isSame = before.planHash === after.planHash
  const differences = isSame ? [] : differencesOf(before.plan, after.plan)
  if (options.json === true) context.out(answerText({ same: isSame, differences }))
  else if (options.quiet !== true) {
    for (const line of diffLines(isSame, differences, before.plan, after.plan)) context.out(`${line}\n`)
  }
  return isSame ? exitCodes.done : exitCodes.failed
}

function isFile(word: string): boolean {
  return /\.sau$/i.test(word) && !isRunFolder(resolve(word))
}

function side(
  word: string,
  settings: ReadonlyMap<string, string>,
  options: Options<typeof diff>,
  context: Context,
): Side | ExitCode {
  if (isFile(word)) return compileFile(word, settings, options, context)
  const folder = findRun(runsRoot(options.runs), word)
  const { plan, lock } = readLockedPlan(folder)
  return { plan, planHash: lock.planHash }
}

/** A line for each field; seeds that follow `train.seed` are counted only. */
function diffLines(
  isSame: boolean,
  differences: ReturnType<typeof differencesOf>,
  before: Plan,
  after: Plan,
): readonly string[] {
  if (isSame) return ['the same Plan: only comments, paths or settings that change no number differ, if any']
  const isDerived = (difference: (typeof differences)[number]): boolean =>
    difference.path !== 'seed' && followsTrainingSeed(difference, before, after)
  const lines = differences
    .filter((difference) => !isDerived(difference))
    .map((difference) => printable(differenceText(difference)))
  const derived = differences.filter(isDerived).length
  if (derived > 0)
    lines.push(`and ${formatPlural(derived, 'seed')} that derive${derived === 1 ? 's' : ''} from it`)
  return lines
}
