import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse, print, type SourceFile } from '../../grammar/index.js'
import { arbitraryPlausibleProgram, arbitraryTree, withoutSpans } from './arbitrary.js'

/** A tree without spans, without parentheses and without comments. */
function meaning(tree: SourceFile): unknown {
  return withoutParentheses(withoutSpans({ ...tree, comments: [] }))
}

function withoutParentheses(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutParentheses)
  if (typeof value !== 'object' || value === null) return value
  if ('kind' in value && value.kind === 'parenthesized' && 'inner' in value)
    return withoutParentheses(value.inner)
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withoutParentheses(field)]))
}

const commentTexts = (tree: SourceFile): string[] => tree.comments.map((comment) => comment.text.trimEnd())

describe('a printed tree', () => {
  test('parses without a problem and back to itself', () => {
    fc.assert(
      fc.property(arbitraryTree, (tree) => {
        const text = print(tree)
        const { tree: read, problems } = parse(text)
        expect(problems, text).toEqual([])
        expect(withoutSpans(read), text).toEqual(withoutSpans(tree))
      }),
      { numRuns: 400, seed: 1 },
    )
  })

  test('means the same when its parentheses were left to the printer', () => {
    fc.assert(
      fc.property(arbitraryTree, (tree) => {
        const bare = withoutParentheses(tree) as SourceFile
        const text = print(bare)
        const { tree: read, problems } = parse(text)
        expect(problems, text).toEqual([])
        expect(meaning(read), text).toEqual(meaning(tree))
      }),
      { numRuns: 400, seed: 2 },
    )
  })

  test('prints the same again', () => {
    fc.assert(
      fc.property(arbitraryTree, (tree) => {
        const text = print(tree)
        expect(print(parse(text).tree)).toBe(text)
      }),
      { numRuns: 200, seed: 3 },
    )
  })
})

describe('the text of a program', () => {
  test('keeps its meaning and all its comments in order', () => {
    const commented = fc
      .record({
        text: arbitraryPlausibleProgram,
        marks: fc.array(fc.nat(9), { minLength: 20, maxLength: 20 }),
      })
      .map(({ text, marks }) =>
        text
          .split('\n')
          .map((line, index) => commentedLine(line, index, marks[index % marks.length] ?? 0))
          .join('\n'),
      )
    fc.assert(
      fc.property(commented, (text) => {
        const { tree, problems } = parse(text)
        expect(problems, text).toEqual([])
        const printed = print(tree)
        const again = parse(printed)
        expect(again.problems, printed).toEqual([])
        expect(meaning(again.tree), printed).toEqual(meaning(tree))
        expect(commentTexts(again.tree)).toEqual(commentTexts(tree))
        expect(print(again.tree)).toBe(printed)
      }),
      { numRuns: 150, seed: 4 },
    )
  })

  test('is printed with comments where they stood', () => {
    const text = [
      '// about the file',
      'sau 1   // the version',
      '',
      'dataset a = f( // inside',
      '  1)',
      'dataset b = a ;  // behind',
      '// before the block',
      'train {   // opening',
      '  // first',
      '  epochs=8 // eight',
      '  // last',
      '} // closing',
      'branch empty { // nothing',
      '}',
      '// the end',
    ].join('\n')
    expect(print(parse(text).tree)).toBe(
      [
        '// about the file',
        'sau 1 // the version',
        '',
        '// inside',
        'dataset a = f(1)',
        'dataset b = a // behind',
        '',
        '// before the block',
        'train { // opening',
        '  // first',
        '  epochs = 8 // eight',
        '  // last',
        '} // closing',
        '',
        'branch empty { // nothing',
        '}',
        '',
        '// the end',
        '',
      ].join('\n'),
    )
  })

  test('breaks long lines before each `|>`', () => {
    const steps = Array.from({ length: 8 }, (_, index) => `maybe(0.${index}, gaussian_blur)`)
    const { tree } = parse(`sau 1\nview v = flip |> ${steps.join(' |> ')} // long`)
    const lines = print(tree).trimEnd().split('\n')
    const last = steps.at(-1)
    expect(lines.slice(2)).toEqual([
      'view v = flip',
      ...steps.slice(0, -1).map((step) => `  |> ${step}`),
      `  |> ${last} // long`,
    ])
    expect(withoutSpans(parse(print(tree)).tree.declarations)).toEqual(withoutSpans(tree.declarations))
  })
})

function commentedLine(line: string, index: number, mark: number): string {
  const code = line.replace(/\r$/, '')
  const end = line.slice(code.length)
  if (code.includes('//')) return line
  if (mark < 2) return `${code} // behind ${index}${end}`
  if (mark === 2) return `// before ${index}${end}\n${line}`
  return line
}
