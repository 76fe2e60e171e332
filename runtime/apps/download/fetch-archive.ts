// Gets one file of known size and checksum, however often the connection is cut: what has come is kept beside
// as `.part`, and every try goes on from there where the server can.
import { createHash } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { RunError } from '../../platform/errors.js'
import { withoutCredentials } from '../../platform/texts/addresses.js'
import type { GetEvent } from './events.js'
import {
  asWriteFailure,
  badReply,
  cutOff,
  interrupted,
  noAnswer,
  notThere,
  wrongChecksum,
  wrongSize,
} from './failures.js'
import type { PublishedArchive } from './published.js'
import { type Reply, request } from './request.js'

/** How long cut connections are borne. */
export interface Patience {
  /** Tries in a row that bring nothing, before it is given up. */
  readonly tries: number
  /** Milliseconds before the next try, after so many in a row that brought nothing. */
  readonly wait: (failures: number) => number
  /** Milliseconds without a byte after which a connection counts as cut. */
  readonly stall: number
}

export const usualPatience: Patience = {
  tries: 6,
  wait: (failures) => 1000 * 2 ** (failures - 1),
  stall: 60_000,
}

export interface Fetching {
  readonly archive: PublishedArchive
  readonly address: string
  /** Gets the file, and its `.part`. */
  readonly folder: string
  readonly patience: Patience
  readonly signal: AbortSignal
  readonly emit: (event: GetEvent) => void
}

/** A try that ended early, and why. */
interface Broken {
  readonly kind: 'unreached' | 'cut' | 'refused'
  readonly reason: string
}

/**
 * Returns the path of the whole file, whose checksum is right.
 * @throws RunError SAU8103 to SAU8110, SAU8115.
 */
export async function fetchArchive(fetching: Fetching): Promise<string> {
  const { archive, address, folder, emit } = fetching
  const whole = join(folder, archive.file)
  const part = `${whole}.part`
  if (existsSync(whole)) {
    if ((await md5Of(whole)) === archive.md5) return done(fetching, whole, true)
    rmSync(whole)
  }
  for (let isRestarted = false; ; isRestarted = true) {
    const before = sizeOf(part)
    await receiveAll(fetching, part)
    const found = await md5Of(part)
    if (found === archive.md5) {
      renameSync(part, whole)
      rmSync(`${part}.json`, { force: true })
      return done(fetching, whole, false)
    }
    forget(part)
    // What an earlier try left may have been of another file.
    if (before === 0 || isRestarted) throw wrongChecksum(address, found, archive.md5)
    emit({
      event: 'download_retried',
      file: archive.file,
      reason: 'what an earlier try left is of another file',
      seconds: 0,
      from: 0,
    })
  }
}

function done({ archive, emit }: Fetching, whole: string, kept: boolean): string {
  emit({ event: 'download_done', file: archive.file, md5: archive.md5, kept })
  return whole
}

/** Until the part has all bytes. */
async function receiveAll(fetching: Fetching, part: string): Promise<void> {
  const { archive, address, patience, signal, emit } = fetching
  let failures = 0
  for (;;) {
    const before = sizeOf(part)
    if (before === archive.bytes) return
    if (before > archive.bytes) forget(part)
    const broken = await receive(fetching, part)
    if (broken === undefined) continue
    const size = sizeOf(part)
    failures = size > before ? 1 : failures + 1
    // Where nobody answers at all, waiting long helps nobody.
    if (failures >= (broken.kind === 'unreached' ? Math.min(3, patience.tries) : patience.tries)) {
      if (broken.kind === 'refused') throw badReply(address, broken.reason)
      throw size === 0 && broken.kind === 'unreached'
        ? noAnswer(address, broken.reason)
        : cutOff(address, broken.reason, size, archive.bytes)
    }
    const wait = patience.wait(failures)
    emit({
      event: 'download_retried',
      file: archive.file,
      reason: broken.reason,
      seconds: wait / 1000,
      from: size,
    })
    await delay(wait, undefined, { signal }).catch(() => {
      throw interrupted(signal.reason)
    })
  }
}

