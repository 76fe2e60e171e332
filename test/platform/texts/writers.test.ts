// Texts that leave for another language: whatever a name, a path or a title is, it stays a text there.
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { printable } from '../../../grammar/printable.js'
import { RunError } from '../../../runtime/platform/errors.js'
import { withoutCredentials } from '../../../runtime/platform/texts/addresses.js'
import { sbatchLine } from '../../../runtime/platform/texts/batch-script.js'
import { csvText } from '../../../runtime/platform/texts/csv.js'
import { escapeText, html, scriptJson } from '../../../runtime/platform/texts/html.js'
import { jsonText } from '../../../runtime/platform/texts/json.js'
import { commandWord, manifestText } from '../../../runtime/platform/texts/kubernetes.js'
import { joinLatex, latex } from '../../../runtime/platform/texts/latex.js'
import { markdown, markdownCode, markdownTable } from '../../../runtime/platform/texts/markdown.js'
import { commandLine, shellWord } from '../../../runtime/platform/texts/shell.js'
import { tagPart } from '../../../runtime/platform/texts/tensorboard.js'
import { hostileText, unseen } from './hostile-text.js'

const line = /^[^\n]*$/

describe('words of a shell', () => {
  it('reach a program as they are, from one line of seen characters', () => {
    const words = fc.sample(hostileText, { numRuns: 400, seed: 24 }).map((word) => word.replaceAll('\0', ''))
    words.push('', '~', '=ls', '{a,b}', 'a b', "it's", '$(touch PWNED)', '\u001b7', '\n#x')
    // A lone half of a pair has no bytes of its own.
    const whole = words.map((word) => Buffer.from(word).toString())
    for (const word of whole) {
      expect(shellWord(word)).toMatch(line)
      expect(shellWord(word)).not.toMatch(unseen)
    }
    const script = `printf '%s\\0' ${commandLine(whole)}`
    const printed = execFileSync('bash', ['-c', script]).toString()
    expect(printed.split('\0').slice(0, -1)).toEqual(whole)
  })

  it('are written without quotes where they need none', () => {
    expect(commandLine(['saurun', 'a/b.sau', 'mix=drop', 'rate=1e-4'])).toBe(
      'saurun a/b.sau mix=drop rate=1e-4',
    )
  })
})

describe('lines of a batch script', () => {
  it('refuse control characters and name the flag', () => {
    for (const text of ['p\ntouch PWNED #', 'a\rb', 'a\u001bb', 'a\u0085b', 'a\0b']) {
      expect(() => sbatchLine(`--partition=${text}`, '--partition')).toThrow(
        expect.objectContaining({ code: 'SAU8220', message: expect.stringContaining('--partition has') }),
      )
    }
  })

  it('are one line for everything else, whose words bash splits into the option', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        let written: string
        try {
          written = sbatchLine(`--comment=${text}`, '--slurm-arg')
        } catch (error) {
          expect(error).toBeInstanceOf(RunError)
          expect(text).toMatch(/\p{Cc}/u)
          return
        }
        expect(written).toMatch(/^#SBATCH --comment=[^\n\r]*$/)
        const value = written.slice('#SBATCH --comment='.length)
        const unquoted = /^"(.*)"$/s.exec(value)?.[1]?.replace(/\\(["\\])/g, '$1') ?? value
        expect(unquoted).toBe(text)
      }),
    )
    expect(sbatchLine('--exclusive', '')).toBe('#SBATCH --exclusive')
    expect(sbatchLine('--x#y', '')).toBe('#SBATCH "--x#y"')
  })
})

/** RFC 4180 to the letter; throws where it is not. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  while (at < text.length) {
    let cell = ''
    if (text[at] === '"') {
      const quoted = /^"((?:[^"]|"")*)"(?=[,\n])/.exec(text.slice(at))
      if (quoted === null) throw new Error(`a quoted cell does not end at ${at}`)
      cell = (quoted[1] ?? '').replaceAll('""', '"')
      at += quoted[0].length
    } else {
      cell = /^[^",\n\r]*/.exec(text.slice(at))?.[0] ?? ''
      at += cell.length
    }
    row.push(cell)
    if (text[at] === '\n') {
      rows.push(row)
      row = []
    } else if (text[at] !== ',') throw new Error(`a cell goes on at ${at}`)
    at++
  }
  return rows
}

