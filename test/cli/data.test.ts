// `saurun data` as a user types it.
import { execFile, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { compiledEntry } from '../../runtime/platform/compiled-entry.js'
import { noise } from '../apps/download/archives.js'
import { type FileServer, fileServer } from '../apps/download/file-server.js'
import { encodedImage, temporaryFolder, writeFiles } from '../data/files.js'

const folder = temporaryFolder()
const main = compiledEntry('runtime/cli/main.js')
const env = { ...process.env, SAURUN_CACHE: join(folder, 'cache'), SAURUN_DATA_FROM: '' }

function saurun(...words: readonly string[]) {
  return new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    execFile(process.execPath, [main, 'data', ...words], { cwd: folder, env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : error.code, out, err })
    })
  })
}

const experiment = `sau 1
experiment "x"
param many : count = 20
dataset real  = shapes(classes: 4, per_class: many, size: 16, seed: 1) |> longtail(factor: 5, seed: 2)
dataset made  = shapes(classes: 4, per_class: 30, size: 16, seed: 3, origin: synthetic)
dataset train = fill(real, from: made, to: balanced)
dataset test  = shapes(classes: 4, per_class: 3, size: 16, seed: 4)
view plain = flip |> normalize
network net = cifar_resnet(depth: 8, width: 8) { head logits = linear(classes) }
stream a = shuffle(train)
branch only { loss ce = cross_entropy(net(a.plain).logits, a.labels) }
minimize only.ce
train { epochs = 1; batch = 4; optimizer = sgd(lr: 0.1) }
evaluate test { using = net.logits }
`
writeFileSync(join(folder, 'exp.sau'), experiment)
writeFileSync(
  join(folder, 'two.sau'),
  'sau 1\ndataset one = shapes(classes: 3, per_class: 9, size: 16, seed: 1) |> longtail(factor: 3)\ndataset two = shapes(classes: 3, per_class: 9, size: 16, seed: 1) |> longtail(factor: 3)\n',
)

describe('saurun data draw', () => {
  test('saves a draw, which the experiment reads back', async () => {
    const { code, out } = await saurun('draw', 'exp.sau', '-o', 'indices.json')
    expect(code).toBe(0)
    expect(out).toMatch(/^indices\.json: draw of real, 41 images of 4 classes, sha256 [0-9a-f]{64}\n$/)
    writeFileSync(
      join(folder, 'read.sau'),
      experiment.replace('longtail(factor: 5, seed: 2)', 'longtail(factor: 5, draw: "indices.json")'),
    )
    const again = await saurun('draw', 'read.sau', '-o', 'again.json', '--json')
    const { sha256, counts } = JSON.parse(again.out)
    expect(out).toContain(sha256)
    expect(counts).toEqual([20, 11, 6, 4])
    const file = (name: string) => readFileSync(join(folder, name), 'utf8')
    expect(file('again.json')).toBe(file('indices.json'))
    // Without -o it goes to standard output.
    expect((await saurun('draw', 'exp.sau')).out).toBe(file('indices.json'))
  })

  test('takes params, and says that other data has other records', async () => {
    await saurun('draw', 'exp.sau', '-o', 'indices.json')
    const { code, err } = await saurun('check', 'read.sau', 'many=25')
    expect(code).toBe(4)
    expect(err).toContain('error[SAU4013]: `indices.json` was drawn from other data than `real`')
  })

  test('asks which draw is meant', async () => {
    const { code, err } = await saurun('draw', 'two.sau')
    expect(code).toBe(2)
    expect(err).toContain('error[SAU8101]: two.sau has 2 long-tailed draws')
    expect(JSON.parse((await saurun('draw', 'two.sau', '--dataset', 'two')).out)).toMatchObject({
      images: 17,
    })
    const misspelt = await saurun('draw', 'two.sau', '--dataset', 'tow')
    expect(misspelt.err).toContain('did you mean `two`?')
  })

  test('writes over no other file', async () => {
    writeFileSync(join(folder, 'notes.json'), '{"mine": 1}')
    const { code, err } = await saurun('draw', 'exp.sau', '-o', 'notes.json')
    expect(code).toBe(1)
    expect(err).toContain('error[SAU8102]')
    expect((await saurun('draw', 'exp.sau', '-o', 'no/folder.json')).err).toContain('error[SAU8102]')
  })
})

