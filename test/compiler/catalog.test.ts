import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { catalog, catalogTables } from '../../compiler/index.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

const ranges: Readonly<Record<keyof typeof catalogTables, RegExp>> = {
  syntax: /^SAU1\d{3}$/,
  names: /^SAU2\d{3}$/,
  types: /^SAU3\d{3}$/,
  data: /^SAU4\d{3}$/,
  settings: /^SAU5\d{3}$/,
  warnings: /^SAU6\d{3}$/,
  sweep: /^SAU80[1-5]\d$/,
  run: /^SAU(602\d|7\d{3}|8(0[06-9]|[1-9]\d)\d)$/,
}

const tables = Object.entries(catalogTables)
const codes = tables.flatMap(([, table]) => Object.keys(table))

describe('the catalogue of diagnostics', () => {
  it('has every code once, in the table of its range', () => {
    expect(new Set(codes).size).toBe(codes.length)
    for (const [name, range] of Object.entries(ranges)) {
      const table = tables.find(([table]) => table === name)?.[1] ?? {}
      expect(
        Object.keys(table).filter((code) => !range.test(code)),
        name,
      ).toEqual([])
    }
  })

  it.each(codes)('%s has a page that begins with its code', (code) => {
    const page = readFileSync(`${root}/docs/diagnostics/${code}.md`, 'utf8')
    expect(page.split('\n')[0]).toMatch(new RegExp(`^# ${code}: .{4,}`))
    expect(page.trim().split('\n\n').length).toBeGreaterThanOrEqual(2)
  })

  it.each(Object.entries(catalogTables.run))('%s of a run has a page with its title', (code, { title }) => {
    const page = readFileSync(`${root}/docs/diagnostics/${code}.md`, 'utf8')
    expect(page.split('\n')[0]).toBe(`# ${code}: ${title}`)
  })

  // A file that is not there, or no text, or one of a thousand cannot be shown; tests of their own say them.
  const withoutSample = ['SAU8010', 'SAU1022', 'SAU1023']
  const withSample = Object.keys(catalog).filter((code) => !withoutSample.includes(code))
  it.each(withSample)('%s of the compiler has a sample that triggers it', (code) => {
    const sample = code.startsWith('SAU8') ? `sweep/bad/${code}.sweep.yaml` : `samples/bad/${code}.sau`
    expect(existsSync(`${root}/test/compiler/${sample}`)).toBe(true)
  })

  it('gives every title and help its gaps', () => {
    for (const [code, entry] of Object.entries(catalog)) {
      const { title } = entry
      const help = 'help' in entry ? entry.help : undefined
      for (const text of [title, help]) {
        if (!text) continue
        const filled = text.fill(Object.fromEntries(text.gaps.map((gap) => [gap, `<${gap}>`])) as never)
        for (const gap of text.gaps) expect(filled, code).toContain(`<${gap}>`)
      }
    }
  })
})
