import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from '../../grammar/index.js'
import { arbitraryPlausibleProgram, arbitraryText } from './arbitrary.js'
import { expectSound } from './sound.js'

describe('whatever the text', () => {
  test('it is read without failing, and all spans lie inside it', () => {
    fc.assert(fc.property(arbitraryText, expectSound), { numRuns: 800, seed: 5 })
  })

  test('the plausible programs of the generator have a right form', () => {
    fc.assert(
      fc.property(arbitraryPlausibleProgram, (text) => {
        expect(parse(text).problems, text).toEqual([])
      }),
      { numRuns: 300, seed: 6 },
    )
  })

  test('cutting a program anywhere leaves few problems', () => {
    fc.assert(
      fc.property(arbitraryPlausibleProgram, fc.double({ min: 0, max: 1, noNaN: true }), (text, share) => {
        const cut = text.slice(0, Math.floor(text.length * share))
        expect(parse(cut).problems.length, cut).toBeLessThanOrEqual(4)
      }),
      { numRuns: 300, seed: 7 },
    )
  })
})

describe('deep nesting', () => {
  test.each([
    ['parentheses', `let a = ${'('.repeat(20_000)}1${')'.repeat(20_000)}`],
    ['open parentheses', `let a = ${'('.repeat(20_000)}`],
    ['open braces', '{'.repeat(20_000)],
    ['closing brackets', ')]}'.repeat(10_000)],
    ['calls', `let a = ${'f('.repeat(5000)}${')'.repeat(5000)}`],
    ['lists', `let a = ${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['signs', `let a = ${'-'.repeat(5000)}1`],
    ['negations', `let a = ${'not '.repeat(5000)}b`],
    ['powers', `let a = ${'b ^ '.repeat(5000)}b`],
    ['sums', `let a = ${'b + '.repeat(5000)}b`],
    ['conditions', `let a = ${'if b then '.repeat(5000)}c`],
    ['matches', `let a = ${'match x { y -> '.repeat(5000)}1`],
    ['fields', `let a = b${'.c'.repeat(5000)}`],
    ['parentheses and braces', `${'('.repeat(20_000)}${'}'.repeat(20_000)}`],
    ['empty lines', `${'\n'.repeat(200_000)})`],
    ['opened blocks', 'branch b {\n'.repeat(5000)],
  ])('of %s is a problem, not a failure', (_, source) => {
    const text = `sau 1\n${source}`
    expect(parse(text).problems.length).toBeGreaterThan(0)
    expectSound(text)
  })

  test('right below the limit is read', () => {
    for (const source of ['not '.repeat(990), '-'.repeat(990), 'b ^ '.repeat(490), 'b + '.repeat(490)]) {
      expect(parse(`sau 1\nlet a = ${source}c`).problems).toEqual([])
    }
    expect(
      parse(`sau 1\nlet a = ${'if b then '.repeat(240)}c${' else d'.repeat(240)}`).problems,
    ).toMatchObject([{ kind: 'nested_too_deep' }])
    expect(parse(`sau 1\nlet a = ${'if b then '.repeat(190)}c${' else d'.repeat(190)}`).problems).toEqual([])
  })
})

test('2,000 declarations are read in well under a second', () => {
  const block = (index: number): string =>
    `dataset d${index} = cifar10(data / "x", split: train) |> longtail(profile: exp, factor: 100, seed: 3)
branch b${index} {
  let z = [net(a.plain).embedding, net(a.sim).embedding]
  loss c = supcon(z, labels, temperature: 0.1)
}
`
  const text = `sau 1\n${Array.from({ length: 1000 }, (_, index) => block(index)).join('')}`
  const { user } = process.cpuUsage()
  const { tree, problems } = parse(text)
  const seconds = (process.cpuUsage().user - user) / 1e6
  expect(problems).toEqual([])
  expect(tree.declarations).toHaveLength(2000)
  expect(seconds).toBeLessThan(1)
})