describe('saurun data check', () => {
  test('tells of every source, for people and as data', async () => {
    const { code, out } = await saurun('check', 'exp.sau')
    expect(code).toBe(0)
    expect(out).toContain('every image can be read')
    expect(out).toMatch(/used +41 trained on, 0 evaluated on, 39 not used/)
    const found = JSON.parse((await saurun('check', 'exp.sau', '--json')).out)
    expect(found).toMatchObject({ file: 'exp.sau', exitCode: 0, images: 212, undecodable: 0 })
    expect(found.sources).toHaveLength(3)
  })

  test('ends with 4 where an image cannot be read, and with --strict where splits share one', async () => {
    const image = (r: number) => encodedImage('png', 16, 16, { r, g: 0, b: 0 })
    writeFiles(folder, {
      'i/a/1.png': await image(1),
      'i/b/1.png': await image(2),
      'j/a/1.png': await image(1),
      'j/b/1.png': await image(4),
      'k/a/1.png': await image(1),
      'k/b/1.png': 'broken',
    })
    const parts = (test: string) =>
      `sau 1\ndataset one = image_folder("i", split: train)\ndataset two = image_folder("${test}", split: test)\n`
    writeFileSync(join(folder, 'shared.sau'), parts('j'))
    writeFileSync(join(folder, 'broken.sau'), parts('k'))
    expect((await saurun('check', 'shared.sau')).code).toBe(0)
    const strict = await saurun('check', 'shared.sau', '--strict')
    expect(strict.code).toBe(4)
    expect(strict.out).toContain('1 image of two stands in one too, as 1 image of it (across splits)')
    const broken = await saurun('check', 'broken.sau')
    expect(broken.code).toBe(4)
    expect(broken.out).toContain('1 image cannot be read')
    expect(broken.out).toContain('b/1.png')
  })

  test('says what does not compile', async () => {
    writeFileSync(join(folder, 'wrong.sau'), 'sau 1\ndataset one = image_folder("nowhere")\n')
    const { code, err } = await saurun('check', 'wrong.sau')
    expect(code).toBe(4)
    expect(err).toContain('error[SAU4001]')
  })
})

describe('saurun data get', () => {
  const servers: FileServer[] = []
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close()
  })
  const serve = async (...given: Parameters<typeof fileServer>) => {
    const server = await fileServer(...given)
    servers.push(server)
    return server.address
  }

  test('asks the address that is named, and says what is wrong with its file', async () => {
    const address = await serve({ 'cifar-10-binary.tar.gz': noise(1000) })
    const { code, out, err } = await saurun('get', 'cifar10', '--from', address, '--dir', 'wrong')
    expect(code).toBe(1)
    expect(out).toBe('')
    expect(err).toContain(`getting cifar10 from ${address}`)
    expect(err).toContain('error[SAU8106]')
    expect(err).toContain('is 1,000 bytes, and the published file has 170,052,171')
    expect(readdirSync(join(folder, 'wrong'))).toEqual([])
  })

  test('tells as data, and takes the address from the environment', async () => {
    const address = await serve({})
    const answered = await new Promise<string>((resolve) => {
      const environment = { ...env, SAURUN_DATA_FROM: address }
      execFile(
        process.execPath,
        [main, 'data', 'get', 'cifar100', '--json'],
        { cwd: folder, env: environment },
        (_, out) => resolve(out),
      )
    })
    const lines = answered
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines[0]).toMatchObject({ event: 'get_started', name: 'cifar100', address })
    expect(lines.at(-1)).toMatchObject({ event: 'failed', code: 'SAU8104', exitCode: 1 })
  })

  test('leaves a part when it is interrupted, and goes on from there', async () => {
    const whole = 26_421_880
    const address = await serve({}, (request, response) => {
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
      const range = from === 0 ? {} : { 'content-range': `bytes ${from}-${whole - 1}/${whole}` }
      response.writeHead(from === 0 ? 200 : 206, { 'content-length': whole - from, etag: '"one"', ...range })
      // Slowly, so that there is always more to come and progress to tell of.
      response.write(noise(100_000))
      const more = setInterval(() => response.write(noise(1000)), 100)
      response.on('close', () => clearInterval(more))
      return true
    })
    const words = ['get', 'fashion_mnist', '--from', address, '--dir', 'cut', '--json']
    const interrupted = () =>
      new Promise<{ code: number | null; out: string }>((resolve) => {
        const child = spawn(process.execPath, [main, 'data', ...words], { cwd: folder, env })
        let out = ''
        child.stdout.on('data', (chunk: Buffer) => {
          out += chunk
          if (out.includes('download_progress')) setTimeout(() => child.kill('SIGINT'), 300)
        })
        child.on('close', (code) => resolve({ code, out }))
      })
    const first = await interrupted()
    expect(first.code).toBe(130)
    expect(first.out).toContain('"code":"SAU8115"')
    expect(existsSync(join(folder, 'cut/.saurun-download/train-images-idx3-ubyte.gz.part'))).toBe(true)
    const second = await interrupted()
    expect(second.out).toMatch(
      /"download_started","file":"train-images-idx3-ubyte\.gz","bytes":26421880,"from":[1-9]/,
    )
  })
})

test.each([
  [[], 'missing what to do with data'],
  [['chek', 'exp.sau'], 'did you mean `check`?'],
  [['check'], 'missing the file whose data is checked'],
  [['draw'], 'missing the file whose draw is saved'],
  [['get'], 'there are cifar10, cifar100, fashion_mnist'],
  [['get', 'cifar-10'], 'did you mean `cifar10`?'],
  [['get', 'cifar10', '--from', '/mnt/mirror'], 'is no address'],
  [['get', 'cifar10', '--strict'], '`data get` has no --strict'],
  [['check', 'exp.sau', '--dir', 'x'], '`data check` has no --dir'],
])('data %j is a mistake: %s', async (words, says) => {
  const { code, err } = await saurun(...words)
  expect(err).toContain(says)
  expect(code).toBe(2)
})
