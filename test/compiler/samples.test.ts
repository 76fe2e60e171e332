import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type CompileResult, compileExperiment, renderDiagnostics } from '../../compiler/index.js'
import { memoryHost } from './memory-host.js'
import { sampleData } from './sample-data.js'

const folder = fileURLToPath(new URL('samples', import.meta.url))

/** All `.sau` files of a sample folder under `/lab`, so that imports find one another. */
function filesIn(name: string): Record<string, string> {
  const files: Record<string, string> = {}
  for (const entry of readdirSync(`${folder}/${name}`, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(sau|json)$/.test(entry)) continue
    files[posix.join('/lab', entry.replaceAll('\\', '/'))] = readFileSync(
      `${folder}/${name}/${entry}`,
      'utf8',
    )
  }
  return files
}

/** `// --set name=value` on the first lines gives values to params. */
function settingsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/^\/\/ --set (\w+)=(.*)$/gm)].map((match) => [match[1], match[2]]),
  )
}

function compileSample(files: Record<string, string>, name: string): CompileResult {
  const file = `/lab/${name}`
  const host = memoryHost({ files, data: sampleData })
  return compileExperiment(host, { file, cwd: '/lab', set: settingsOf(files[file] ?? '') })
}

function rendered(result: CompileResult): string {
  return renderDiagnostics(result.diagnostics, {
    sources: result.sources,
    showPath: (path) => posix.relative('/lab', path),
  })
}

/** One file that shows what was written and what the writer is told. */
function page(source: string, text: string): string {
  return `${source.trimEnd()}\n\n${'='.repeat(80)}\n\n${text}`
}

const bad = filesIn('bad')
const badNames = Object.keys(bad)
  .map((path) => posix.basename(path))
  .filter((name) => /^SAU\d{4}\.sau$/.test(name))

describe('every wrong sample', () => {
  it.each(badNames)('%s reports its own code and nothing else of its severity', async (name) => {
    const result = compileSample(bad, name)
    const code = name.slice(0, 7)
    const severity = code.startsWith('SAU6') ? 'warning' : 'error'
    const codes = result.diagnostics.filter((diagnostic) => diagnostic.severity === severity)
    await expect(page(bad[`/lab/${name}`] ?? '', rendered(result))).toMatchFileSnapshot(
      `${folder}/bad/${code}.txt`,
    )
    expect([...new Set(codes.map((diagnostic) => diagnostic.code))]).toEqual([code])
    expect(codes).toHaveLength(1)
    if (severity === 'warning') expect(result.exitCode).toBe(0)
    for (const { labels } of result.diagnostics) {
      for (const { file, span } of labels) {
        const text = result.sources.get(file) ?? ''
        expect(span.start).toBeGreaterThanOrEqual(0)
        expect(span.end).toBeGreaterThanOrEqual(span.start)
        expect(span.end).toBeLessThanOrEqual(text.length)
      }
    }
  })
})

const good = filesIn('good')

describe('every right sample', () => {
  it.each(readdirSync(`${folder}/good`).filter((name) => name.endsWith('.sau')))(
    '%s has its Plan',
    async (name) => {
      const result = compileSample(good, name)
      expect(rendered(result)).toBe('')
      const withoutPlaces = (key: string, value: unknown) =>
        key === 'at' && !Array.isArray(value) ? undefined : value
      await expect(`${JSON.stringify(result.plan, withoutPlaces, 2)}\n`).toMatchFileSnapshot(
        `${folder}/good/${name.replace('.sau', '.plan.snap')}`,
      )
    },
  )
})

describe('the experiments and examples of the repository', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const shipped = [
    'experiments/sau.sau',
    'experiments/baseline.sau',
    'examples/quickstart.sau',
    'examples/quickstart-real-only.sau',
    'examples/quickstart-no-aware.sau',
    'examples/quickstart-varied.sau',
  ]
  it.each(shipped)('%s compiles without a word', (name) => {
    expect(existsSync(`${root}/${name}`)).toBe(true)
    const result = compileSample({ '/lab/file.sau': readFileSync(`${root}/${name}`, 'utf8') }, 'file.sau')
    expect(rendered(result)).toBe('')
    expect(result.plan?.plan).toBe(1)
  })
})
