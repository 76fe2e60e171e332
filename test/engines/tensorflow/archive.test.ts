// Unpacking, by the Python of this machine.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Unpacking, unpack } from '../../../runtime/engines/tensorflow/install/archive.js'

const python = ['python3', 'python'].find((program) => {
  try {
    return execFileSync(program, ['-c', 'import zipfile, tarfile; print(1)'], { stdio: 'pipe' }).length > 0
  } catch {
    return false
  }
})

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-unpack-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Makes an archive of these files by a line of Python each. */
function make(name: string, files: Readonly<Record<string, string>>): string {
  const file = join(folder, name)
  const script = name.endsWith('.whl')
    ? `import json, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED)
for name, text in json.loads(sys.argv[2]).items():
    info = zipfile.ZipInfo(name)
    info.external_attr = (0o755 if name.endswith('tool') else 0o644) << 16
    archive.writestr(info, text)
archive.close()`
    : `import io, json, sys, tarfile
archive = tarfile.open(sys.argv[1], 'w:gz')
for name, text in json.loads(sys.argv[2]).items():
    info = tarfile.TarInfo(name)
    info.size = len(text)
    archive.addfile(info, io.BytesIO(text.encode()))
archive.close()`
  execFileSync(python ?? '', ['-c', script, file, JSON.stringify(files)])
  return file
}

function run(archive: string, rest: Pick<Unpacking, 'keep'> & Partial<Unpacking>) {
  return unpack({
    python: { program: [python ?? ''], version: '3' },
    world: { environment: process.env, folder, signal: new AbortController().signal },
    archive,
    into: join(folder, 'out'),
    ...rest,
  })
}

describe.skipIf(python === undefined)('unpacking (skipped where there is no Python)', () => {
  test('takes what is wanted of a wheel, says how far it is, and keeps programs programs', async () => {
    const wheel = make('a.whl', {
      'nvidia/x/lib/x.so.1': 'abc',
      'nvidia/x/include/x.h': 'h',
      'nvidia/bin/tool': 't',
      other: 'o',
    })
    const told: (readonly [number, number | undefined])[] = []
    const result = await run(wheel, {
      keep: '^nvidia/',
      drop: '/include/',
      onBytes: (bytes, total) => void told.push([bytes, total]),
    })
    expect(result).toEqual({ ok: true })
    expect(told.at(-1)).toEqual([4, 4])
    expect(readFileSync(join(folder, 'out/nvidia/x/lib/x.so.1'), 'utf8')).toBe('abc')
    expect(statSync(join(folder, 'out/nvidia/bin/tool')).mode & 0o111).not.toBe(0)
    expect(existsSync(join(folder, 'out/nvidia/x/include'))).toBe(false)
    expect(existsSync(join(folder, 'out/other'))).toBe(false)
  })

  test('takes what is wanted of an npm package', async () => {
    const archive = make('a.tgz', { 'package/binding/a.cc': 'int a;', 'package/dist/a.js': '1' })
    expect(await run(archive, { keep: '^package/binding/' })).toEqual({ ok: true })
    expect(readFileSync(join(folder, 'out/package/binding/a.cc'), 'utf8')).toBe('int a;')
    expect(existsSync(join(folder, 'out/package/dist'))).toBe(false)
  })

  test('finds damage by checksums', async () => {
    const wheel = make('b.whl', { 'tensorflow/a': 'x'.repeat(5000) })
    const bytes = readFileSync(wheel)
    bytes.fill(7, 45, 50)
    writeFileSync(wheel, bytes)
    expect(await run(wheel, { keep: '' })).toMatchObject({ ok: false, diskIsFull: false })
  })

  test('of something else says that it is none', async () => {
    const file = join(folder, 'c.whl')
    writeFileSync(file, 'nothing of the kind')
    expect(await run(file, { keep: '' })).toEqual({
      ok: false,
      diskIsFull: false,
      reason: 'File is not a zip file',
    })
  })

  test('refuses names that lead out of its folder', async () => {
    const wheel = make('d.whl', { '../evil': 'x' })
    expect(await run(wheel, { keep: '' })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('outside'),
    })
    expect(existsSync(join(folder, 'evil'))).toBe(false)
  })
})
