// The copies of the compiled texts in a run folder, believed only where their hashes are those of the lock.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { RunError } from '../../platform/errors.js'
import { readStored } from '../../platform/files/stored-file.js'
import type { RunLock } from './lock.js'

export interface SourceText {
  readonly path: string
  readonly text: string
}

export interface KeptText {
  /** Where it lay when it was compiled, and its copy in the run folder. */
  readonly path: string
  readonly copy: string
  readonly sha256: string
  /** Undefined where the copy is not what was compiled. */
  readonly text: string | undefined
  /** Why it is not. */
  readonly fault: 'is gone' | 'was changed' | 'cannot be read' | undefined
}

/** In the order of the lock: the experiment first. */
export function readTexts(runFolder: string, { texts }: Pick<RunLock, 'texts'>): readonly KeptText[] {
  return texts.map(({ path, copy, sha256 }) => {
    const found = readCopy(join(runFolder, copy))
    if (typeof found === 'string') return { path, copy, sha256, text: undefined, fault: found }
    const isSame = createHash('sha256').update(found).digest('hex') === sha256
    return isSame
      ? { path, copy, sha256, text: found.toString('utf8'), fault: undefined }
      : { path, copy, sha256, text: undefined, fault: 'was changed' }
  })
}

function readCopy(path: string): Buffer | 'is gone' | 'cannot be read' {
  try {
    return readStored(path) ?? 'is gone'
  } catch (error) {
    if (error instanceof RunError) return 'cannot be read'
    throw error
  }
}

/** `experiment.sau in the run folder was changed`; undefined where it is what was compiled. */
export function textFault({ copy, fault }: KeptText): string | undefined {
  return fault === undefined ? undefined : `${copy} in the run folder ${fault}`
}
