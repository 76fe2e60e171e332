// What a person reads who writes a wrong sweep file: one sample per code, and several mistakes at once.
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { renderDiagnostics } from '../../../compiler/index.js'
import { readSweep, type SweepResult } from '../../../compiler/sweep/index.js'
import { memoryHost } from '../memory-host.js'

const folder = fileURLToPath(new URL('bad', import.meta.url))
const files = Object.fromEntries(
  readdirSync(folder)
    .filter((name) => !name.endsWith('.txt'))
    .map((name) => [`/lab/${name}`, readFileSync(`${folder}/${name}`, 'utf8')]),
)

function read(name: string): SweepResult {
  return readSweep(memoryHost({ files }), { file: `/lab/${name}`, cwd: '/lab' })
}

function rendered({ diagnostics, sources }: SweepResult): string {
  return renderDiagnostics(diagnostics, { sources, showPath: (path) => posix.relative('/lab', path) })
}

const samples = Object.keys(files)
  .map((path) => posix.basename(path))
  .filter((name) => name.endsWith('.sweep.yaml'))

describe('every wrong sweep file', () => {
  it.each(samples)('%s is told what the snapshot shows', async (name) => {
    const result = read(name)
    const source = files[`/lab/${name}`] ?? ''
    await expect(`${source.trimEnd()}\n\n${'='.repeat(80)}\n\n${rendered(result)}`).toMatchFileSnapshot(
      `${folder}/${name.replace('.sweep.yaml', '.txt')}`,
    )
    const code = /^SAU\d{4}/.exec(name)?.[0]
    if (code !== undefined) expect([...new Set(result.diagnostics.map((one) => one.code))]).toEqual([code])
    const isWarning = code === 'SAU8042'
    expect(result.sweep !== undefined).toBe(isWarning)
    for (const { file, span } of result.diagnostics.flatMap(({ labels }) => labels)) {
      const text = result.sources.get(file) ?? ''
      expect(span.start).toBeLessThanOrEqual(span.end)
      expect(span.end).toBeLessThanOrEqual(text.length)
    }
  })

  it('that is not there is named with those beside it', () => {
    const { diagnostics } = read('missing.sweep.yaml')
    expect(diagnostics.map(({ code }) => code)).toEqual(['SAU8010'])
    expect(diagnostics[0]?.help).toContain('SAU8011.sweep.yaml')
  })
})
