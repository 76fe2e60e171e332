// One process at a time works in a run folder. The file `owner.json` names it; its modification time is a
// heartbeat.
import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { exitCodes, RunError } from '../errors.js'
import { between, conforms, type Form, object, text } from '../forms/json-form.js'
import { hasCode } from '../system-errors.js'
import { readStored } from './stored-file.js'
import { temporaryPath } from './temporaries.js'

/** Names the owner of a run, or of a pool of a sweep. */
export const ownerFile = 'owner.json'

/**
 * Milliseconds between two signs of life, and how old the last may be for an owner on another machine to
 * count as alive.
 */
const heartbeatInterval = 5_000
const silenceLimit = 120_000

interface Owner {
  readonly pid: number
  /**
   * When the process began, in a form that only comparing makes sense for; tells it from a later one of the
   * same pid.
   */
  readonly began: string
  readonly host: string
  readonly token: string
}

const ownerForm: Form<Owner> = object<Owner>({
  // 0 and below are no process but groups of them.
  pid: between(1, 2 ** 31 - 1),
  began: text,
  host: text,
  token: text,
})

export interface Ownership {
  /** The owner before, which was taken for dead. */
  readonly replaced: OwnerState | undefined
  release(): void
}

/** What is known of the process that a run folder names as its owner. */
export interface OwnerState {
  /** `silent`: on another machine, where nothing but its signs of life tells, and those have ceased. */
  readonly life: 'alive' | 'dead' | 'silent'
  readonly pid: number
  readonly host: string
  /** Milliseconds since its last sign of life. */
  readonly silence: number
}

/**
 * Makes this process the owner of a run folder until `release`. An owner that died without releasing is
 * replaced.
 * @throws RunError SAU7102 where a living process has it, SAU7130 where the file that would say so is none,
 * or cannot be read.
 */
export function takeOwnership(runFolder: string): Ownership {
  const path = join(runFolder, ownerFile)
  const own: Owner = {
    pid: process.pid,
    began: processBegan(process.pid) ?? 'unknown',
    host: hostname(),
    token: randomBytes(8).toString('hex'),
  }
  // Written beside and linked into place: the file is never seen half-written, and linking fails where one is
  // there.
  const beside = temporaryPath(path, own.token)
  writeFileSync(beside, JSON.stringify(own), { flag: 'wx' })
  let replaced: OwnerState | undefined
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        linkSync(beside, path)
        break
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw error
      }
      const other = readOwner(path)
      if (other === undefined) continue
      const state = stateOf(other, path, modified(beside) ?? Date.now())
      if (attempt > 3 || state.life === 'alive') throw inUse(runFolder, other)
      if (other.pid > 0) replaced = state
      moveAway(path, other, own.token)
    }
  } finally {
    rmSync(beside, { force: true })
  }
  const heartbeat = setInterval(() => {
    try {
      utimesSync(path, new Date(), new Date())
    } catch {
      // The folder was taken away under the run; its next write says so.
    }
  }, heartbeatInterval)
  heartbeat.unref()
  return {
    replaced,
    release() {
      clearInterval(heartbeat)
      if (readableOwner(path)?.token === own.token) rmSync(path, { force: true })
    },
  }
}

/**
 * The process that a run folder names as its owner, whether it lives or died without a word; none where the
 * file that names it cannot be read, of which `checkLayout` tells.
 */
export function ownerOf(runFolder: string): OwnerState | undefined {
  const path = join(runFolder, ownerFile)
  const owner = readableOwner(path)
  return owner === undefined || owner.pid <= 0 ? undefined : stateOf(owner, path, Date.now())
}

/** The living process that owns a run folder, if there is one. */
export function currentOwner(runFolder: string): { readonly pid: number; readonly host: string } | undefined {
  const owner = ownerOf(runFolder)
  return owner?.life === 'alive' ? { pid: owner.pid, host: owner.host } : undefined
}

/** SAU7102, naming who has the run. */
export function inUse(runFolder: string, { pid, host }: Pick<Owner, 'pid' | 'host'>): RunError {
  const where = host === hostname() ? `process ${pid}` : `process ${pid} on ${host}`
  return new RunError(
    'SAU7102',
    `${runFolder} is in use by ${where}`,
    'wait until it ends, or stop it; two processes cannot train one run',
    exitCodes.failed,
  )
}

/**
 * Takes a dead owner's file away, unless another process was faster and the file is a living one's by now.
 */
function moveAway(path: string, dead: Owner, token: string): void {
  const aside = `${path}.${token}.dead`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return
    throw error
  }
  if (readOwner(aside)?.token !== dead.token) renameSync(aside, path)
  else rmSync(aside, { force: true })
}

function readableOwner(path: string): Owner | undefined {
  try {
    return readOwner(path)
  } catch (error) {
    if (error instanceof RunError) return undefined
    throw error
  }
}

function readOwner(path: string): Owner | undefined {
  const bytes = readStored(path)
  if (bytes === undefined) return undefined
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (conforms(ownerForm, value)) return value
  } catch {
    // A machine that lost power can leave an empty file, or one of zeros: nobody's.
  }
  return { pid: 0, began: 'unknown', host: hostname(), token: '' }
}

/**
 * `now` by the clock that stamps the file: that of the machine which keeps the folder, where it can be had.
 */
function stateOf({ pid, host, began }: Owner, path: string, now: number): OwnerState {
  const silence = now - (modified(path) ?? Number.NEGATIVE_INFINITY)
  const state = { pid, host, silence }
  const isHeard = silence < silenceLimit
  if (host !== hostname()) return { ...state, life: isHeard ? 'alive' : 'silent' }
  if (pid <= 0 || !exists(pid)) return { ...state, life: 'dead' }
  const present = processBegan(pid)
  // Where the system does not say when a process began, a pid that lives on counts while its heart beats.
  const isSame = present === undefined || began === 'unknown' ? isHeard : present === began
  return { ...state, life: isSame ? 'alive' : 'dead' }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return hasCode(error, 'EPERM')
  }
}

/** When a file was changed last, milliseconds since 1970. */
function modified(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs
}

/** Boot and start time of a process in clock ticks, on Linux; undefined elsewhere and for zombies. */
function processBegan(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // Fields after the command name in parentheses, which may hold spaces: state is the first, start time the
    // 20th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return 'ended'
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot}/${fields[19]}`
  } catch {
    return undefined
  }
}
