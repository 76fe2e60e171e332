// `saurun preview` as a user types it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CommandHarness, commandHarness } from '../run/session/command-harness.js'

let harness: CommandHarness
beforeAll(() => {
  harness = commandHarness()
})
afterAll(() => harness.dispose())

test('writes a page named after the experiment, over an older one but over no other file', async () => {
  const first = await harness.run('preview', 'kill.sau')
  expect([first.code, first.out, first.err]).toEqual([0, 'kill-preview.html\n', ''])
  const path = join(harness.folder, 'kill-preview.html')
  const page = readFileSync(path, 'utf8')
  expect(page).toContain('view sim   = resized_crop(scale: 0.4..1.0) |&gt; flip |&gt; normalize')
  expect(page.match(/<figure>/g)).toHaveLength(2 * 8 * 5)
  expect((await harness.run('preview', 'kill.sau')).code).toBe(0)
  expect(readFileSync(path, 'utf8')).toBe(page)
  writeFileSync(path, 'my own notes')
  const other = await harness.run('preview', 'kill.sau')
  expect(other.code).toBe(2)
  expect(other.err).toContain('error[SAU7653]: ')
  expect(readFileSync(path, 'utf8')).toBe('my own notes')
})

test('writes named views as one picture, and says what was drawn as JSON', async () => {
  const words = ['--view', 'sim', '-o', 'sim.png', '--images', '2', '--draws', '3', '--json']
  const { code, out } = await harness.run('preview', 'kill.sau', ...words)
  expect(code).toBe(0)
  const answer = JSON.parse(out)
  const png = readFileSync(join(harness.folder, 'sim.png'))
  expect(answer).toMatchObject({ path: join(harness.folder, 'sim.png'), bytes: png.byteLength })
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  const [view, second] = answer.views
  expect(second).toBeUndefined()
  expect(view).toMatchObject({ name: 'sim', usedBy: ['a', 'prototypes'], dataset: 'train' })
  expect(view.images).toHaveLength(2)
  expect(view.images[0].draws).toHaveLength(3)
  expect(view.images[0].draws[0]).toMatchObject({ epoch: 0, operations: [{ op: 'resized_crop' }] })
  expect((await harness.run('preview', 'kill.sau', ...words)).out).toBe(out)
})

test('names what is wrong', async () => {
  const view = await harness.run('preview', 'kill.sau', '--view', 'plan')
  expect([
    view.code,
    view.err.includes('error[SAU7651]'),
    view.err.includes('did you mean `plain`?'),
  ]).toEqual([2, true, true])
  const form = await harness.run('preview', 'kill.sau', '-o', 'views.gif')
  expect([form.code, form.err.includes('error[SAU7655]')]).toEqual([2, true])
  expect(existsSync(join(harness.folder, 'views.gif'))).toBe(false)
  const folder = await harness.run('preview', 'kill.sau', '-o', 'nowhere/views.html')
  expect([folder.code, folder.err.includes('error[SAU7654]')]).toEqual([1, true])
})
