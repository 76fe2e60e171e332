// The next setting that a search tries. Whoever chooses it writes it down for all: of several pools that
// choose at once, one is first, and the others take what it chose.

import { linkSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type PastTrial, type Sweep, searchSetting } from '../../../compiler/sweep/index.js'
import { temporaryPath } from '../../platform/files/temporaries.js'
import { hasCode } from '../../platform/system-errors.js'
import type { FrozenSweep } from './frozen-sweep.js'
import { type EvaluationReader, settingCurves, sweepGoal } from './results.js'
import type { SweepView } from './state.js'

/**
 * What a search did: chose a setting, waits for what it started to end, has all its trials (as a sweep that
 * does not search has), or finds no setting any more that is not excluded.
 */
export type Choice = 'chosen' | 'later' | 'complete' | 'exhausted'

/**
 * How many trials a search has chosen, and is to choose; of a sweep that does not search as many as it has.
 */
export function trialsOf(
  { draw }: Sweep,
  { instances }: Pick<SweepView, 'instances'>,
  more: number,
): { readonly chosen: number; readonly asked: number } {
  const chosen = new Set(instances.map(({ instance }) => instance.setting)).size
  if (draw?.kind !== 'search') return { chosen, asked: chosen }
  const combinations = new Set(instances.map(({ instance }) => instance.combination)).size
  return { chosen, asked: Math.max(chosen, combinations * (draw.trials + more)) }
}

/**
 * Chooses and writes down the next setting of a combination that has one left. At most `ahead` settings are
 * open at once in a combination, for a search that knows nothing of what it started yet is a random one.
 * @param more trials that were added to those of the file
 */
export function chooseNext(
  { sweep, instancesOfSetting }: FrozenSweep,
  view: SweepView,
  {
    more,
    ahead,
    reader,
  }: { readonly more: number; readonly ahead: number; readonly reader: EvaluationReader },
): Choice {
  const { draw } = sweep
  const goal = sweepGoal(sweep)
  if (draw?.kind !== 'search' || goal === undefined) return 'complete'
  let choice: Choice = 'complete'
  const longer = { ...sweep, draw: { ...draw, trials: draw.trials + more } }
  const curves = settingCurves(view, goal, reader)
  for (const combination of new Set(view.instances.map(({ instance }) => instance.combination))) {
    const own = view.instances.filter(({ instance }) => instance.combination === combination)
    const open = new Set(
      own
        .filter(({ state }) => !['done', 'failed', 'pruned', 'equal'].includes(state))
        .map(({ instance }) => instance.setting),
    )
    const trial = 1 + Math.max(-1, ...own.map(({ instance }) => instance.trial ?? -1))
    if (trial >= longer.draw.trials) continue
    if (open.size >= ahead) {
      choice = 'later'
      continue
    }
    const past = [...new Set(own.map(({ instance }) => instance.setting))].flatMap((setting): PastTrial[] => {
      const first = own.find(({ instance }) => instance.setting === setting)
      const seeds = curves.get(setting) ?? []
      // What was pruned tells the search as much as it came to.
      const values = seeds.flatMap(({ values: all }) => all.at(-1) ?? [])
      if (first === undefined || open.has(setting) || values.length === 0) return []
      const value = values.reduce((sum, one) => sum + one, 0) / values.length
      return [{ trial: first.instance.trial ?? 0, params: first.instance.params, value }]
    })
    const setting = searchSetting(longer, combination, trial, past)
    if (setting === undefined) {
      if (choice === 'complete') choice = 'exhausted'
      continue
    }
    // Numbers go on behind those that the file knows, so that trials that are added later take none of them.
    const number = 1 + Math.max(-1, ...view.instances.map(({ instance }) => instance.setting))
    writeTrial(view.folder, number, instancesOfSetting({ ...setting, number }))
    return 'chosen'
  }
  return choice
}

function writeTrial(sweepFolder: string, number: number, instances: readonly object[]): void {
  const path = join(sweepFolder, 'trials', `${String(number).padStart(6, '0')}.json`)
  const beside = temporaryPath(path)
  writeFileSync(beside, JSON.stringify(instances), { flag: 'wx' })
  try {
    linkSync(beside, path)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    rmSync(beside, { force: true })
  }
}
