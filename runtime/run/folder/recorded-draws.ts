// draws/<dataset>.json: the long-tailed draws of a run as index files, which `longtail(draw: "...")` reads
// back.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { indexFileText } from '../../../compiler/plan/index-file.js'
import type { NamedDraw } from '../../data/draws.js'
import { writeDurably } from '../../platform/files/durable.js'
import { drawsFolder } from './file-names.js'
import type { RunLock } from './lock.js'

/** Writes the files, and returns what the lock says of them. A resumed run writes the same again. */
export function recordDraws(runFolder: string, draws: readonly NamedDraw[]): NonNullable<RunLock['draws']> {
  if (draws.length > 0) mkdirSync(join(runFolder, drawsFolder), { recursive: true })
  return draws.map(({ dataset, images, different, sha256, saved }) => {
    writeDurably(join(runFolder, drawsFolder, `${dataset}.json`), indexFileText(saved))
    return { dataset, images, ...(different !== undefined && { different }), sha256 }
  })
}
