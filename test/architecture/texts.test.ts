// Texts that leave for another language go through that language's one writer (runtime/platform/texts): what
// a machine can see of it.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

interface SourceText {
  readonly name: string
  readonly text: string
}

/** What runs in Node; the page's own script builds its document from nodes and never from text. */
const sources: readonly SourceText[] = ['grammar', 'compiler', 'runtime'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('observe/report/page/'))
    .map((name) => join(root, folder, name))
    .map((path) => ({ name: relative(root, path), text: readFileSync(path, 'utf8') })),
)

const isWriter = ({ name }: SourceText): boolean => name.startsWith('runtime/platform/texts/')

/** Literal parts of templates with insertions, with the tag before them; '' for none. */
function templates({
  name,
  text,
}: SourceText): readonly { readonly tag: string; readonly literal: string }[] {
  const found: { readonly tag: string; readonly literal: string }[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateExpression(node)) {
      const tag = ts.isTaggedTemplateExpression(node.parent) ? node.parent.tag.getText() : ''
      const parts = [node.head, ...node.templateSpans.map(({ literal }) => literal)]
      found.push({ tag, literal: parts.map(({ rawText, text: cooked }) => rawText ?? cooked).join('\0') })
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true))
  return found
}

const allTemplates = sources
  .filter((source) => !isWriter(source))
  .flatMap((source) => templates(source).map((template) => ({ name: source.name, ...template })))

/** Languages by what their templates look like, and the tag that they need; none: a function writes them. */
const languages: readonly (readonly [language: string, look: RegExp, tag: string | undefined])[] = [
  [
    'HTML',
    /<\/?(a|b|p|td|th|tr|div|span|code|pre|h[1-6]|li|ul|script|style|section|figure|img|title)[ >]/,
    'html',
  ],
  ['LaTeX', /\\\\?(begin|end|textbf|texttt|mathbf|caption|label|pm)\b/, 'latex'],
  ['Markdown', /^\| .*\| |\]\(\0|^##+ \0/m, 'markdown'],
  ['a batch script', /#SBATCH /, undefined],
  ['YAML', /^\s*[a-zA-Z]+: \0\n/m, undefined],
]

test.each(languages)('templates that look like %s are written by its writer', (_, look, tag) => {
  const wrong = allTemplates.filter((template) => look.test(template.literal) && template.tag !== tag)
  expect(wrong.map(({ name, literal }) => `${name}: ${literal.slice(0, 60)}`)).toEqual([])
})

describe('escapes and quotes', () => {
  const lines = (look: RegExp, allowed: readonly string[]): readonly string[] =>
    sources
      .filter((source) => !isWriter(source) && !allowed.includes(source.name))
      .flatMap(({ name, text }) =>
        text
          .split('\n')
          .filter((line) => look.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line))
          .map((line) => `${name}: ${line.trim()}`),
      )

  test('codes that move a terminal stand where its screen is painted, and in the writer', () => {
    const painting = [
      'runtime/observe/tui/painter.ts',
      'runtime/observe/tui/screen.ts',
      'compiler/diagnostics/render.ts',
    ]
    expect(lines(/\\u001b|\\x1b|\\033|\\e\[/, painting)).toEqual([])
  })

  test('whatever is printed goes through the writer for terminals', () => {
    const screens = ['runtime/cli/context.ts', 'runtime/cli/crash.ts']
    expect(lines(/\bconsole\.\w+\(|\bstd(out|err)\.write\(/, screens)).toEqual([])
  })

  test('what is printed as JSON has no character that cannot be seen', () => {
    expect(lines(/\.(out|note)\(.*JSON\.stringify/, [])).toEqual([])
  })

  test('no file has entities, quotes for shells or escapes of CSV of its own', () => {
    expect(lines(/'&(amp|lt|gt|quot);'|'\\''|'""'\)/, [])).toEqual([])
  })

  test('control characters are found by the one expression', () => {
    const keys = [
      'runtime/observe/tui/key-reader.tsx',
      'runtime/apps/download/unpack.ts',
      'grammar/printable.ts',
    ]
    expect(lines(/\\p\{(Cc|Cf|Control)\}/, keys)).toEqual([])
  })
})
