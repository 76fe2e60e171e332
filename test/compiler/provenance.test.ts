// Whether what is evaluated is also trained on, by where it comes from.
import { describe, expect, it } from 'vitest'
import { compileExperiment, type SharedRecords } from '../../compiler/index.js'
import { memoryHost } from './memory-host.js'

const classes = ['a', 'b']
const image = { height: 8, width: 8, channels: 3 }
const facts = { classes, counts: [10, 10], image }

/**
 * What is said of an experiment that trains on one dataset and evaluates another; `more` declares what they
 * are made of.
 */
function said(
  datasets: string,
  {
    files = {},
    shared = {},
  }: {
    readonly files?: Readonly<Record<string, string>>
    readonly shared?: Readonly<Record<string, SharedRecords>>
  } = {},
) {
  const text = `sau 1
experiment "provenance"
${datasets}
view plain = flip |> normalize
network net = cifar_resnet(depth: 8, width: 4) { head logits = linear(classes) }
stream s = shuffle(train)
branch only { loss ce = cross_entropy(net(s.plain).logits, s.labels) }
minimize only.ce
train { epochs = 1; batch = 4; optimizer = sgd(lr: 0.05) }
evaluate test { using = net.logits }
`
  const data = Object.fromEntries(
    ['all', 'link', 'x.npy', 'y.npy', 'root one.txt', 'root two.txt'].map((name) => [
      name
        .split(' ')
        .map((part) => `/lab/${part}`)
        .join(' '),
      facts,
    ]),
  )
  const host = memoryHost({ files: { '/lab/file.sau': text, ...files }, data, shared })
  const result = compileExperiment(host, { file: '/lab/file.sau', cwd: '/lab' })
  return result.diagnostics.map(({ code, labels }) => `${code} ${labels[1]?.text ?? ''}`.trim())
}

const pair = (first: readonly number[], second: readonly number[]): SharedRecords => ({
  first: Uint32Array.from(first),
  second: Uint32Array.from(second),
})

describe('the same images by another path', () => {
  const two = 'dataset train = image_folder("link")\ndataset test = image_folder("all")'

  it('are found where the host says that they are: all of them, or some', () => {
    expect(said(two)).toEqual([])
    expect(said(two, { shared: { '/lab/all & /lab/link': 'all' } })).toEqual([
      'SAU4106 the same images by another path, or a copy of them',
    ])
    expect(said(two, { shared: { '/lab/all & /lab/link': pair([3, 4], [8, 9]) } })).toEqual([
      'SAU4106 2 images are in both',
    ])
  })

  it('count in lists by what each of them names', () => {
    const lists =
      'dataset train = image_list("root", "one.txt")\ndataset test = image_list("root", "two.txt")'
    expect(said(lists)).toEqual([])
    expect(said(lists, { shared: { '/lab/root two.txt & /lab/root one.txt': pair([1], [2]) } })).toEqual([])
    const key = '/lab/root /lab/two.txt & /lab/root /lab/one.txt'
    expect(said(lists, { shared: { [key]: pair([1], [2]) } })).toEqual(['SAU4106 1 image is in both'])
  })

  it('are found between real and synthetic images, which one file may be called by turns', () => {
    const pool =
      'dataset pool = image_folder("link", origin: synthetic)\ndataset train = image_folder("x.npy") |> fill(from: pool, to: 11)\ndataset test = image_folder("all")'
    expect(said(pool)).toEqual([])
    expect(said(pool, { shared: { '/lab/all & /lab/link': 'all' } })).toHaveLength(1)
  })
})

describe('index files of one source', () => {
  const folds =
    'dataset all = npy("x.npy", "y.npy")\ndataset train = all |> longtail(factor: 1, draw: "one.json")\ndataset test = all |> longtail(factor: 1, draw: "two.json")'

  it('that have no image in common may be trained and evaluated on', () => {
    const files = { '/lab/one.json': '[0, 1, 2, 10, 11, 12]', '/lab/two.json': '[3, 4, 13, 14]' }
    expect(said(folds, { files })).toEqual([])
  })

  it('that have some are told how many', () => {
    const files = { '/lab/one.json': '[0, 1, 2, 10, 11, 12]', '/lab/two.json': '[2, 4, 12, 14]' }
    expect(said(folds, { files })).toEqual(['SAU4106 2 images are in both'])
  })

  it('count by their records in other sources too', () => {
    const across =
      'dataset train = image_folder("link") |> longtail(factor: 1, draw: "one.json")\ndataset test = image_folder("all")'
    const files = { '/lab/one.json': '[0, 1, 10, 11]' }
    const shared = (records: SharedRecords) => ({ files, shared: { '/lab/all & /lab/link': records } })
    expect(said(across, shared(pair([5, 6], [2, 3])))).toEqual([])
    expect(said(across, shared(pair([5, 6], [0, 2])))).toEqual(['SAU4106 1 image is in both'])
    expect(said(across, shared('all'))).toEqual(['SAU4106 4 images are in both'])
  })

  it('go with parts of a split of what they name', () => {
    const parts = (first: string, second: string) =>
      `dataset fold = image_folder("all") |> longtail(factor: 1, draw: "one.json")\ndataset train = fold |> split(share: 0.5, part: ${first})\ndataset test = fold |> split(share: 0.5, part: ${second})`
    const files = { '/lab/one.json': '[0, 1, 2, 3, 10, 11, 12, 13]' }
    expect(said(parts('first', 'rest'), { files })).toEqual([])
    expect(said(parts('first', 'first'), { files })).toHaveLength(1)
  })
})

it('a long-tailed draw of a source and the whole source still share images', () => {
  expect(said('dataset test = image_folder("all")\ndataset train = test |> longtail(factor: 2)')).toEqual([
    'SAU4106',
  ])
})