/** One request, and what comes of it; undefined where the body ended as it should. */
async function receive(fetching: Fetching, part: string): Promise<Broken | undefined> {
  const { archive, address, patience, signal, emit } = fetching
  const from = sizeOf(part)
  let reply: Reply
  try {
    reply = await request(address, from === 0 ? {} : rangeHeaders(address, part, from), {
      stall: patience.stall,
      signal,
    })
  } catch (error) {
    if (signal.aborted) throw interrupted(signal.reason)
    return { kind: 'unreached', reason: reasonOf(error) }
  }
  const { response, status } = reply
  const verdict = judge(reply, archive, address, from)
  if (verdict.kind !== 'body') {
    response.destroy()
    if (verdict.kind === 'restart' || verdict.kind === 'fatal') forget(part)
    if (verdict.kind === 'fatal') throw verdict.error
    return { kind: 'refused', reason: verdict.reason }
  }
  const start = status === 206 ? from : 0
  emit({ event: 'download_started', file: archive.file, bytes: archive.bytes, from: start })
  keepValidator(part, address, reply)
  return await store(fetching, response, part, start)
}

type Verdict =
  | { readonly kind: 'body' }
  /** The server may think better of it. */
  | { readonly kind: 'later' | 'restart'; readonly reason: string }
  | { readonly kind: 'fatal'; readonly error: RunError }

function judge({ status, header }: Reply, archive: PublishedArchive, address: string, from: number): Verdict {
  if (status === 200) {
    const length = header('content-length')
    if (length === undefined || Number(length) === archive.bytes) return { kind: 'body' }
    return { kind: 'fatal', error: wrongSize(address, Number(length), archive.bytes) }
  }
  if (status === 206) {
    const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header('content-range') ?? '') ?? []
    if (total !== undefined && total !== '*' && Number(total) !== archive.bytes)
      return { kind: 'fatal', error: wrongSize(address, Number(total), archive.bytes) }
    if (start !== undefined && Number(start) === from && from > 0) return { kind: 'body' }
    return { kind: 'restart', reason: 'it sent another part than was asked for' }
  }
  if (status === 416) return { kind: 'restart', reason: `it has nothing after byte ${from}` }
  if ([401, 403, 404, 410, 451].includes(status)) return { kind: 'fatal', error: notThere(address, status) }
  if (status === 408 || status === 429 || status >= 500) return { kind: 'later', reason: `HTTP ${status}` }
  return { kind: 'fatal', error: badReply(address, `HTTP ${status}`) }
}

async function store(
  { archive, address, signal, emit, folder }: Fetching,
  response: IncomingMessage,
  part: string,
  start: number,
): Promise<Broken | undefined> {
  let received = start
  let told = 0
  try {
    const file = await open(part, start === 0 ? 'w' : 'a')
    try {
      // Chunk by chunk onto the disk: a stream would throw away what it still holds where the connection is
      // cut.
      for await (const chunk of response as AsyncIterable<Buffer>) {
        received += chunk.length
        if (received > archive.bytes) throw wrongSize(address, received, archive.bytes)
        await file.writeFile(chunk)
        const now = performance.now()
        if (now - told < 250 && received < archive.bytes) continue
        told = now
        emit({ event: 'download_progress', file: archive.file, bytes: received, total: archive.bytes })
      }
    } finally {
      await file.close()
    }
  } catch (error) {
    if (signal.aborted) throw interrupted(signal.reason)
    if (error instanceof RunError) {
      forget(part)
      throw error
    }
    const failure = asWriteFailure(error, folder)
    if (failure instanceof RunError) throw failure
    return { kind: 'cut', reason: reasonOf(error) }
  }
  return received < archive.bytes ? { kind: 'cut', reason: 'it ended too early' } : undefined
}

// ---- what is known of the part
// ------------------------------------------------------------------------------

/** Asks for the rest, and for all of it where the file is no longer the one that the part is of. */
function rangeHeaders(address: string, part: string, from: number): Readonly<Record<string, string>> {
  const range = { range: `bytes=${from}-` }
  try {
    const kept: unknown = JSON.parse(readFileSync(`${part}.json`, 'utf8'))
    const known = typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>) : {}
    return known.address === withoutCredentials(address) && typeof known.validator === 'string'
      ? { ...range, 'if-range': known.validator }
      : range
  } catch {
    // Without it the checksum still tells.
    return range
  }
}

/** A weak tag is no validator for parts (RFC 9110, 13.1.5). */
function keepValidator(part: string, address: string, { header }: Reply): void {
  const tag = header('etag')
  const validator = tag !== undefined && !tag.startsWith('W/') ? tag : header('last-modified')
  writeFileSync(`${part}.json`, JSON.stringify({ address: withoutCredentials(address), validator }))
}

function forget(part: string): void {
  rmSync(part, { force: true })
  rmSync(`${part}.json`, { force: true })
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/** Hex MD5 of a file, as data sites publish it. */
export async function md5Of(path: string): Promise<string> {
  const hash = createHash('md5')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // Several addresses of one name, each with its own error and none of them in the message.
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  return error.message === 'aborted' ? 'it was closed before the end' : withoutCredentials(error.message)
}
