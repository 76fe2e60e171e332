// What a command may not write over, and names that would lead out of their folder.
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { sweepFolderOf } from '../../runtime/apps/sweep/folder.js'
import { refuseInputs } from '../../runtime/cli/output-file.js'
import { RunError } from '../../runtime/platform/errors.js'

const folder = mkdtempSync(join(tmpdir(), 'saurun-output-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const at = (...parts: readonly string[]) => join(folder, ...parts)
writeFileSync(at('exp.sau'), 'sau 1\n')
writeFileSync(at('indices.json'), '[1]')
writeFileSync(at('plan.json'), '{}')
mkdirSync(at('images', 'cat'), { recursive: true })
writeFileSync(at('images', 'cat', '1.png'), '')
mkdirSync(at('runs', 'one'), { recursive: true })
writeFileSync(at('runs', 'one', 'plan.json'), '{}')
writeFileSync(at('runs', 'one', 'lock.json'), '{}')
writeFileSync(at('runs', 'one', 'notes.txt'), '')
writeFileSync(at('other.sweep.yaml'), '')
linkSync(at('indices.json'), at('hard.json'))
symlinkSync(at('indices.json'), at('soft.json'))
symlinkSync(at('images'), at('pictures'))
const inputs = [at('exp.sau'), at('indices.json'), at('images')]

function codeOf(act: () => unknown): string | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    return error instanceof RunError ? error.code : String(error)
  }
}

describe('an output', () => {
  test.each([
    'exp.sau',
    'indices.json',
    'hard.json',
    'soft.json',
    'images',
    'images/cat/1.png',
    'pictures/cat/1.png',
    'runs/one/plan.json',
    'runs/one/notes.txt',
    'other.sweep.yaml',
  ])('is not %s', (name) => {
    expect(codeOf(() => refuseInputs(at(name), inputs))).toBe('SAU8123')
  })

  test.each(['plan.json', 'new.json', 'images/cat/new.json'])('may be %s', (name) => {
    expect(codeOf(() => refuseInputs(at(name), inputs))).toBeUndefined()
  })
})

describe('the folder of a sweep', () => {
  const hostile = ['..', '.', '', '../../evil', '/tmp/evil', 'a/b', 'a\\b', '-rf', '.hidden', 'a\nb', 'a\0b']
  test.each([...hostile, 'x'.repeat(101), 'evil.', 'C:evil'])('is not called %j', (name) => {
    expect(codeOf(() => sweepFolderOf(folder, 'grid.sweep.yaml', name))).toBe('SAU8124')
  })

  test.each(['grid', 'grid-2.1', 'größe_1', 'a b', 'lr=0.1'])('may be called %s', (name) => {
    expect(sweepFolderOf(folder, 'grid.sweep.yaml', name)).toBe(at(name))
  })
})
