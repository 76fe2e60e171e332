// `saurun data get`: a published data set from its site, or from another address, into the folder that
// readers are given. Whole or not at all: what is under way lies in a folder beside, from which a later try
// goes on.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { RunError } from '../../platform/errors.js'
import { flushFolder } from '../../platform/files/durable.js'
import { type Ownership, takeOwnership } from '../../platform/files/ownership.js'
import { hasCode } from '../../platform/system-errors.js'
import { withoutCredentials } from '../../platform/texts/addresses.js'
import type { GetEvent } from './events.js'
import { asWriteFailure, badArchive, noRoom, othersFiles, underWay } from './failures.js'
import { fetchArchive, type Patience } from './fetch-archive.js'
import { placedData, writeReceipt } from './placed.js'
import type { PublishedArchive, PublishedData } from './published.js'
import { unpackTar } from './unpack.js'

export interface GetRequest {
  readonly data: PublishedData
  /** Gets the data set's folder; absolute. */
  readonly directory: string
  /** Address of the folder that the archives lie in, instead of the official one. */
  readonly from: string | undefined
  readonly patience: Patience
}

/** Name of the folder for what is under way. */
const workName = '.saurun-download'

/**
 * Gets the data unless it is there; returns its folder.
 * @throws RunError SAU8103 to SAU8115.
 */
export async function getPublished(
  { data, directory, from, patience }: GetRequest,
  emit: (event: GetEvent) => void,
  signal: AbortSignal,
): Promise<string> {
  const started = performance.now()
  const folder = join(directory, data.folder)
  const address = (from ?? data.site).replace(/\/+$/, '')
  const finish = (bytes: number, already: boolean, checked: boolean): string => {
    const seconds = (performance.now() - started) / 1000
    emit({ event: 'got', name: data.name, folder, bytes, seconds, already, checked })
    return folder
  }
  const placed = await placedData(folder, data)
  if (placed.missing.length === 0) return finish(placed.bytes, true, placed.checked)

  const work = join(directory, workName)
  const ownership = begin(directory, work)
  try {
    emit({ event: 'get_started', name: data.name, folder, address: withoutCredentials(address) })
    await checkRoom(data, directory, work)
    const fetched = async (archive: PublishedArchive) =>
      await fetchArchive({
        archive,
        address: `${address}/${archive.file}`,
        folder: work,
        patience,
        signal,
        emit,
      })
    if (data.form === 'files') {
      for (const archive of data.archives) {
        if (!placed.missing.includes(archive.file)) continue
        const path = await fetched(archive)
        mkdirSync(folder, { recursive: true })
        renameSync(path, join(folder, archive.file))
      }
      flushFolder(folder)
    } else {
      const [archive] = data.archives
      if (archive === undefined) throw new TypeError(`${data.name} has no archive`)
      await unpackInto(data, await fetched(archive), folder, work, emit, signal)
    }
    return finish(
      data.files.reduce((sum, { bytes }) => sum + bytes, 0),
      false,
      true,
    )
  } catch (error) {
    throw asWriteFailure(error, directory)
  } finally {
    ownership.release()
    removeEmpty(work)
  }
}

/** Makes this process the only one that gets data into the folder. */
function begin(directory: string, work: string): Ownership {
  try {
    mkdirSync(work, { recursive: true })
    return takeOwnership(work)
  } catch (error) {
    if (error instanceof RunError)
      throw underWay(directory, /(process \d+.*)$/.exec(error.message)?.[1] ?? error.message)
    throw asWriteFailure(error, directory)
  }
}

async function checkRoom(data: PublishedData, directory: string, work: string): Promise<void> {
  const kept = new Set(readdirSync(work))
  const archives = data.archives.filter(({ file }) => !kept.has(file) && !kept.has(`${file}.part`))
  const sum = (files: readonly { readonly bytes: number }[]) =>
    files.reduce((total, { bytes }) => total + bytes, 0)
  const needed = sum(archives) + (data.form === 'tar' ? sum(data.files) : 0)
  const { bavail, bsize } = await statfs(directory)
  if (bavail * bsize < needed) throw noRoom(directory, needed, bavail * bsize)
}

/** Unpacks beside, looks whether all is there, and moves it into its place at once. */
async function unpackInto(
  data: PublishedData,
  archive: string,
  folder: string,
  work: string,
  emit: (event: GetEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const name of readdirSync(work))
    if (name.startsWith('unpacked-')) rmSync(join(work, name), { recursive: true, force: true })
  const into = join(work, `unpacked-${randomBytes(4).toString('hex')}`)
  try {
    const announced = data.files.reduce((total, { bytes }) => total + bytes, 0)
    const limits = { files: data.files.length + 16, bytes: announced + (1 << 20) }
    const files = await unpackTar({ archive, folder: data.folder, into, limits, signal })
    for (const { file, bytes } of data.files) {
      const found = files.find((other) => other.file === file)
      if (found?.bytes !== bytes)
        throw badArchive(
          archive,
          found === undefined
            ? `it lacks ${file}`
            : `its ${file} has ${found.bytes} bytes instead of ${bytes}`,
        )
    }
    await writeReceipt(into, data, files)
    emit({
      event: 'unpacked',
      files: files.length,
      bytes: files.reduce((total, { bytes }) => total + bytes, 0),
    })
    flushFolder(into)
    moveInto(into, folder)
  } catch (error) {
    rmSync(into, { recursive: true, force: true })
    // What cannot be unpacked now cannot be later.
    if (error instanceof RunError && ['SAU8111', 'SAU8112'].includes(error.code))
      rmSync(archive, { force: true })
    throw error
  }
  rmSync(archive, { force: true })
}

function moveInto(from: string, folder: string): void {
  try {
    renameSync(from, folder)
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY') && !hasCode(error, 'EEXIST')) throw error
    throw othersFiles(folder, 'appeared while the data was got')
  }
}

function removeEmpty(work: string): void {
  try {
    if (existsSync(work) && readdirSync(work).length === 0) rmdirSync(work)
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY') && !hasCode(error, 'ENOENT')) throw error
  }
}