describe('cells of CSV', () => {
  it('come back from a strict reader, seen, and none is a formula', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(hostileText, { minLength: 2, maxLength: 2 }), { minLength: 1 }),
        (rows) => {
          const read = parseCsv(csvText(rows))
          expect(read.map((row) => row.length)).toEqual(rows.map(() => 2))
          for (const [i, row] of rows.entries()) {
            for (const [j, text] of row.entries()) {
              const cell = read[i]?.[j] ?? ''
              expect(cell).not.toMatch(unseen)
              const seen = text
                .split(/([\n\t])/)
                .map((part) => (/[\n\t]/.test(part) ? part : printable(part)))
              expect([seen.join(''), `'${seen.join('')}`]).toContain(cell)
              if (/^\s*[=+@-]/.test(cell)) expect(Number.isNaN(Number(cell.trim()))).toBe(false)
            }
          }
        },
      ),
    )
  })

  it('that begin like a formula are marked as text, and numbers stay numbers', () => {
    const cells = ["=cmd|' /C calc'!A0", '+1+1', '-2+3', '@SUM(A1)', '\tx', ' =1', '\uff1d1']
    for (const cell of cells) expect(parseCsv(csvText([[cell]]))).toEqual([[`'${cell}`]])
    expect(csvText([[-0.5, '-0.5', '+1e-3', '-1.5 -2', Number.NaN, 1e21, null]])).toBe(
      '-0.5,-0.5,+1e-3,-1.5 -2,NaN,1e+21,\n',
    )
  })
})

describe('HTML', () => {
  it('has no tag, no entity and no end of an attribute that a text brings', () => {
    const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
    fc.assert(
      fc.property(hostileText, (text) => {
        const written = escapeText(text)
        expect(written).not.toMatch(/[<>"']/)
        expect(written).not.toMatch(unseen)
        const read = written.replace(/&([^;]*);/g, (_, name: string) => entities[name] ?? 'unknown')
        expect(read).not.toContain('unknown')
        expect(read).toBe(text.replace(/[^\n\t]+/g, printable))
        expect(html`<b title="${text}">${text}</b>`.markup).toBe(`<b title="${written}">${written}</b>`)
      }),
    )
  })

  it('takes JSON into a script that nothing in it can end', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const { markup } = scriptJson({ [text]: text })
        expect(markup).not.toContain('<')
        expect(markup).not.toMatch(unseen)
        expect(JSON.parse(markup)).toEqual({ [text]: text })
      }),
    )
  })
})

describe('JSON and YAML', () => {
  it('read back as they were, and have seen characters alone', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const value = { [`k${text}`]: [text] }
        for (const indent of [undefined, 2]) {
          expect(jsonText(value, indent)).not.toMatch(unseen)
          expect(JSON.parse(jsonText(value, indent))).toEqual(value)
        }
        const whole = Buffer.from(text).toString()
        expect(parseYaml(manifestText({ name: whole }))).toEqual({ name: whole })
      }),
    )
  })

  it('leave no variable for Kubernetes to put a value into', () => {
    expect(commandWord('/runs/$(HOME)/$$x')).toBe('/runs/$$(HOME)/$$$$x')
    fc.assert(
      fc.property(hostileText, (text) => {
        // As Kubernetes reads it: `$$` is `$`, `$(NAME)` a variable.
        expect(commandWord(text).replace(/\$\$|\$\(/g, (sign) => (sign === '$$' ? '$' : 'VARIABLE'))).toBe(
          text,
        )
      }),
    )
  })
})

