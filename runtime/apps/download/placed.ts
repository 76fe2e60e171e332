// Data that lies in its place: whether it is what was published. A folder that was unpacked here holds a
// receipt with the checksum of every file; of any other folder sizes are all that can be compared.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { writeFlushed } from '../../platform/files/durable.js'
import { othersFiles } from './failures.js'
import { md5Of } from './fetch-archive.js'
import type { PublishedData } from './published.js'

const receiptFile = '.saurun-data.json'

interface Receipt {
  readonly version: 1
  readonly name: string
  readonly archives: PublishedData['archives']
  readonly files: readonly { readonly file: string; readonly bytes: number; readonly sha256: string }[]
}

/** Writes the receipt of freshly unpacked files into their folder. */
export async function writeReceipt(
  folder: string,
  data: PublishedData,
  files: readonly { readonly file: string; readonly bytes: number }[],
): Promise<void> {
  const described: Receipt['files'][number][] = []
  for (const { file, bytes } of files)
    described.push({ file, bytes, sha256: await sha256Of(join(folder, file)) })
  const receipt: Receipt = { version: 1, name: data.name, archives: data.archives, files: described }
  writeFlushed(join(folder, receiptFile), `${JSON.stringify(receipt, undefined, 1)}\n`)
}

export interface Placed {
  /** Files of the data that are not there; all of them where there is no folder. */
  readonly missing: readonly string[]
  /** Every byte of those that are there is right; false: nothing but their sizes could be compared. */
  readonly checked: boolean
  readonly bytes: number
}

/**
 * What is in the data set's place.
 * @throws RunError SAU8113 where something else is.
 */
export async function placedData(folder: string, data: PublishedData): Promise<Placed> {
  const names = data.files.map(({ file }) => file)
  if (!existsSync(folder)) return { missing: names, checked: true, bytes: 0 }
  if (!statSync(folder).isDirectory()) throw othersFiles(folder, 'is no folder')
  const there = new Set(readdirSync(folder))
  const missing = names.filter((name) => !there.has(name))
  for (const { file, bytes } of data.files) {
    if (!there.has(file)) continue
    const { size } = statSync(join(folder, file))
    if (size !== bytes) throw othersFiles(folder, `its ${file} has ${size} bytes instead of ${bytes}`)
  }
  const bytes = data.files.reduce((sum, of) => sum + (there.has(of.file) ? of.bytes : 0), 0)
  if (data.form === 'files') {
    for (const { file, md5 } of data.archives)
      if (there.has(file) && (await md5Of(join(folder, file))) !== md5)
        throw othersFiles(folder, `its ${file} is not the published file (by its MD5)`)
    return { missing, checked: true, bytes }
  }
  if (missing.length > 0 && there.size > 0) throw othersFiles(folder, `lacks ${missing.join(', ')}`)
  const receipt = there.has(receiptFile) ? readReceipt(join(folder, receiptFile)) : undefined
  for (const { file, sha256 } of receipt?.files ?? [])
    if (!there.has(file) || (await sha256Of(join(folder, file))) !== sha256)
      throw othersFiles(folder, `its ${file} is not what was unpacked (by its SHA-256)`)
  return { missing, checked: receipt !== undefined, bytes }
}

function readReceipt(path: string): Receipt | undefined {
  try {
    const receipt = JSON.parse(readFileSync(path, 'utf8')) as Partial<Receipt> | null
    return receipt?.version === 1 && Array.isArray(receipt.files) ? (receipt as Receipt) : undefined
  } catch {
    return undefined
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
