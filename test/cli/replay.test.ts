// `saurun replay` as a user types it, on one trained run.
import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listRuns } from '../../runtime/run/folder/folder.js'
import { readLock } from '../../runtime/run/folder/lock.js'
import { type CommandHarness, commandHarness } from '../run/session/command-harness.js'

const experiment = `sau 1

experiment "Squares"

param data : path = "images"

dataset whole = image_folder(data)
dataset train = split(whole, share: 0.75, part: first)
dataset kept  = split(whole, share: 0.75, part: rest)

view plain = crop(padding: 1) |> flip |> normalize

network net = cifar_resnet(depth: 8, width: 4) { head logits = linear(classes) }

stream a = shuffle(train)

branch only { loss ce = cross_entropy(net(a.plain).logits, a.labels) }

minimize only.ce

train {
  epochs    = 2
  batch     = 3
  optimizer = sgd(lr: 0.05)
}

evaluate kept {
  using   = net.logits
  metrics = [top1]
}
`

let harness: CommandHarness
let run = ''
beforeAll(async () => {
  harness = commandHarness()
  for (const [position, name] of ['dark', 'light'].entries()) {
    mkdirSync(join(harness.folder, 'images', name), { recursive: true })
    for (let i = 0; i < 4; i++) {
      const grey = 40 + 120 * position + 7 * i
      const image = sharp({
        create: { width: 8, height: 8, channels: 3, background: { r: grey, g: grey, b: 90 } },
      })
      await image.png().toFile(join(harness.folder, 'images', name, `${i}.png`))
    }
  }
  writeFileSync(join(harness.folder, 'squares.sau'), experiment)
  const trained = await harness.run('squares.sau', '--engine', 'reference', '-q')
  expect(trained.code, trained.err).toBe(0)
  run = listRuns(join(harness.folder, 'runs'))[0] ?? ''
})
afterAll(() => harness.dispose())

test('says whether a run can be repeated exactly, and repeats it', async () => {
  const verified = await harness.run('replay', 'last', '--verify-only', '--json')
  expect([verified.code, verified.err]).toEqual([0, ''])
  expect(JSON.parse(verified.out)).toMatchObject({ exact: true, findings: [] })
  const repeated = await harness.run('replay', run, '-q')
  expect(repeated.code, repeated.err).toBe(0)
  expect(repeated.out).toContain('\nidentical to ')
  expect(repeated.out).toContain('compared          2 epochs, 2 evaluations, losses of 4 steps')
  const made = listRuns(join(harness.folder, 'runs')).at(-1) ?? ''
  expect(readLock(made).replayOf?.folder).toBe(run)
  const report = readFileSync(join(made, 'report.html'), 'utf8')
  expect(report).toMatch(/replay of<\/th><td><code>.*<\/code>: identical/)
  expect(report).toMatch(/width 4, [\d,]+ parameters \(backbone [\d,]+, logits 34\), float32/)
  const again = await harness.run('replay', '--resume', made, '--json')
  expect(again.code).toBe(0)
  expect(JSON.parse(again.out)).toMatchObject({ event: 'replay_compared', identical: true, difference: null })
})

test('the lock names data, program, engine, machine, precision and sizes of networks', () => {
  const lock = readLock(run)
  expect(lock).toMatchObject({
    precision: 'float32',
    sources: [{ content: expect.stringMatching(/^[0-9a-f]{64}$/) }],
  })
  expect(lock.networks).toEqual([
    {
      name: 'net',
      width: 4,
      parameters: (lock.networks?.[0]?.backbone ?? 0) + 34,
      backbone: expect.any(Number),
      heads: [{ name: 'logits', parameters: 34 }],
    },
  ])
  const [process] = lock.processes
  for (const field of [
    'program',
    'code',
    'node',
    'platform',
    'processor',
    'engine',
    'engineDescription',
  ] as const) {
    expect(process?.[field]).toMatch(/./)
  }
  expect(process).toMatchObject({ threads: 1, workers: expect.any(Number) })
})

test('what differs on this machine is said before anything trains', async () => {
  const copy = join(harness.folder, 'elsewhere')
  cpSync(run, copy, { recursive: true })
  const lock = JSON.parse(readFileSync(join(copy, 'lock.json'), 'utf8'))
  lock.processes[0] = { ...lock.processes[0], program: '0.0.1', node: 'v1', processor: 'abacus' }
  writeFileSync(join(copy, 'lock.json'), JSON.stringify(lock))
  writeFileSync(join(copy, 'experiment.sau'), 'sau 1\n')
  const { code, out } = await harness.run('replay', copy, '-n')
  expect(code).toBe(1)
  for (const line of [
    /saurun: 0\.0\.1 then/,
    /Node: v1 then/,
    /processor: abacus then/,
    /experiment\.sau .* was changed/,
  ])
    expect(out).toMatch(line)
  lock.planHash = lock.planHash.replace(/^./, (digit: string) => (digit === '0' ? '1' : '0'))
  writeFileSync(join(copy, 'lock.json'), JSON.stringify(lock))
  const other = await harness.run('replay', copy, '-n')
  expect([other.code, other.err.includes('error[SAU7121]')]).toEqual([2, true])
})

test('data that was moved is named, data that was changed is refused', async () => {
  const images = join(harness.folder, 'images')
  const moved = join(harness.folder, 'moved')
  renameSync(images, moved)
  const gone = await harness.run('replay', run, '-n')
  expect(gone.code).toBe(4)
  expect(gone.err).toContain('error[SAU7122]: ')
  expect(gone.err).toContain('--data whole=PATH')
  expect((await harness.run('replay', run, '-n', '--data', 'whole=moved')).code).toBe(0)
  expect((await harness.run('replay', run, '-n', '--data', '1=moved')).code).toBe(0)
  const unknown = await harness.run('replay', run, '-n', '--data', 'whoel=moved')
  expect([unknown.code, unknown.err.includes('did you mean `whole`?')]).toEqual([2, true])
  cpSync(join(moved, 'dark', '0.png'), join(moved, 'dark', '1.png'))
  const changed = await harness.run('replay', run, '-n', '--data', 'whole=moved')
  expect([changed.code, changed.err.includes('is not what it was')]).toEqual([4, true])
})

test('names what is wrong with the command', async () => {
  const none = await harness.run('replay')
  expect([none.code, none.err.includes('missing the run to repeat')]).toEqual([2, true])
  const no = await harness.run('replay', '--resume', run)
  expect([no.code, no.err.includes('error[SAU7126]')]).toEqual([2, true])
})
