// Data that goes or changes while a run is stopped, or while it loads.
import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodedImage, writeFiles } from '../../data/files.js'
import {
  type CommandHarness,
  commandHarness,
  endOfRun,
  expectOneError,
  runIn,
  trains,
  until,
} from './command-harness.js'

const words = ['--engine', 'onnx', '--plain']
let harness: CommandHarness
beforeAll(async () => {
  harness = commandHarness()
  const images: Record<string, Uint8Array> = {}
  for (let i = 0; i < 600; i++) {
    const colour = { r: (i * 37) % 256, g: (i * 91) % 256, b: i % 2 === 0 ? 30 : 200 }
    images[`${i % 2 === 0 ? 'dark' : 'light'}/${String(i).padStart(4, '0')}.png`] = await encodedImage(
      'png',
      16,
      16,
      colour,
    )
  }
  writeFiles(join(harness.folder, 'pictures'), images)
  writeFiles(join(harness.folder, 'few pictures'), {
    'dark/0.png': await encodedImage('png', 16, 16, { r: 1, g: 1, b: 30 }),
    'light/0.png': await encodedImage('png', 16, 16, { r: 1, g: 1, b: 200 }),
  })
  writeFiles(join(harness.folder, 'cifar'), {
    'batches.meta.txt': `${Array.from({ length: 10 }, (_, i) => `class${i}`).join('\n')}\n`,
    'test_batch.bin': cifarRecords(200, 1),
    ...Object.fromEntries([1, 2, 3, 4, 5].map((part) => [`data_batch_${part}.bin`, cifarRecords(200, part)])),
  })
  writeFileSync(
    join(harness.folder, 'pictures.sau'),
    experiment('image_folder("pictures")', 'image_folder("few pictures")', 16),
  )
  writeFileSync(
    join(harness.folder, 'cifar.sau'),
    experiment('cifar10("cifar", split: train)', 'cifar10("cifar", split: test)', 32),
  )
})
afterAll(() => harness.dispose())

function cifarRecords(count: number, salt: number): Uint8Array {
  const bytes = new Uint8Array(count * 3073)
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = i % 3073 === 0 ? Math.floor(i / 3073) % 10 : (i * 31 + salt) % 251
  return bytes
}

function experiment(train: string, test: string, size: number): string {
  return `sau 1
experiment "Data that goes"
param epochs : int = 3
dataset train = ${train}
dataset test  = ${test}
view plain = crop(padding: 2) |> flip |> normalize
network net = cifar_resnet(depth: 8, width: ${size === 16 ? 8 : 4}) { head logits = linear(classes) }
stream a = shuffle(train)
branch only { loss ce = cross_entropy(net(a.plain).logits, a.labels) }
minimize only.ce
train { epochs = epochs; batch = 50; optimizer = sgd(lr: 0.05, momentum: 0.9) }
evaluate test { using = net.logits; metrics = [top1] }
`
}

/** A run that was stopped in its second epoch, and how the one that nobody touched ended. */
async function stoppedRun(file: string) {
  const whole = join(harness.folder, `whole ${file}`)
  if (runIn(whole) === undefined) expect((await harness.run(file, ...words, '--runs', whole)).code).toBe(0)
  const runs = join(harness.folder, `${file} ${Math.random()}`)
  const started = harness.start(file, ...words, '--runs', runs)
  const { folder, pid } = await until(runs, trains(1))
  process.kill(pid, 'SIGUSR2')
  expect((await started.ended).code).toBe(75)
  return { folder, untouched: endOfRun(runIn(whole)?.folder ?? '') }
}

