// What the documentation shows, compiles; what it links to, is there; what is generated, is current.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import {
  checkExperiment,
  closedLists,
  compileExperiment,
  functions,
  type Host,
  renderDiagnostics,
} from '../../compiler/index.js'
import { showType } from '../../compiler/types/type.js'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** A host that has one file, and any data that is asked for: 5,000 images in each of ten classes. */
function hostWith(text: string): Host {
  return {
    readText: (path) => (path === '/exp.sau' ? text : undefined),
    resolve: (from, path) => resolve(from, path),
    relative: (_, path) => path,
    entries: () => undefined,
    variable: () => undefined,
    probe: () => ({
      ok: true,
      classes: 'airplane automobile bird cat deer dog frog horse ship truck'.split(' '),
      counts: Array.from({ length: 10 }, () => 5000),
      image: { height: 32, width: 32, channels: 3 },
    }),
    digest: () => '0'.repeat(64),
    sharedRecords: () => 'none',
    labels: () => Array.from({ length: 50_000 }, (_, i) => Math.floor(i / 5000)),
  }
}

const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => join('docs', name))].filter(
  (name) => name.endsWith('.md'),
)

/** Code blocks of a page with their words after ```. */
function blocks(
  page: string,
): readonly { readonly words: string; readonly text: string; readonly line: number }[] {
  const source = readFileSync(join(root, page), 'utf8')
  return [...source.matchAll(/^```(sau.*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    words: match[1] ?? '',
    text: match[2] ?? '',
    line: source.slice(0, match.index).split('\n').length,
  }))
}

describe.each([
  ['docs/language.md', 7],
  ['docs/how-to.md', 3],
])('examples of %s', (page, count) => {
  const examples = blocks(page)

  test('are there', () => {
    expect(examples.length).toBeGreaterThanOrEqual(count)
  })

  test.each(examples.map((example) => [example.line, example] as const))('line %d compiles', (_, example) => {
    const text = example.words === 'sau part' ? `sau 1\n${example.text}` : example.text
    const options = { file: '/exp.sau', cwd: '/' }
    const host = hostWith(text)
    const isWhole = example.words === 'sau' && text.includes('\nexperiment ')
    const result = isWhole ? compileExperiment(host, options) : checkExperiment(host, options)
    const errors = result.diagnostics.filter(({ severity }) => severity === 'error')
    expect(renderDiagnostics(errors, { sources: result.sources })).toBe('')
    if (isWhole) {
      expect(result.diagnostics).toEqual([])
      expect(result).toHaveProperty('plan.title')
    }
  })
})

test('docs/functions.md is what the declarations of the compiler say', async () => {
  const page: string = join(root, 'docs', 'functions-page.mjs')
  const { functionsPage } = (await import(page)) as {
    functionsPage: (list: typeof functions, lists: typeof closedLists, show: typeof showType) => string
  }
  expect(readFileSync(join(root, 'docs/functions.md'), 'utf8')).toBe(
    functionsPage(functions, closedLists, showType),
  )
})

test.each(pages)('links of %s lead somewhere', (page) => {
  const source = readFileSync(join(root, page), 'utf8')
  const targets = [...source.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? '')
  const missing = targets.filter(
    (target) => !/^https?:/.test(target) && !existsSync(resolve(root, dirname(page), target)),
  )
  expect(missing).toEqual([])
})

test('sections that pages link to are there', () => {
  for (const page of pages) {
    const source = readFileSync(join(root, page), 'utf8')
    for (const match of source.matchAll(/\]\(([^)#]*)#([^)]+)\)/g)) {
      const target = match[1] === '' ? join(root, page) : resolve(root, dirname(page), match[1] ?? '')
      const anchors = [...readFileSync(target, 'utf8').matchAll(/^#+ (.*)$/gm)].map((heading) =>
        (heading[1] ?? '')
          .toLowerCase()
          .replace(/[^\w\- ]/g, '')
          .replaceAll(' ', '-'),
      )
      expect(anchors, `${page}: #${match[2]}`).toContain(match[2])
    }
  }
})
