import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { compileExperiment, renderDiagnostics } from '../../compiler/index.js'
import { dependent, type Mistake, mistakes } from './edits.js'
import { memoryHost } from './memory-host.js'
import { sampleData } from './sample-data.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const sau = readFileSync(`${root}/experiments/sau.sau`, 'utf8')

function errorsOf(text: string) {
  const host = memoryHost({ files: { '/lab/sau.sau': text }, data: sampleData })
  const result = compileExperiment(host, { file: '/lab/sau.sau', cwd: '/lab' })
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error')
  return { result, codes: errors.map(({ code }) => code) }
}

/** The sample with mistakes; undefined where two of them are about the same words. */
function withMistakes(...made: readonly Mistake[]): string | undefined {
  let text = sau
  for (const { from, to } of made) {
    if (!text.includes(from)) return undefined
    text = text.replace(from, to)
  }
  return text
}

describe('one mistake', () => {
  it.each(mistakes.map((mistake) => [mistake.name, mistake] as const))('%s is one report', (_, mistake) => {
    const text = withMistakes(mistake)
    expect(text).toBeDefined()
    expect(errorsOf(text ?? '').codes).toEqual([mistake.code])
  })
})

describe('two mistakes', () => {
  const pairs = mistakes.flatMap((first, position) =>
    mistakes.slice(position + 1).map((second) => [first, second] as const),
  )

  it(`are two reports, for each of ${pairs.length} pairs that are independent`, () => {
    const wrong: string[] = []
    let tried = 0
    for (const [first, second] of pairs) {
      const text = withMistakes(first, second)
      if (text === undefined || dependent.has(`${first.to} & ${second.to}`)) continue
      tried++
      const { codes } = errorsOf(text)
      if (codes.sort().join() !== [first.code, second.code].sort().join())
        wrong.push(`${first.name} & ${second.name}: ${codes.join(' ')}`)
    }
    expect(wrong).toEqual([])
    expect(tried).toBeGreaterThan(300)
    // Half a minute of compiling, more beside busy processes.
  }, 300_000)
})

describe('a file of many mistakes', () => {
  it('has all of them reported, and nothing else', async () => {
    const made: Mistake[] = []
    for (const next of mistakes) if (withMistakes(...made, next) !== undefined) made.push(next)
    expect(made.length).toBeGreaterThan(20)
    const { result, codes } = errorsOf(withMistakes(...made) ?? '')
    await expect(
      renderDiagnostics(result.diagnostics, { sources: result.sources, showPath: () => 'sau.sau' }),
    ).toMatchFileSnapshot('samples/many-mistakes.txt')
    expect(codes.sort()).toEqual(made.map(({ code }) => code).sort())
  })
})
