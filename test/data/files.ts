// Small files of every format, made in a temporary folder, and the real ones where they are.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import sharp from 'sharp'
import { afterAll } from 'vitest'

/** The shared real data, beside the repository. */
export const realData = resolve(import.meta.dirname, '../../../shared/data')
export const noRealData = !existsSync(realData)
/** For the name of a skipped test. */
export const skipReason = noRealData ? ' (skipped: ../shared/data is not there)' : ''

/** A folder that is removed after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'saurun-data-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Writes files by their paths below `folder`, whose parents are made. */
export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
  return folder
}

export const cifarNames = ['aa', 'bb', 'cc', 'dd', 'ee', 'ff', 'gg', 'hh', 'ii', 'jj']

/** CIFAR-10 records with these labels; byte b of record i is (i + b) mod 256. */
export function cifarRecords(labels: readonly number[], labelBytes = 1): Uint8Array {
  const size = labelBytes + 3072
  const bytes = new Uint8Array(labels.length * size)
  for (const [i, label] of labels.entries()) {
    bytes.fill(label, i * size, i * size + labelBytes)
    for (let b = 0; b < 3072; b++) bytes[i * size + labelBytes + b] = (i + b) % 256
  }
  return bytes
}

/** A folder in CIFAR-10's form: five training files with two records each and a test file with ten. */
export function cifarFolder(folder: string): string {
  const parts = [0, 1, 2, 3, 4].map((part) => [
    `data_batch_${part + 1}.bin`,
    cifarRecords([2 * part, 2 * part + 1]),
  ])
  return writeFiles(folder, {
    'batches.meta.txt': `${cifarNames.join('\n')}\n\n`,
    ...Object.fromEntries(parts),
    'test_batch.bin': cifarRecords([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
  })
}

/** An IDX file of unsigned bytes. */
export function idxFile(dimensions: readonly number[], values: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(4 + 4 * dimensions.length + values.length)
  bytes.writeUInt32BE(0x0800 + dimensions.length)
  for (const [i, size] of dimensions.entries()) bytes.writeUInt32BE(size, 4 + 4 * i)
  bytes.set(values, 4 + 4 * dimensions.length)
  return bytes
}

/** A one-colour image. */
export async function encodedImage(
  format: 'jpeg' | 'png',
  width: number,
  height: number,
  colour: { readonly r: number; readonly g: number; readonly b: number; readonly alpha?: number },
): Promise<Buffer> {
  const channels = colour.alpha === undefined ? 3 : 4
  return sharp({ create: { width, height, channels, background: colour } })
    [format]()
    .toBuffer()
}