describe.each([
  ['pictures.sau', 'pictures/light/0301.png', 'pictures'],
  ['cifar.sau', 'cifar/data_batch_3.bin', 'cifar'],
])('%s', (file, changing, source) => {
  test('a file that is gone, cut or changed when the run is resumed: 4, its name, and on as before once it is back', async () => {
    const { folder, untouched } = await stoppedRun(file)
    const path = join(harness.folder, changing)
    const whole = readFileSync(path)

    renameSync(path, `${path}.away`)
    const gone = await harness.run('--resume', folder, ...words)
    expect(gone.code, gone.err).toBe(4)
    // A folder of images without one of them is another folder; a batch of CIFAR has its name.
    expectOneError(gone, source === 'cifar' ? 'SAU8001' : 'SAU8006')
    expect(gone.err).toContain(join(harness.folder, source === 'cifar' ? changing : source))
    renameSync(`${path}.away`, path)

    writeFileSync(path, whole.subarray(0, whole.length - 20))
    const cut = await harness.run('--resume', folder, ...words)
    expect(cut.code, cut.err).toBe(4)
    expectOneError(cut, 'SAU80')
    expect(cut.err).toContain(path)

    // Another image of the same class, or one changed bit of a pixel.
    const other = Buffer.from(whole)
    other[5000] = (other[5000] ?? 0) ^ 1
    writeFileSync(path, source === 'cifar' ? other : await encodedImage('png', 16, 16, { r: 1, g: 2, b: 3 }))
    const changed = await harness.run('--resume', folder, ...words)
    expect(changed.code, changed.err).toBe(4)
    expectOneError(changed, 'SAU8006')

    writeFileSync(path, whole)
    const again = await harness.run('--resume', folder, ...words)
    expect(again.code, again.err).toBe(0)
    expect(endOfRun(folder)).toEqual(untouched)
  })

  test('a source that goes while the run loads: 4 and its name, and on as before once it is back', async () => {
    const path = join(harness.folder, source)
    const copy = `${path} for loading`
    cpSync(path, copy, { recursive: true })
    const runs = join(harness.folder, `loading ${file}`)
    const text = readFileSync(join(harness.folder, file), 'utf8').replaceAll(
      `"${source}"`,
      `"${source} for loading"`,
    )
    writeFileSync(join(harness.folder, `loading-${file}`), text)
    const started = harness.start(`loading-${file}`, ...words, '--runs', runs)
    // Compiled, and not yet read: the training process has not begun.
    const { folder } = await until(runs, ({ event }) => event === 'run_started')
    renameSync(copy, `${copy} away`)
    const ended = await started.ended
    renameSync(`${copy} away`, copy)
    // Where it had been read by then the run does not need it any more.
    if (ended.code !== 0) {
      expect(ended.code, ended.err).toBe(4)
      expectOneError(ended, 'SAU8001')
      expect(ended.err).toContain(copy)
      expect((await harness.run('--resume', folder, ...words)).code).toBe(0)
    }
    const whole = runIn(join(harness.folder, `whole ${file}`))?.folder ?? ''
    expect(endOfRun(folder)).toEqual(endOfRun(whole))
    rmSync(copy, { recursive: true })
  })
})

test.skipIf(process.platform !== 'linux')(
  'memory that runs out ends with 5 and says so (skipped outside Linux, for want of prlimit)',
  async () => {
    const runs = join(harness.folder, 'memory')
    const started = harness.start('kill.sau', ...words, 'epochs=12', '--runs', runs)
    const { folder, pid } = await until(runs, trains(1))
    const held = Number(/VmSize:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
    execFileSync('prlimit', ['--pid', String(pid), `--as=${held}`])
    const ended = await started.ended
    expect(ended.code, ended.err).toBe(5)
    expectOneError(ended, 'SAU7301')
    expect((await harness.run('--resume', folder, ...words)).code).toBe(0)
  },
)

describe('images that are decoded as they are drawn', () => {
  const streaming = [...words, '--data-memory', '0', '--workers', '2']

  test('train the same network as images in memory, also after a stop and with the rest in memory', async () => {
    const { folder, untouched } = await stoppedRun('pictures.sau')
    const again = await harness.run('--resume', folder, ...streaming)
    expect(again.code, again.err).toBe(0)
    expect(again.err).toContain('decoded as they are drawn')
    expect(endOfRun(folder)).toEqual(untouched)
    const runs = join(harness.folder, 'streamed')
    expect((await harness.run('pictures.sau', ...streaming, '--runs', runs)).code).toBe(0)
    expect(endOfRun(runIn(runs)?.folder ?? '')).toEqual(untouched)
  })

  test('an image that goes while the run trains ends it with 4 and its name, and it goes on once it is back', async () => {
    const { untouched } = await stoppedRun('pictures.sau')
    const runs = join(harness.folder, 'streamed and damaged')
    const path = join(harness.folder, 'pictures/light/0301.png')
    const started = harness.start('pictures.sau', ...streaming, '--runs', runs)
    const { folder } = await until(runs, trains(1))
    renameSync(path, `${path}.away`)
    const ended = await started.ended
    renameSync(`${path}.away`, path)
    expect(ended.code, ended.err).toBe(4)
    expectOneError(ended, 'SAU8001')
    expect(ended.err).toContain(path)
    const again = await harness.run('--resume', folder, ...streaming)
    expect(again.code, again.err).toBe(0)
    expect(endOfRun(folder)).toEqual(untouched)
  })
})
