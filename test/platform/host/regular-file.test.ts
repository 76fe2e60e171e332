import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  openRegular,
  openRegularLater,
  readRegular,
  readRegularLater,
} from '../../../runtime/platform/host/regular-file.js'
import { temporaryFolder, writeFiles } from '../../data/files.js'

const folder = writeFiles(temporaryFolder(), { 'a.txt': 'twelve bytes', 'sub/b.txt': '' })
const isWindows = process.platform === 'win32'

describe('a regular file', () => {
  const path = join(folder, 'a.txt')

  it('is read up to a bound', async () => {
    expect(readRegular(path, 12).toString()).toBe('twelve bytes')
    expect((await readRegularLater(path, 12)).toString()).toBe('twelve bytes')
    expect(readRegular(join(folder, 'sub/b.txt'), 0)).toHaveLength(0)
    expect(() => readRegular(path, 11)).toThrow(/has more than 11 bytes/)
    await expect(readRegularLater(path, 11)).rejects.toThrow(/has more than 11 bytes/)
  })

  it('tells its facts when it is opened', async () => {
    const { handle, facts } = openRegular(path)
    closeSync(handle)
    expect(facts.size).toBe(12)
    const later = await openRegularLater(path)
    await later.handle.close()
    expect(later.facts.size).toBe(12)
  })

  it.skipIf(!existsSync('/proc/self/status'))('is held to the bound where it tells no size', () => {
    expect(readRegular('/proc/self/status', 1e6).toString()).toMatch(/^Name:/)
    expect(() => readRegular('/proc/self/status', 10)).toThrow(/has more than 10 bytes/)
  })

  it('is not there, or is a folder: as the file system says it', () => {
    expect(() => readRegular(join(folder, 'none'), 9)).toThrow(expect.objectContaining({ code: 'ENOENT' }))
    expect(() => readRegular(folder, 9)).toThrow(expect.objectContaining({ code: 'EISDIR' }))
  })
})

describe.skipIf(isWindows)('what is no regular file is refused at once', () => {
  const refused = async (path: string, fault: string): Promise<void> => {
    expect(() => openRegular(path)).toThrow(expect.objectContaining({ name: 'RefusedFile', fault }))
    expect(() => readRegular(path, 1e9)).toThrow(expect.objectContaining({ fault }))
    await expect(readRegularLater(path, 1e9)).rejects.toMatchObject({ fault })
  }

  it('a named pipe that nobody writes to', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')])
    await refused(join(folder, 'pipe'), 'is a named pipe, but a file is needed')
  })

  it('a device, and a link to one', async () => {
    await refused('/dev/zero', 'is a device, but a file is needed')
    symlinkSync('/dev/zero', join(folder, 'link'))
    await refused(join(folder, 'link'), 'is a device, but a file is needed')
  })

  it('a socket', async () => {
    const server = createServer()
    await new Promise<void>((done) => server.listen(join(folder, 'socket'), done))
    await refused(join(folder, 'socket'), 'is a socket, but a file is needed')
    await new Promise((done) => server.close(done))
  })
})
