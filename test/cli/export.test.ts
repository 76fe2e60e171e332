// `saurun export` as a user types it, on a made run.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compiledEntry } from '../../runtime/platform/compiled-entry.js'
import { trainedRun } from '../apps/export/trained-run.js'

let folder = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-export-'))
  await trainedRun(join(folder, 'runs'), { name: '20260101-000000-abc123', seed: 0 })
})
afterAll(() => rmSync(folder, { recursive: true }))

function saurun(...words: readonly string[]) {
  const { FORCE_COLOR: _, ...env } = process.env
  const main = compiledEntry('runtime/cli/main.js')
  return new Promise<{ readonly code: number; readonly out: string; readonly err: string }>((resolve) => {
    execFile(process.execPath, [main, ...words], { cwd: folder, env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err })
    })
  })
}

describe('export', () => {
  test('writes an ONNX file named after the run, and says what it is', async () => {
    const { code, out, err } = await saurun('export', 'abc123')
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(
      /^20260101-000000-abc123\.onnx: net\.logits after epoch 2, top1 50\.00 % on test; 3 classes, /,
    )
    expect(existsSync(join(folder, '20260101-000000-abc123.onnx'))).toBe(true)
  })

  test('writes a SavedModel as a folder, and tells its metadata as JSON', async () => {
    const { code, out } = await saurun('export', 'last', '--format', 'savedmodel', '-o', 'model', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ path: 'model', format: 'savedmodel', metadata: { epoch: '2' } })
    expect(readdirSync(join(folder, 'model')).sort()).toEqual(['assets.extra', 'saved_model.pb'])
  })

  test('overwrites nothing, and leaves nothing half-written', async () => {
    writeFileSync(join(folder, 'there.onnx'), 'mine')
    const there = await saurun('export', 'last', '-o', 'there.onnx')
    expect([there.code, there.out]).toEqual([2, ''])
    expect(there.err).toContain('error[SAU7912]: there.onnx is there already\n  help: name another file')
    expect(readFileSync(join(folder, 'there.onnx'), 'utf8')).toBe('mine')
    mkdirSync(join(folder, 'some'))
    const nowhere = await saurun('export', 'last', '-o', 'some/where/model.onnx')
    expect(nowhere.code).toBe(1)
    expect(nowhere.err).toContain('error[SAU7913]: some/where/model.onnx cannot be written: ENOENT')
    expect(nowhere.err).not.toContain('.tmp')
    const above = await saurun('export', 'last', '-o', 'there.onnx/model', '--format', 'savedmodel')
    expect(above.err).toContain('error[SAU7913]')
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('says what was meant', async () => {
    const format = await saurun('export', 'last', '--format', 'onx')
    expect(format.code).toBe(2)
    expect(format.err).toContain('did you mean `onnx`?')
    const head = await saurun('export', 'last', '--head', 'logit', '-o', 'x')
    expect(head.code).toBe(2)
    expect(head.err).toContain("error[SAU7914]: the run has no head 'logit'\n  help: did you mean `logits`?")
    expect((await saurun('export', 'last', '--checkpoint', 'best', '-o', 'x')).err).toContain('SAU7852')
    expect((await saurun('export', 'nothing')).err).toContain('SAU7101')
    expect((await saurun('export')).err).toContain("missing required argument 'run'")
    expect((await saurun('export', 'last', 'last')).code).toBe(2)
  })
})
