import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { compileExperiment } from '../../compiler/index.js'
import {
  contentOf,
  drawHash,
  indexFileText,
  type ReadIndices,
  readIndexFile,
  type SavedDraw,
} from '../../compiler/plan/index-file.js'
import { memoryHost } from './memory-host.js'

const saved: SavedDraw = {
  content: 'ab'.repeat(32),
  classes: ['cat', 'dög'],
  indices: [[4, 1], [7]],
  source: { format: 'cifar10', name: 'cifar-10-batches-bin', split: 'train', records: 10 },
  draw: 'without_replacement',
}

function faultOf(read: ReadIndices): string {
  return read.kind === 'fault' ? read.fault : `read as ${read.kind}`
}

function edited(change: Readonly<Record<string, unknown>>): string {
  const file = { ...(JSON.parse(indexFileText(saved)) as object), ...change }
  return faultOf(readIndexFile(JSON.stringify(file)))
}

describe('an index file', () => {
  it('is read back as it was written', () => {
    const { content, classes, indices } = saved
    expect(readIndexFile(indexFileText(saved))).toEqual({
      kind: 'draw',
      draw: { content, classes, indices },
      repeats: false,
    })
  })

  it('is JSON with a line for every class, its counts and its source', () => {
    const text = indexFileText(saved)
    expect(JSON.parse(text)).toMatchObject({
      format: 'saurun indices',
      version: 1,
      images: 3,
      counts: [2, 1],
      source: { format: 'cifar10', split: 'train', content: saved.content, records: 10 },
    })
    expect(text).toContain('\n    [4,1],\n    [7]\n')
  })

  it('has a hash that anybody can compute', () => {
    const canonical = `[1,"${'ab'.repeat(32)}",["cat","dög"],[[4,1],[7]]]`
    expect(drawHash(saved)).toBe(createHash('sha256').update(canonical).digest('hex'))
  })

  it.each([
    ['', 'is empty'],
    ['{', 'is neither JSON'],
    ['[]', 'names no record'],
    ['[1, -2]', 'has -2 where a record number is needed (entry 1)'],
    ['[1, 2.5]', 'has 2.5 where'],
    ['"text"', 'has no `"format"'],
  ])('%j is refused: %s', (text, says) => {
    expect(faultOf(readIndexFile(text))).toContain(says)
  })

  it('is refused where it was changed, or is of another version', () => {
    expect(edited({ version: 2 })).toContain('is of version 2')
    expect(edited({ indices: [[4, 2], [7]] })).toContain('was changed after it was written')
    expect(edited({ classes: ['cat', 'cow'] })).toContain('was changed after it was written')
    expect(edited({ counts: [2, 2] })).toBe('counts 2 images of class `dög` and names 1')
    expect(edited({ indices: [[4, 1]] })).toContain('indices of 1')
    expect(edited({ source: {} })).toContain('does not say the digest')
  })

  it('may be a list of record numbers, in JSON or on lines', () => {
    expect(readIndexFile('[3, 1, 2]')).toEqual({ kind: 'list', indices: [3, 1, 2] })
    expect(readIndexFile('# header\n3.000000000000000000e+00\n1.0e0\n2e+00\n')).toEqual({
      kind: 'list',
      indices: [3, 1, 2],
    })
    expect(readIndexFile('3,1,2\r\n')).toEqual({ kind: 'list', indices: [3, 1, 2] })
    expect(readIndexFile('3\n1\r\n2\n')).toEqual({ kind: 'list', indices: [3, 1, 2] })
  })
})