describe('LaTeX', () => {
  const known =
    /\\(textbackslash|textasciitilde|textasciicircum|textless|textgreater|textbar)\{\}|\\symbol\{\d+\}|\{[[\]*]\}|-\{\}|\\[{}&%$#_]/g

  it('has no command, group, comment or argument that a text brings', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const written = latex`${text}`.latex
        expect(written).toMatch(line)
        expect(written).not.toMatch(unseen)
        expect(written.replace(known, 'x')).not.toMatch(/[\\{}&%$#_^~[\]*"`']|--/)
      }),
      { numRuns: 1000 },
    )
  })

  it('prints every sign as it stands', () => {
    expect(latex`${'a_b & 50 % {x} \\ ~ ^ #1 $'}`.latex).toBe(
      'a\\_b \\& 50 \\% \\{x\\} \\textbackslash{} \\textasciitilde{} \\textasciicircum{} \\#1 \\$',
    )
    expect(latex`${'[1]*--"'}`.latex).toBe('{[}1{]}{*}-{}-\\symbol{34}')
    expect(joinLatex([latex`\mathbf{${'x_1'}}`, latex`2`], ' & ').latex).toBe('\\mathbf{x\\_1} & 2')
  })
})

describe('Markdown', () => {
  /** The text with a letter for every escaped sign. */
  const active = (text: string): string => text.replace(/\\[\\`*[\]<>&|~#!$@_+=.)-]/g, 'x')

  it('has no tag, link, code, emphasis or end of a cell that a text brings', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const table = markdownTable([{ title: text, isNumber: false }], [[text]]).markdown
        const rows = table.trimEnd().split('\n')
        expect(rows).toHaveLength(3)
        for (const row of [rows[0] ?? '', rows[2] ?? '']) {
          expect(row).not.toMatch(unseen)
          const inner = active(row.replace(/^\| /, '').replace(/ \|$/, ''))
          expect(inner).not.toMatch(/[\\`*[\]<>&|~#!$@]/)
          expect(inner).not.toMatch(/(^|[^\p{L}\p{N}])_|_([^\p{L}\p{N}]|$)/u)
        }
        expect(active(markdown`${text}`.markdown)).not.toMatch(/^\s*([-+=]|\d+[.)])(\s|$)/)
      }),
      { numRuns: 1000 },
    )
    expect(markdown`${'weight_decay <script>'}`.markdown).toBe('weight_decay \\<script\\>')
  })

  it('has code that only its own marks end', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const { markdown: code } = markdownCode(text)
        if (code === '') return
        const fence = /^`+/.exec(code)?.[0] ?? ''
        const inner = code.slice(fence.length, -fence.length)
        expect(code.endsWith(fence)).toBe(true)
        expect(inner.match(/`+/g) ?? []).not.toContain(fence)
        expect(inner).not.toMatch(/^`|`$/)
      }),
    )
  })
})

describe('tags of TensorBoard', () => {
  it('stay in one piece', () => {
    expect(tagPart('a/b\u001b')).toBe('a\u2215b\\u001b')
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(tagPart(text)).not.toContain('/')
        expect(tagPart(text)).not.toMatch(unseen)
      }),
    )
  })
})

describe('addresses', () => {
  it('are shown without names and passwords, wherever they stand', () => {
    const secret = 'hunter2'
    for (const address of [
      `http://alice:${secret}@host/data`,
      `https://alice:${secret}@host:8080/data?x=1`,
      `http://alice:p@${secret}@host/`,
      `http://alice:${secret}/x@host/`,
      `http://:${secret}@host/`,
      `http://${secret}@host/`,
      `HTTPS://a:${secret}@[::1]/`,
      `ftp://a:${secret}@host`,
    ]) {
      expect(withoutCredentials(`\`${address}\` cannot be reached: ${address}`)).not.toContain(secret)
    }
    for (const plain of ['http://host/@scope/x', 'http://host:8080/a@b', 'a@b.c', 'http://host/?q=a@b']) {
      expect(withoutCredentials(plain)).toBe(plain)
    }
  })
})
