// Paths and texts on the disk.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDiskHost } from '../../../runtime/data/host/disk-host.js'
import { cacheFolder } from '../../../runtime/platform/host/cache-folder.js'
import { temporaryFolder, writeFiles } from '../files.js'

const host = createDiskHost({ cacheFolder: undefined })
const _green = { r: 20, g: 200, b: 60 }

describe('paths and texts', () => {
  const folder = writeFiles(temporaryFolder(), { 'a.sau': 'sau 1\n', 'sub/b.sau': '' })

  it('a text that is not there is undefined', () => {
    expect(host.readText(join(folder, 'a.sau'))).toBe('sau 1\n')
    expect(host.readText(join(folder, 'none.sau'))).toBeUndefined()
    expect(host.readText(join(folder, 'a.sau', 'below'))).toBeUndefined()
  })

  it('what is there and is no text in UTF-8 says why it is not read', () => {
    const text = 'sau 1\nlet a = 1\n'
    const other = temporaryFolder()
    const kept = (name: string, bytes: Uint8Array) => {
      writeFileSync(join(other, name), bytes)
      return host.readText(join(other, name))
    }
    const wide = Buffer.from(text, 'utf16le')
    const marked = Buffer.concat([Buffer.from([0xff, 0xfe]), wide])
    const fault = 'is in UTF-16, and UTF-8 is read'
    expect(host.readText(join(folder, 'sub'))).toEqual({ fault: 'is a folder, but a file is needed' })
    expect(host.readText('/dev/zero')).toEqual({ fault: 'is a device, but a file is needed' })
    expect(kept('le', wide)).toEqual({ fault })
    expect(kept('le-marked', marked)).toEqual({ fault })
    expect(kept('be', Buffer.from(wide).swap16())).toEqual({ fault })
    expect(kept('be-marked', Buffer.from(marked).swap16())).toEqual({ fault })
    expect(
      kept('utf32', Buffer.from([...text].flatMap((letter) => [letter.charCodeAt(0), 0, 0, 0]))),
    ).toEqual({
      fault: 'is in UTF-32, and UTF-8 is read',
    })
    expect(kept('binary', Buffer.from([1, 2, 3, 0, 4, 5, 6, 7]))).toEqual({ fault: 'is not text' })
    expect(kept('utf8', Buffer.from(`${text}# Größe, 大きさ`))).toBe(`${text}# Größe, 大きさ`)
    expect(kept('empty', Buffer.alloc(0))).toBe('')
    expect(host.readText(join(other, 'utf8'), 10)).toHaveProperty('fault')
  })

  it('paths are seen from a folder, and shown with slashes', () => {
    expect(host.resolve(folder, 'sub/../a.sau')).toBe(join(folder, 'a.sau'))
    expect(host.resolve('/elsewhere', folder)).toBe(folder)
    expect(host.relative(join(folder, 'sub'), join(folder, 'a.sau'))).toBe('../a.sau')
    expect(host.relative(folder, folder)).toBe('.')
  })

  it('entries are the names in a folder', () => {
    expect(host.entries(folder)).toEqual(['a.sau', 'sub'])
    expect(host.entries(join(folder, 'none'))).toBeUndefined()
    expect(host.entries(join(folder, 'a.sau'))).toBeUndefined()
  })

  it('the cache folder follows SAURUN_CACHE, and is of the platform without it', () => {
    expect(cacheFolder({ SAURUN_CACHE: '/tmp/c' })).toBe('/tmp/c')
    expect(cacheFolder({ SAURUN_CACHE: '' })).toMatch(/saurun/)
  })
})