describe('longtail with an index file', () => {
  const source = 'cifar10("data/c", split: train)'
  const data = {
    '/lab/data/c train': {
      classes: ['a', 'b'],
      counts: [6, 6],
      image: { height: 32, width: 32, channels: 3 },
    },
    '/lab/data/c test': {
      classes: ['a', 'b'],
      counts: [2, 2],
      image: { height: 32, width: 32, channels: 3 },
    },
  } as const
  const experiment = (chain: string) => `sau 1
experiment "indexed"
dataset train = ${chain}
dataset test  = cifar10("data/c", split: test)
view plain = flip |> normalize
network net = cifar_resnet(depth: 8, width: 8) { head logits = linear(classes) }
stream a = shuffle(train)
branch only { loss ce = cross_entropy(net(a.plain).logits, a.labels) }
minimize only.ce
train { epochs = 1; batch = 2; optimizer = sgd(lr: 0.1) }
evaluate test { using = net.logits }
`
  const content = 'digest of /lab/data/c train'
  const file = (indices: readonly (readonly number[])[], more: Partial<SavedDraw> = {}) =>
    indexFileText({ ...saved, content, classes: ['a', 'b'], indices, ...more })
  const compile = (chain: string, files: Readonly<Record<string, string>>) =>
    compileExperiment(memoryHost({ files: { '/lab/e.sau': experiment(chain), ...files }, data }), {
      file: '/lab/e.sau',
      cwd: '/lab',
    })
  const codesOf = (chain: string, text: string) =>
    compile(chain, { '/lab/i.json': text }).diagnostics.map(({ code, title }) => `${code} ${title}`)
  const fromFile = `${source} |> longtail(factor: 3, draw: "i.json")`

  it('keeps the records that the file names, class after class', () => {
    const { plan, diagnostics } = compile(fromFile, { '/lab/i.json': file([[5, 0, 2], [8]]) })
    expect(diagnostics).toEqual([])
    expect(plan?.datasets.find(({ make }) => make.op === 'indexed')).toMatchObject({
      make: { records: [5, 0, 2, 8], counts: [3, 1], path: 'i.json' },
      real: [3, 1],
    })
  })

  it('has a Plan hash of what the file holds, wherever it lies', () => {
    const one = compile(fromFile, { '/lab/i.json': file([[5, 0, 2], [8]]) }).hash
    const moved = compile(fromFile.replace('i.json', 'draws/j.json'), {
      '/lab/draws/j.json': file([[5, 0, 2], [8]]),
    }).hash
    const other = compile(fromFile, { '/lab/i.json': file([[5, 0, 3], [8]]) }).hash
    expect(moved).toBe(one)
    expect(other).not.toBe(one)
  })

  it('takes a plain list as a set, by the labels of the data', () => {
    const { plan } = compile(fromFile, { '/lab/i.json': '[8, 2, 5, 0]' })
    const set = plan?.datasets.find(({ make }) => make.op === 'indexed')?.make
    expect(set).toMatchObject({ records: [0, 2, 5, 8] })
    const same = compile(fromFile, { '/lab/i.json': file([[0, 2, 5], [8]]) }).plan
    expect(same?.datasets.find(({ make }) => make.op === 'indexed')?.make).toEqual(set)
  })

  it.each([
    ['lists in the order of the classes', '[[5, 0, 2], [8]]'],
    ['lists by class number', '{"1": [8], "0": [0, 2, 5]}'],
    ['lists by class name', '{"b": [8], "a": [0, 2, 5]}'],
    ['numbers as savetxt writes them', '# kept\n0.000000000000000000e+00\n5.0e+00\n2.0\n8\n'],
    ['numbers between commas', '0,5,2,8\n'],
  ])('takes %s of another program', (_, text) => {
    const { plan, diagnostics } = compile(fromFile, { '/lab/i.json': text })
    expect(diagnostics).toEqual([])
    expect(plan?.datasets.find(({ make }) => make.op === 'indexed')?.make).toMatchObject({
      records: [0, 2, 5, 8],
      counts: [3, 1],
    })
  })

  it('draws a record as often as another program names it', () => {
    const { plan } = compile(fromFile, { '/lab/i.json': '[5, 0, 5, 8]' })
    const made = plan?.datasets.find(({ make }) => make.op === 'indexed')?.make
    expect(made).toMatchObject({ records: [0, 5, 5, 8], counts: [3, 1] })
  })

  it('takes the path from a param', () => {
    const chain = `${source} |> longtail(factor: 3, draw: picked)\nparam picked : path = "i.json"`
    expect(codesOf(chain, file([[5, 0, 2], [8]]))).toEqual([])
  })

  it.each([
    ['data of another digest', file([[0, 1, 2], [8]], { content: 'another' }), 'SAU4013'],
    [
      'a record beyond the end',
      file([[0, 1, 2], [12]]),
      'SAU4014 `i.json` does not fit `train`: it names record 12',
    ],
    ['a record of another class', file([[0, 1, 6], [8]]), 'record 6 among `a`, and the data says `b`'],
    ['a record twice', file([[0, 1, 1], [8]]), 'it names record 1 twice'],
    ['classes of other names', file([[0, 1, 2], [8]], { classes: ['a', 'c'] }), 'its class 1 is `c`'],
    ['fewer classes', file([[0, 1, 2]], { classes: ['a'] }), 'it has 1 classes'],
    [
      'another factor',
      file([
        [0, 1, 2],
        [8, 9],
      ]),
      'SAU4015 `longtail` is told `factor: 3`',
    ],
    ['no index file', '{}', 'SAU4012'],
    ['parts of numbers', '0.5\n1\n', 'has 0.5 where a record number is needed'],
    ['lists of too few classes', '[[0, 1, 2]]', 'it has 1 lists, and the data has 2 classes'],
    ['lists of other classes', '{"a": [0, 1, 2], "c": [8]}', 'it has no list for class 1, `b`'],
    [
      'lists that count within each class',
      '[[0, 1, 2], [0]]',
      'record 0 among `b`, and the data says `a`; its numbers seem to count within each class',
    ],
  ])('refuses %s', (_, text, says) => {
    expect(codesOf(fromFile, text).join('\n')).toContain(says)
  })

  it('may name a record twice where it was drawn with replacement', () => {
    expect(codesOf(fromFile, file([[0, 1, 1], [8]], { draw: 'with_replacement' }))).toEqual([])
  })

  it('says that a file is not there, and that a part of a source is no source', () => {
    expect(compile(fromFile, { '/lab/indices.json': '[1]' }).diagnostics[0]?.code).toBe('SAU4001')
    const part = `${source} |> take(per_class: 2) |> longtail(factor: 3, draw: "i.json")`
    expect(codesOf(part, '[1]').join()).toContain('SAU4016')
  })

  it('has no use for a seed or a profile', () => {
    const told = (more: string) =>
      codesOf(`${source} |> longtail(factor: 3, draw: "i.json", ${more})`, file([[5, 0, 2], [8]])).join()
    expect(told('seed: 3')).toContain('SAU4015 `longtail` is told `seed: 3`')
    expect(told('profile: step')).toContain('SAU4015 `longtail` is told a `profile`')
  })

  it('takes a way of drawing in quotes for a mistake, not for a path', () => {
    expect(codesOf(`${source} |> longtail(factor: 3, draw: "first")`, '').join()).toContain('SAU3001')
  })
})

it('drawn images have a content of their own: how they are drawn', () => {
  const plan = {
    format: 'shapes',
    classes: 3,
    perClass: 4,
    size: 8,
    seed: 1,
    origin: 'real',
    noise: 0,
  } as const
  expect(contentOf(plan)).toMatch(/^[0-9a-f]{64}$/)
  expect(contentOf({ ...plan, seed: 2 })).not.toBe(contentOf(plan))
})
