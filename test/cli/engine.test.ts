// `saurun engine` as a user types it, where nothing is installed.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compiledEntry } from '../../runtime/platform/compiled-entry.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-engine-'))
  mkdirSync(join(folder, 'engines'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function saurun(...words: readonly string[]) {
  // Without any program on the PATH, what would be installed ends with its first step.
  const env = { PATH: folder, HOME: folder, npm_command: 'exec', SAURUN_ENGINES: join(folder, 'engines') }
  return new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    const main = compiledEntry('runtime/cli/main.js')
    execFile(process.execPath, [main, 'engine', ...words], { cwd: folder, env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : error.code, out, err })
    })
  })
}

describe('saurun engine', () => {
  test('lists all engines, and how to get the one that is not there', async () => {
    const { code, out } = await saurun()
    expect(code).toBe(0)
    expect(out).toMatch(/^onnx +loads: onnxruntime/m)
    const how = process.platform === 'linux' ? '; `npx saurun engine install tensorflow' : ''
    expect(out).toContain(`tensorflow  not installed${how}`)
  })

  test('lists them as data too', async () => {
    const answer = JSON.parse((await saurun('list', '--json')).out)
    expect(answer).toMatchObject({ folder: join(folder, 'engines'), places: [] })
    expect(answer.engines).toContainEqual({
      name: 'tensorflow',
      state: 'not_installed',
      loads: false,
      description: 'not installed',
      ...(process.platform === 'linux'
        ? { get: expect.stringContaining('saurun engine install tensorflow') }
        : {}),
    })
  })

  test('tests those that are there, and fails for one that is not only where it is named', async () => {
    const all = await saurun('test')
    expect(all.out).toMatch(/^onnx +passed: .* 1e-[23] is allowed/m)
    expect(all.out).toMatch(/^tensorflow +not installed/m)
    expect(all.code).toBe(0)
    expect((await saurun('test', 'tensorflow')).code).toBe(1)
  })

  test('install says what is missing, as a sentence or as data, and leaves nothing that is an engine', async () => {
    const { code, out, err } = await saurun('install', 'tensorflow')
    expect(code).toBe(1)
    expect(out).toBe('')
    expect(err).toMatch(/error\[SAU763[12]\]: .*\n {2}help: /)
    expect(err).not.toMatch(/\n\s+at /)
    const lines = (await saurun('install', 'tensorflow', '--json')).out.trim().split('\n')
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      event: 'failed',
      code: expect.stringMatching(/^SAU763[12]$/),
      exitCode: 1,
    })
    expect(readdirSync(join(folder, 'engines'))).not.toContain('tensorflow')
  })

  test('remove takes away what was left, once', async () => {
    await saurun('install', 'tensorflow')
    await saurun('remove', 'tensorflow')
    expect(readdirSync(join(folder, 'engines'))).toEqual([])
    expect((await saurun('remove', 'tensorflow')).out).toContain('there is no tensorflow')
  })

  test.each([
    [['instal', 'tensorflow'], 'did you mean `install`?'],
    [['install'], 'missing the engine to install'],
    [['install', 'tensorflo'], 'did you mean `tensorflow`?'],
    [['install', 'onnx'], 'the engine onnx comes with saurun'],
    [['list', 'onnx'], 'too many arguments'],
    [['test', '--gpu'], 'it belongs to `engine install`'],
    [['install', 'tensorflow', '--version', '2.20.0', '--wheel', 'x.whl'], 'leave out --version or --wheel'],
    [['install', 'tensorflow', '--versoin', '2'], 'did you mean `--version`?'],
  ])('%j is a mistake: %s', async (words, says) => {
    const { code, err } = await saurun(...words)
    expect(err).toContain(says)
    expect(code).toBe(2)
  })
})
