import { describe, expect, it } from 'vitest'
import { type Diagnostic, renderDiagnostics, renderJson } from '../../compiler/index.js'

function diagnostic(changes: Partial<Diagnostic>): Diagnostic {
  return {
    code: 'SAU2001',
    severity: 'error',
    title: 'a title',
    labels: [],
    help: undefined,
    fix: undefined,
    about: 'program',
    ...changes,
  }
}

const span = (text: string, part: string) => {
  const start = text.indexOf(part)
  return { start, end: start + part.length }
}

describe('the frame of a diagnostic', () => {
  it('is that of the language page', () => {
    const text = [
      ...Array.from({ length: 11 }, () => ''),
      'dataset train = cifar100("d")',
      ...Array.from({ length: 18 }, () => ''),
      '  head logits = linear(10)',
    ].join('\n')
    const shown = renderDiagnostics(
      [
        diagnostic({
          code: 'SAU3102',
          title: 'classifier has 10 outputs, but `train` has 100 classes',
          labels: [
            { file: '/x/exp.sau', span: span(text, 'linear(10)'), text: '10 outputs' },
            { file: '/x/exp.sau', span: span(text, 'dataset train = cifar100("d")'), text: '100 classes' },
          ],
          help: 'write `linear(classes)` to follow the data',
        }),
      ],
      { sources: new Map([['/x/exp.sau', text]]), showPath: (path) => path.slice(3) },
    )
    expect(shown).toBe(
      [
        'error[SAU3102]: classifier has 10 outputs, but `train` has 100 classes',
        '  --> exp.sau:31:17',
        '   31 |   head logits = linear(10)',
        '      |                 ^^^^^^^^^^ 10 outputs',
        '   12 | dataset train = cifar100("d")',
        '      | ----------------------------- 100 classes',
        '  help: write `linear(classes)` to follow the data',
        '',
      ].join('\n'),
    )
  })

  const show = (text: string, part: string, options: { width?: number; color?: boolean } = {}) =>
    renderDiagnostics([diagnostic({ labels: [{ file: 'f', span: span(text, part), text: 'here' }] })], {
      sources: new Map([['f', text]]),
      ...options,
    }).split('\n')

  it('puts the mark under wide characters and tabs', () => {
    const lines = show('\t"数据集" x', 'x')
    expect(lines[2]).toBe('    1 |   "数据集" x')
    expect(lines[3]).toBe(`      | ${' '.repeat(11)}^ here`)
  })

  it('marks the first line of a span over several', () => {
    const lines = show('a = [\n  1,\n]\nb', '[\n  1,\n]')
    expect(lines[2]).toBe('    1 | a = [')
    expect(lines[3]).toBe('      |     ^... here')
  })

  it('cuts long lines around the mark and keeps the mark whole', () => {
    const text = `${'x'.repeat(300)} MARK ${'y'.repeat(300)}`
    const lines = show(text, 'MARK', { width: 80 })
    expect(lines[2]?.length).toBeLessThanOrEqual(80)
    const column = lines[3]?.indexOf('^^^^') ?? -1
    expect(lines[2]?.slice(column, column + 4)).toBe('MARK')
  })

  it('marks an empty span, at the end of the file too', () => {
    const text = 'abc'
    const shown = renderDiagnostics(
      [diagnostic({ labels: [{ file: 'f', span: { start: 3, end: 3 }, text: '' }] })],
      {
        sources: new Map([['f', text]]),
      },
    )
    expect(shown).toContain('    1 | abc\n      |    ^\n')
  })

  it('shows control characters and direction marks as a sign instead of sending them to the terminal', () => {
    const shown = show('a\u001b[31m\u202eb', 'b').join('\n')
    expect(shown).not.toContain('\u001b')
    expect(shown).not.toContain('\u202e')
  })

  it('names each file once and shows marks on one line under one copy of it', () => {
    const shown = renderDiagnostics(
      [
        diagnostic({
          labels: [
            { file: 'f', span: { start: 0, end: 1 }, text: 'one' },
            { file: 'f', span: { start: 2, end: 3 }, text: 'two' },
            { file: 'g', span: { start: 0, end: 1 }, text: 'three' },
          ],
        }),
      ],
      {
        sources: new Map([
          ['f', 'a b'],
          ['g', 'c'],
        ]),
      },
    )
    expect(shown.split('\n').slice(1, -1)).toEqual([
      '  --> f:1:1',
      '    1 | a b',
      '      | ^ one',
      '      |   - two',
      '  --> g:1:1',
      '    1 | c',
      '      | - three',
    ])
  })

  it('colours only when asked, and the colours change no letter', () => {
    const plain = show('abc def', 'def').join('\n')
    const colored = show('abc def', 'def', { color: true }).join('\n')
    expect(plain).not.toContain('\u001b')
    expect(colored).toContain('\u001b[31merror[SAU2001]\u001b[0m')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: takes the colours out again
    expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain)
  })
})

describe('diagnostics as JSON', () => {
  it('have lines and columns from 1 and the fix as a replacement', () => {
    const text = 'sau 1\r\nviw x = flip\r\n'
    const [json] = renderJson(
      [
        diagnostic({
          labels: [{ file: 'f', span: span(text, 'viw'), text: '' }],
          help: 'did you mean `view`?',
          fix: { title: 'write view', file: 'f', span: span(text, 'viw'), replacement: 'view' },
        }),
      ],
      new Map([['f', text]]),
    )
    expect(json).toMatchObject({
      code: 'SAU2001',
      help: 'did you mean `view`?',
      labels: [{ file: 'f', start: { offset: 7, line: 2, column: 1 }, end: { line: 2, column: 4 } }],
      fix: { title: 'write view', replacement: 'view', start: { line: 2, column: 1 } },
    })
  })
})
