import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pathAt, pathTable } from '../../../runtime/data/readers/path-table.js'
import { nameFromBytes, pathBytes, readFolder, shownPath } from '../../../runtime/platform/host/path-bytes.js'

describe('names of files', () => {
  it('keep all their bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const name = nameFromBytes(bytes)
        expect(Buffer.from(pathBytes(name) as string)).toEqual(Buffer.from(bytes))
        expect(pathAt(pathTable(['a', name, 'b']), 1)).toBe(name)
      }),
    )
  })

  it('that are text are that text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (text) => {
        expect(nameFromBytes(Buffer.from(text))).toBe(text)
        expect(pathBytes(text)).toBe(text)
        expect(shownPath(text)).toBe(text)
      }),
    )
  })

  it('are shown with the bytes that are no text', () => {
    expect(shownPath(nameFromBytes(Buffer.from('caf\xe9 \xf0\x9f\x92\x80.png', 'latin1')))).toBe(
      'caf\\xe9 \u{1f480}.png',
    )
  })

  it.skipIf(process.platform !== 'linux')('are read from folders that are called in bytes too', () => {
    const folder = mkdtempSync(join(tmpdir(), 'saurun-names-'))
    const inside = Buffer.concat([Buffer.from(`${folder}/b`), Buffer.of(0xfc)])
    mkdirSync(inside)
    writeFileSync(Buffer.concat([inside, Buffer.from('/caf'), Buffer.of(0xe9)]), '')
    const [name = ''] = readFolder(folder).map((entry) => entry.name)
    expect(shownPath(name)).toBe('b\\xfc')
    expect(readFolder(join(folder, name)).map((entry) => shownPath(entry.name))).toEqual(['caf\\xe9'])
    rmSync(folder, { recursive: true })
  })
})
