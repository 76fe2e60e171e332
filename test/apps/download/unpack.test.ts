// What an archive may say, and what becomes of it where it says more than it should.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { unpackTar } from '../../../runtime/apps/download/unpack.js'
import { RunError } from '../../../runtime/platform/errors.js'
import { temporaryFolder } from '../../data/files.js'
import { goodMembers, type Member, noise, pictures, tarOf } from './archives.js'

async function unpack(bytes: Uint8Array, signal = new AbortController().signal) {
  const folder = temporaryFolder()
  const archive = join(folder, 'a.tar.gz')
  writeFileSync(archive, bytes)
  const into = join(folder, 'inside/into')
  const limits = { files: 5, bytes: 300_000 }
  try {
    const files = await unpackTar({ archive, folder: 'pictures', into, limits, signal })
    return { folder, into, files, error: undefined }
  } catch (error) {
    if (!(error instanceof RunError)) throw error
    return { folder, into, files: [], error }
  }
}

const good = { path: 'pictures/a.bin', content: 'a' }

describe('unpacking', () => {
  it('writes the files of the folder, and none of them can be run', async () => {
    const { into, files } = await unpack(gzipSync(tarOf(goodMembers())))
    expect(files.map(({ file }) => file).sort()).toEqual(['names.txt', 'readme.html', 'train.bin'])
    expect(readFileSync(join(into, 'train.bin')).equals(pictures['train.bin'])).toBe(true)
    expect(statSync(join(into, 'train.bin')).mode & 0o111).toBe(0)
  })

  it.each<[string, Member, string]>([
    ['a path from the root', { path: '/tmp/escaped.bin', content: 'x' }, 'a path from the root'],
    ['a path of Windows', { path: 'C:/escaped.bin', content: 'x' }, 'a path from the root'],
    ['a path upwards', { path: 'pictures/../../escaped.bin', content: 'x' }, 'leads out of its folder'],
    ['a path upwards at its end', { path: 'pictures/..', content: 'x' }, 'leads out of its folder'],
    ['a backslash', { path: 'pictures\\..\\escaped.bin', content: 'x' }, 'a name that no such archive has'],
    ['a symbolic link', { path: 'pictures/link', type: '2', link: '/etc/passwd' }, 'a SymbolicLink'],
    ['a hard link', { path: 'pictures/link', type: '1', link: '/etc/passwd' }, 'a Link'],
    ['a device', { path: 'pictures/null', type: '3' }, 'a CharacterDevice'],
    ['a pipe', { path: 'pictures/pipe', type: '6' }, 'a FIFO'],
    ['an unknown kind of member', { path: 'pictures/what', type: 'Q' }, 'unknown kind'],
    ['another folder', { path: 'elsewhere/', type: '5' }, 'another folder'],
    ['a file beside the folder', { path: 'other.bin', content: 'x' }, 'outside of pictures/'],
    ['a file deeper down', { path: 'pictures/deep/a.bin', content: 'x' }, 'outside of pictures/'],
    ['a name twice', good, '`a.bin` twice'],
    ['more bytes than announced', { path: 'pictures/big', content: noise(300_001) }, 'more than 5 files'],
  ])('refuses %s, and writes nothing outside', async (_, member, says) => {
    const { folder, error } = await unpack(gzipSync(tarOf([good, member])))
    expect(error).toMatchObject({ code: 'SAU8111', exitCode: 1 })
    expect(error?.message).toContain(says)
    expect(readdirSync(folder).sort()).toEqual(['a.tar.gz', 'inside'])
    expect(readdirSync(join(folder, 'inside'))).toEqual(['into'])
    expect(existsSync('/tmp/escaped.bin')).toBe(false)
  })

  it('refuses more files than announced', async () => {
    const members = Array.from({ length: 6 }, (_, i) => ({ path: `pictures/${i}`, content: 'x' }))
    expect((await unpack(tarOf(members))).error).toMatchObject({ code: 'SAU8111' })
  })

  it('says that an archive is cut off or damaged', async () => {
    const archive = gzipSync(tarOf(goodMembers()))
    for (const bytes of [
      archive.subarray(0, 100_000),
      tarOf(goodMembers()).subarray(0, 100_000),
      noise(4000),
    ])
      expect((await unpack(bytes)).error).toMatchObject({ code: 'SAU8112' })
    const header = tarOf(goodMembers())
    header[100] = 0x37
    expect((await unpack(header)).error).toMatchObject({ code: 'SAU8112' })
  })

  it('ends when it is told to', async () => {
    const { error } = await unpack(tarOf(goodMembers()), AbortSignal.abort('SIGTERM'))
    expect(error).toMatchObject({ code: 'SAU8115', exitCode: 143 })
  })
})
