import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Engine } from '../../../../runtime/engines/engine.js'
import { createReferenceEngine } from '../../../../runtime/engines/reference/index.js'
import { measureSlowdown, rememberedSlowdown } from '../../../../runtime/run/session/precision/slowdown.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-slowdown-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** Waits that long at every run of a program with bfloat16 in it. */
function slowInBfloat16(milliseconds: number): Engine {
  const engine = createReferenceEngine()
  return {
    ...engine,
    async load(program, options) {
      const executable = await engine.load(program, options)
      const isSlow = JSON.stringify(program).includes('bfloat16')
      return {
        run: async () => {
          if (isSlow) await new Promise((resolve) => setTimeout(resolve, milliseconds))
          else await new Promise((resolve) => setTimeout(resolve, 20))
          return {}
        },
        read: (names) => executable.read(names),
        write: (values) => executable.write(values),
        dispose: () => executable.dispose(),
      }
    },
  }
}

test('compares the times of a small network in both precisions', async () => {
  const slowdown = await measureSlowdown(slowInBfloat16(60), 1)
  expect(slowdown).toBeGreaterThan(2)
  expect(slowdown).toBeLessThan(4)
})

test('the network runs on a real engine in both precisions', async () => {
  const slowdown = await measureSlowdown(createReferenceEngine(), 1)
  expect(slowdown).toBeGreaterThan(0.2)
  expect(slowdown).toBeLessThan(20)
})

test('measures once, for every engine and number of threads anew', async () => {
  let measured = 0
  const measure = async () => ++measured
  const engine = createReferenceEngine()
  const ask = (threads: number, one: Engine = engine) => rememberedSlowdown(one, threads, folder, measure)
  expect(await ask(1)).toBe(1)
  expect(await ask(1)).toBe(1)
  expect(await ask(2)).toBe(2)
  expect(await ask(1, { ...engine, description: 'another version' })).toBe(3)
  expect(await ask(1)).toBe(1)
  expect(Object.values(JSON.parse(readFileSync(join(folder, 'bfloat16.json'), 'utf8')))).toEqual([1, 2, 3])
})

test('a damaged file and a folder that cannot be written cost time alone', async () => {
  writeFileSync(join(folder, 'bfloat16.json'), '{"half')
  expect(await rememberedSlowdown(createReferenceEngine(), 1, folder, async () => 5)).toBe(5)
  writeFileSync(join(folder, 'file'), '')
  expect(await rememberedSlowdown(createReferenceEngine(), 1, join(folder, 'file'), async () => 6)).toBe(6)
})
