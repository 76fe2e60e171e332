// Names of runs and sweeps as they can be typed, for completing them.
import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isSweepFolder } from '../../apps/sweep/folder.js'
import { currentOwner } from '../../platform/files/ownership.js'
import { listRuns } from '../../run/folder/folder.js'
import type { Candidate } from './candidate.js'
import { textOf } from './text-of.js'

/** How many are looked at for whether they go on; looking takes a file each. */
const mostLookedAt = 500

/**
 * `last` and the names of run folders, the newest first; with `runningFirst`, those that go on before all
 * others.
 */
export function runNames(root: string, runningFirst: boolean): readonly Candidate[] {
  const runs = listRuns(root).toReversed()
  const [newest] = runs
  if (newest === undefined) return []
  const running = new Set(runs.slice(0, mostLookedAt).filter((run) => currentOwner(run) !== undefined))
  const describe = (run: string): string => `${basename(dirname(run))}${running.has(run) ? ', running' : ''}`
  const last = { text: 'last', about: `the newest: ${describe(newest)}` }
  const named = (run: string): Candidate => ({ text: basename(run), about: describe(run) })
  if (!runningFirst) return [last, ...runs.map(named)]
  const others = runs.filter((run) => !running.has(run))
  return [...[...running].map(named), last, ...others.map(named)]
}

/** Folders of sweeps that were begun. */
export function sweepNames(root: string): readonly Candidate[] {
  if (!existsSync(root)) return []
  const names = readdirSync(root).filter((name) => isSweepFolder(join(root, name)))
  return names.sort().map((text) => ({ text, about: 'sweep' }))
}

/** Params of the newest runs, which results may be grouped by. */
export function paramNames(root: string): readonly Candidate[] {
  const names = listRuns(root)
    .slice(-20)
    .flatMap((run) => Object.keys(paramsIn(join(run, 'lock.json'))))
  return [...new Set(names)].map((text) => ({ text, about: 'param' }))
}

function paramsIn(lock: string): object {
  try {
    const { params }: { params?: unknown } = JSON.parse(textOf(lock) ?? '{}')
    return typeof params === 'object' && params !== null ? params : {}
  } catch {
    return {}
  }
}
