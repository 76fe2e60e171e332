// docs/internals.md says which files a new thing touches, with one of its kind as the example: each of them
// names it, and no other source does. So does the page's table of functions, and what it says of the rooms is
// what structure.test.ts checks.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/internals.md'), 'utf8')

interface Recipe {
  /** `### An operation of the graph, such as clamp`: what stands before the comma. */
  readonly kind: string
  readonly example: string
  readonly files: readonly string[]
  /** Files that some of the kind touch besides. */
  readonly others: readonly string[]
}

/** The lists below `## Adding things`. */
function recipes(): readonly Recipe[] {
  const part = /^## Adding things$([\s\S]*?)^## /m.exec(page)?.[1] ?? ''
  return part
    .split(/^### /m)
    .slice(1)
    .map((text) => {
      const [, kind = '', example = ''] = /^(.+), such as `([^`]+)`/.exec(text) ?? []
      const files = [...text.matchAll(/^- `([^`]+)`/gm)].map(([, file = '']) => file)
      const applies = /^Where it applies: (?:.+\n?)+/m.exec(text)?.[0] ?? ''
      const others = [...applies.matchAll(/`([^`]+\/[^`]+)`/g)].map(([, file = '']) => file)
      return { kind, example, files, others }
    })
}

/** Sources by their path from the root. */
const sources: ReadonlyMap<string, string> = new Map(
  ['grammar', 'compiler', 'runtime'].flatMap((layer) =>
    readdirSync(join(root, layer), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => [`${layer}/${name}`, readFileSync(join(root, layer, name), 'utf8')] as const),
  ),
)

const escaped = (text: string): string => text.replace(/[^\w]/g, '\\$&')

/** Whether a source has the word in code that tells things apart by it: as a text of its own, or as a key. */
function registers(source: string, name: string): boolean {
  const code = source.replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, '')
  return new RegExp(`['"\`]${escaped(name)}['"\`]|^\\s*${escaped(name)}(?::|,$|\\()`, 'm').test(code)
}

describe('what a new thing touches', () => {
  test('there is a list for everything that the page promises', () => {
    expect(recipes().map(({ kind }) => kind)).toMatchInlineSnapshot(`
      [
        "An operation of the graph",
        "A loss or another function of the step",
        "An operation of views",
        "A source of images",
        "A layer of heads",
        "A metric",
        "A diagnostic",
        "A command",
        "An engine",
      ]
    `)
    for (const { kind, example, files } of recipes()) {
      expect(example, kind).not.toBe('')
      expect(files.length, kind).toBeGreaterThan(0)
    }
  })

  test.each(recipes())(
    '$kind: every file on the list is there and names $example',
    ({ example, files, others }) => {
      for (const file of [...files, ...others]) {
        expect(existsSync(join(root, file)), file).toBe(true)
        expect(readFileSync(join(root, file), 'utf8'), file).toMatch(new RegExp(`\\b${escaped(example)}\\b`))
      }
    },
  )

  test.each(recipes())('$kind: no other source registers $example', ({ example, files, others }) => {
    const listed = [...files, ...others]
    const more = [...sources].filter(([path, text]) => !listed.includes(path) && registers(text, example))
    expect(more.map(([path]) => path)).toEqual([])
  })
})

test('every function of the way of a file stands where the page says', () => {
  const part = /^## The way of a file$([\s\S]*?)^## /m.exec(page)?.[1] ?? ''
  const rows = part.split('\n').filter((line) => line.startsWith('|') && line.includes('`'))
  expect(rows.length).toBeGreaterThan(8)
  for (const row of rows) {
    const [names = '', places = ''] = row.split('|').slice(-3, -1)
    const files = [...places.matchAll(/`([^`]+)`/g)].map(([, file = '']) => sources.get(file) ?? '')
    for (const [, name = ''] of names.matchAll(/`([^`]+)`/g)) {
      const declared = new RegExp(`^export (?:async )?function\\*? ${escaped(name)}\\b`, 'm')
      expect(
        files.some((text) => declared.test(text)),
        `${name} in ${places}`,
      ).toBe(true)
    }
  }
})
