// The hidden command that the completion scripts call, as they call it.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compiledEntry } from '../../../runtime/platform/compiled-entry.js'
import { temporaryFolder } from '../../data/files.js'
import { fillTypingFolder, newest, oldest, running } from './typing-folder.js'

const folder = temporaryFolder()
let end = (): void => {}
beforeAll(() => {
  end = fillTypingFolder(folder)
})
afterAll(() => end())

function asked(...words: readonly string[]) {
  const env = { ...process.env, SAURUN_RUNS_DIR: join(folder, 'runs') }
  return new Promise<{ code: number; lines: readonly string[]; err: string }>((resolve) => {
    execFile(
      process.execPath,
      [compiledEntry('runtime/cli/main.js'), '__complete', ...words],
      { cwd: folder, env },
      (error, out, err) => resolve({ code: error === null ? 0 : 1, lines: out.trimEnd().split('\n'), err }),
    )
  })
}

test('zsh and fish get whole words, with what is known of them behind a tab', async () => {
  expect(await asked('fish', '--', 'exp.sau', 'depth=1')).toEqual({
    code: 0,
    lines: ['none 6', 'depth=8\tdefault', 'depth=14', 'depth=20'],
    err: '',
  })
})

test('bash gets what is not typed yet of the words that fit', async () => {
  expect((await asked('bash', '--', 'saurun exp.sau de')).lines).toEqual(['none 0', 'pth='])
  expect((await asked('bash', '--', 'saurun exp.sau depth=1')).lines).toEqual(['none 6', '4'])
  expect((await asked('bash', '--', 'saurun attach ')).lines).toEqual([
    'none 0',
    running,
    'last',
    newest,
    oldest,
  ])
})

test('nothing that goes wrong is said', async () => {
  expect(await asked()).toMatchObject({ code: 0, err: '' })
  expect(await asked('bash')).toMatchObject({ code: 0, err: '' })
  expect(await asked('bash', '--', 'saurun "\\')).toMatchObject({ code: 0, err: '' })
  expect(await asked('fish', '--', 'exp.sau', '--runs', 'exp.sau', '--resume', '')).toMatchObject({
    code: 0,
    err: '',
  })
})

test('the command is not in the overview, and no file is needed for its name', async () => {
  const overview = await new Promise<string>((resolve) => {
    execFile(process.execPath, [compiledEntry('runtime/cli/main.js'), '--help'], (_, out) => resolve(out))
  })
  expect(overview).toContain('completion')
  expect(overview).not.toContain('__complete')
})
