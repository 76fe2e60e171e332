import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { sweepSchema } from '../../../compiler/sweep/index.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))

describe('the schema of sweep files', () => {
  it('is the published one', () => {
    expect(JSON.parse(readFileSync(`${root}/docs/sweep.schema.json`, 'utf8'))).toEqual(sweepSchema)
  })

  it('is a JSON Schema of draft 7 without keywords of our own, so that editors can read it', () => {
    const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictTypes: false, strictRequired: false })
    expect(ajv.validateSchema(sweepSchema)).toBe(true)
    expect(() => ajv.compile(sweepSchema)).not.toThrow()
  })

  it('describes every field that an editor shows', () => {
    const { properties } = sweepSchema as { properties: Record<string, { description?: string }> }
    expect(Object.keys(properties).length).toBe(13)
    for (const [name, { description }] of Object.entries(properties)) {
      expect(description, name).toMatch(/\w{3,}/)
    }
  })
})
