// Files and folders are written under a name beside their own and then take its place. What a killed writer
// left under such a name is taken away by the next process that works in the folder.
import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** A name beside `path` that nobody else has. */
export function temporaryPath(path: string, token = randomBytes(4).toString('hex')): string {
  return `${path}.${token}.tmp`
}

/** Also the names that an owner's file is moved to (`.dead`). */
const pattern = /\.[0-9a-f]{2,32}\.(?:tmp|dead)$/

/** A writer that lives takes milliseconds: what is younger, in ms, is left alone. */
const youngest = 1_000

export interface Leftovers {
  /** Takes away what was there from the beginning and is there still. What cannot be taken away stays. */
  clear(): void
}

/**
 * Notes what lies under temporary names in these folders; where `only` is given, only what is made for that
 * path. Others may write there at the same time, so nothing is taken away before `clear`, at the end of the
 * work: no writer takes as long.
 */
export function noteLeftovers(folders: readonly string[], only?: string): Leftovers {
  const prefix = only === undefined ? '' : `${basename(only)}.`
  const noted = folders.flatMap((folder) =>
    namesIn(folder).flatMap((name) =>
      pattern.test(name) && name.startsWith(prefix) ? [join(folder, name)] : [],
    ),
  )
  return {
    clear() {
      for (const path of noted) {
        const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY
        if (Date.now() - changed < youngest) continue
        try {
          rmSync(path, { recursive: true, force: true })
        } catch {
          // A folder that lets nothing be removed is no reason to end otherwise.
        }
      }
    },
  }
}

/**
 * Leftovers of a run: in its folder and in those inside it, but for checkpoints, which are cleared with every
 * new one.
 */
export function noteRunLeftovers(runFolder: string): Leftovers {
  return noteLeftovers([runFolder, ...foldersIn(runFolder)])
}

/**
 * Leftovers of a sweep: beside its folder, in it, and in those of its pools and trials. Its runs clear their
 * own.
 */
export function noteSweepLeftovers(sweepFolder: string): Leftovers {
  const pools = join(sweepFolder, 'pools')
  const inside = ['texts', 'trials'].map((name) => join(sweepFolder, name))
  const all = [
    noteLeftovers([dirname(sweepFolder)], sweepFolder),
    noteLeftovers([sweepFolder, ...inside, pools, ...foldersIn(pools)]),
  ]
  return {
    clear() {
      for (const part of all) part.clear()
    },
  }
}

function foldersIn(folder: string): readonly string[] {
  return namesIn(folder)
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
