// No text is too wrong: a sweep file that was cut, mixed up or mistyped gives diagnostics inside it, never an
// exception.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderDiagnostics } from '../../../compiler/index.js'
import { readText } from './sweeps.js'

const folder = fileURLToPath(new URL('bad', import.meta.url))
const whole = `experiment: exp.sau
set: { width: 16 }
seeds: [1, 2]
grid:
  factor: [10, 50]
zip: { alpha: [1, 2] }
list:
  - { strategy: drop }
search: { sampler: tpe, trials: 20, metric: few, params: { rate: { from: 0.01, to: 0.5, log: true } } }
exclude:
  - factor >= 50 and not (strategy == "drop")
  - { factor: [10], alpha: 2 }
prune: { asha: { reduction: 3 } }
limits: { parallel: 2, memory: 4 GiB, time: 2 h }
compare: { baseline: { factor: 10 }, metrics: [top1] }
`
const texts = [
  whole,
  ...readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8')),
]
const pieces = [
  '[',
  ']',
  '{',
  '}',
  ':',
  ' ',
  '\n',
  '-',
  '"',
  '&a ',
  '*a',
  '~',
  'null',
  '1e999',
  '.nan',
  '<<',
  '|',
  '#',
  '!',
  '\t',
  '-1',
  'é',
  '\u202e',
]

function expectSound(text: string): void {
  const result = readText(text)
  for (const { file, span } of result.diagnostics.flatMap(({ labels }) => labels)) {
    const source = result.sources.get(file) ?? ''
    expect(span.start).toBeGreaterThanOrEqual(0)
    expect(span.end).toBeGreaterThanOrEqual(span.start)
    expect(span.end).toBeLessThanOrEqual(source.length)
  }
  expect(renderDiagnostics(result.diagnostics, { sources: result.sources })).not.toContain('undefined')
  const hasError = result.diagnostics.some(({ severity }) => severity === 'error')
  expect(result.sweep !== undefined).toBe(!hasError)
}

describe('a sweep file', () => {
  it('that is right has no word said about it', () => {
    expect(readText(whole).diagnostics).toEqual([])
  })

  it('that was cut somewhere is told so', () => {
    for (let end = 0; end < whole.length; end += 3) expectSound(whole.slice(0, end))
  })

  it('with something put in, taken out or repeated is told so', () => {
    const edit = fc.record({
      text: fc.constantFrom(...texts),
      at: fc.nat(1000),
      take: fc.nat(12),
      put: fc.array(fc.constantFrom(...pieces), { maxLength: 3 }),
    })
    fc.assert(
      fc.property(edit, ({ text, at, take, put }) => {
        const start = at % (text.length + 1)
        expectSound(text.slice(0, start) + put.join('') + text.slice(start + take))
      }),
      { numRuns: 400, seed: 1 },
    )
  })
})
