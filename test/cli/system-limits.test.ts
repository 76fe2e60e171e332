// What the system does not give is said in a sentence, and is no bug.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { RunError } from '../../runtime/platform/errors.js'
import { temporaryFolder } from '../../runtime/platform/host/temporary-folder.js'
import { asSystemLimit } from '../../runtime/platform/system-limits.js'

const system = (message: string, facts: object): Error => Object.assign(new Error(message), facts)

describe('an error of the system', () => {
  test.each([
    ['EMFILE', system('too many open files', { code: 'EMFILE', path: '/x' }), 'SAU8121', 'ulimit -n'],
    ['ENFILE', system('file table overflow', { code: 'ENFILE' }), 'SAU8121', 'ulimit -n'],
    ['EAGAIN', system('spawn', { code: 'EAGAIN', syscall: 'spawn node' }), 'SAU8121', 'ulimit -u'],
    ['no cwd', system('ENOENT: no such file or directory, uv_cwd', { code: 'ENOENT' }), 'SAU8125', 'folder'],
    ['ENOSPC', system('no space left', { code: 'ENOSPC', path: '/full/x' }), 'SAU8126', 'make room'],
    ['EROFS', system('read-only', { code: 'EROFS', path: '/cd/x' }), 'SAU8126', 'right to write'],
  ])('%s is no bug', (_, error, code, help) => {
    expect(asSystemLimit(error)?.code).toBe(code)
    expect(asSystemLimit(error)?.help).toContain(help)
  })

  test.each([
    new TypeError('x is undefined'),
    system('gone', { code: 'ENOENT', path: '/x' }),
    'text',
    undefined,
  ])('%s may be one', (error) => expect(asSystemLimit(error)).toBeUndefined())
})

describe('a folder for temporary files', () => {
  afterEach(() => vi.unstubAllEnvs())

  test('is named where it is not there', () => {
    const gone = join(tmpdir(), 'saurun-no-such-folder', 'below')
    vi.stubEnv('TMPDIR', gone)
    expect(() => temporaryFolder('test')).toThrow(
      expect.objectContaining({ code: 'SAU8122', message: expect.stringContaining(gone) }),
    )
    expect(() => temporaryFolder('test')).toThrow(RunError)
  })
})
