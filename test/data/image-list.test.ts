import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SourceRequest } from '../../compiler/host.js'
import { createDiskHost } from '../../runtime/data/host/disk-host.js'
import { loadData } from '../../runtime/data/load.js'
import { readImageList } from '../../runtime/data/readers/image-list.js'
import { pathAt } from '../../runtime/data/readers/path-table.js'
import { RunError } from '../../runtime/platform/errors.js'
import { encodedImage, noRealData, realData, skipReason, temporaryFolder, writeFiles } from './files.js'
import { datasetOf, decoded, planOf } from './plans.js'

type ListRequest = Extract<SourceRequest, { format: 'image_list' }>

const png = (r: number) => encodedImage('png', 2, 2, { r, g: 1, b: 2 })

/** A folder with three images, and a list with this text. */
async function listed(text: string, more: Partial<ListRequest> = {}): Promise<ListRequest> {
  const folder = writeFiles(temporaryFolder(), {
    'images/a/1.png': await png(1),
    'images/a/a picture of 2.png': await png(2),
    'images/b/3.png': await png(3),
    'list.txt': text,
    'names.txt': 'cat\ndog\nfox\n',
  })
  return {
    format: 'image_list',
    path: join(folder, 'images'),
    listPath: join(folder, 'list.txt'),
    ...(more.namesPath === undefined ? more : { ...more, namesPath: join(folder, more.namesPath) }),
  }
}

const probe = (request: ListRequest) => createDiskHost({ cacheFolder: undefined }).probe(request)
const image = { height: 2, width: 2, channels: 3 }

describe('a list of images', () => {
  it('may name its images by absolute paths, in its folder and elsewhere', async () => {
    const request = await listed('')
    const elsewhere = writeFiles(temporaryFolder(), { 'c/4.png': await png(4) })
    writeFiles(join(request.listPath, '..'), {
      'list.txt': `${request.path}/a/1.png 0\n/b/3.png 1\n${elsewhere}/c/4.png 1\n`,
    })
    expect(probe(request)).toEqual({ ok: true, classes: ['0', '1'], counts: [1, 2], image })
    const listing = readImageList(request)
    if (!listing.ok) throw new Error(listing.message)
    expect([0, 1].map((i) => pathAt(listing.files, i))).toEqual(['a/1.png', '/b/3.png'])
  })

  it.each([
    ['backslashes', 'a\\1.png 0\n', 'line 1: folders are separated by `/`, not by `\\`: write `a/1.png`'],
    [
      'a folder that the root is already',
      'images/a/1.png 0\n',
      'line 1: paths begin from the folder `images`, and `images/` is not in it: write `a/1.png`',
    ],
    [
      'another case',
      'a/1.png 0\nb/3.PNG 1\n',
      'line 2: did you mean `b/3.png`? Capital and small letters differ',
    ],
    ['quotes', '"a/1.png" 0\n', 'line 1: quotes do not belong to the path: write `a/1.png`'],
    ['another root', '1.png 0\n', /^the paths of the list fit the folder `.*images\/a`: name that one$/],
  ])('says what differs: %s', async (_, text, help) => {
    expect(probe(await listed(text))).toMatchObject({
      ok: false,
      reason: 'listed',
      help: typeof help === 'string' ? help : expect.stringMatching(help),
    })
  })

  it.each([
    ['commas', 'a/1.png,0\n', 'a blank stands between path and label: write `a/1.png 0`'],
    ['labels first', '0 a/1.png\n', 'the path stands first, and the label behind it: write `a/1.png 0`'],
    ['a line of columns', 'path label\na/1.png 0\n', /names columns/],
    ['labels with a dot', 'a/1.png 1.0\n', 'write the label as `1`'],
    ['names for numbers', 'a/1.png cat\n', /number of the class `cat`/],
    ['JSON', '{"images": []}\n', /JSON is not read/],
  ])('says how a line is written: %s', async (_, text, help) => {
    expect(probe(await listed(text))).toMatchObject({
      ok: false,
      reason: 'line',
      help: typeof help === 'string' ? help : expect.stringMatching(help),
    })
  })

  it('says that labels seem to count from 1', async () => {
    const text = 'a/1.png 1\na/a picture of 2.png 2\nb/3.png 3\n'
    expect(probe(await listed(text, { givenClasses: 3 }))).toMatchObject({
      reason: 'label',
      message: 'has the label 3 on line 3, but `classes` is 3',
      help: expect.stringMatching(/^no image has the label 0: labels seem to count from 1/),
    })
    expect(probe(await listed('a/1.png 1\n', { namesPath: 'one.txt' }))).toMatchObject({ reason: 'missing' })
  })

  it('and its names are UTF-8; what else they are is said', async () => {
    const request = await listed('', { namesPath: 'names.txt' })
    const folder = join(request.listPath, '..')
    for (const encoded of [
      Buffer.from('\ufeffa/1.png 0\n', 'utf16le'),
      Buffer.from('a/1.png 0\n', 'utf16le'),
    ]) {
      writeFiles(folder, { 'list.txt': encoded })
      expect(probe(request)).toMatchObject({
        reason: 'encoding',
        path: request.listPath,
        message: 'is UTF-16',
      })
    }
    writeFiles(folder, { 'list.txt': 'a/1.png 0\n', 'names.txt': Buffer.from('\ufeffcat\ndog\n', 'utf16le') })
    expect(probe(request)).toMatchObject({ reason: 'encoding', message: 'is UTF-16' })
    writeFiles(folder, { 'names.txt': 'cat\ndog\ncat\ncaf\u00e9\ncafe\u0301\n' })
    expect(probe(request)).toMatchObject({
      reason: 'names',
      message: 'lines 1 and 3 both say `cat`; so does 1 other name, such as `caf\u00e9` on lines 4 and 5',
    })
    writeFiles(folder, { 'list.txt': 'a/1.png 1\n', 'names.txt': 'cat\n' })
    expect(probe(request)).toMatchObject({ message: 'has the label 1 on line 1, but there is 1 name' })
  })

  it('is read in its order, whatever its line ends; the last word of a line is the label', async () => {
    const text = '\ufeffb/3.png 2\r\n\r\na/a picture of 2.png\t0\n  a/1.png   2  \r\n\n'
    const request = await listed(text)
    const listing = readImageList(request)
    if (!listing.ok) throw new Error(listing.message)
    expect([0, 1, 2].map((i) => pathAt(listing.files, i))).toEqual([
      'b/3.png',
      'a/a picture of 2.png',
      'a/1.png',
    ])
    expect([...listing.labels]).toEqual([2, 0, 2])
    // Class 1 has no image: whoever draws from it, averages or evaluates it, says so.
    expect(probe(request)).toEqual({ ok: true, classes: ['0', '1', '2'], counts: [1, 0, 2], image })
  })

  it('has as many classes as `classes` or a file of names says', async () => {
    const text = 'a/1.png 0\nb/3.png 1\n'
    expect(probe(await listed(text, { givenClasses: 4 }))).toMatchObject({
      classes: ['0', '1', '2', '3'],
      counts: [1, 1, 0, 0],
    })
    expect(probe(await listed(text, { namesPath: 'names.txt' }))).toMatchObject({
      classes: ['cat', 'dog', 'fox'],
      counts: [1, 1, 0],
    })
    expect(probe(await listed(text, { namesPath: 'names.txt', givenClasses: 4 }))).toMatchObject({
      reason: 'format',
      message: 'has 3 class names, but 4 are needed',
    })
  })

  it.each([
    ['a line without a label', 'a/1.png 0\n\nb/3.png\n', 'line', 'line 3 is `b/3.png`, a single word'],
    [
      'a label that is no number',
      'a/1.png cat\n',
      'line',
      'line 1 ends in `cat`, which is not the number of a class',
    ],
    [
      'a label below 0',
      'a/1.png 0\nb/3.png -1\n',
      'line',
      'line 2 ends in `-1`, which is not the number of a class',
    ],
    [
      'a label that no list has',
      'a/1.png 4294967296\n',
      'line',
      'line 1 has the label 4294967296, and classes are numbered from 0 on',
    ],
    [
      'an image that is listed twice',
      'a/1.png 0\nb/3.png 1\na/1.png 1\n',
      'repeated',
      'line 3 repeats `a/1.png` of line 1',
    ],
    ['a missing image', 'a/1.png 0\n\nb/4.png 1\n', 'listed', 'line 3 names `b/4.png`'],
    [
      'many missing images',
      'a/1.png 0\nb/4.png 1\nb/3.png/5.png 1\nb/6.png 1\n',
      'listed',
      'line 2 names `b/4.png`; nor are 2 others',
    ],
    ['an empty list', '\n \r\n', 'format', 'lists no image'],
    ['a file that is no text', 'a/1.png 0\n\0', 'format', 'is no text file'],
  ])('%s is told with its line', async (_, text, reason, message) => {
    const request = await listed(text)
    expect(probe(request)).toMatchObject({ ok: false, reason, path: request.listPath, message })
  })

  it('a label beyond the classes that were named is told with its line', async () => {
    const text = 'a/1.png 0\nb/3.png 3\n'
    expect(probe(await listed(text, { givenClasses: 3 }))).toMatchObject({
      reason: 'label',
      message: 'has the label 3 on line 2, but `classes` is 3',
    })
    expect(probe(await listed(text, { namesPath: 'names.txt' }))).toMatchObject({
      reason: 'label',
      message: 'has the label 3 on line 2, but there are 3 names',
    })
  })

  it('a missing folder, list or file of names is missing', async () => {
    const request = await listed('a/1.png 0\n')
    const none = `${request.path}-none`
    for (const wrong of [{ path: none }, { listPath: none }, { namesPath: none }]) {
      expect(probe({ ...request, ...wrong })).toMatchObject({ reason: 'missing', path: none })
    }
  })

  it('the digest follows labels, order and bytes, and the cache follows the list', async () => {
    const cache = temporaryFolder()
    const request = await listed('a/1.png 0\nb/3.png 1\n')
    const digestOf = () => {
      const host = createDiskHost({ cacheFolder: cache })
      const facts = host.probe(request)
      if (!facts.ok) throw new Error(facts.message)
      return host.digest(request)
    }
    const folder = join(request.path, '..')
    const before = digestOf()
    expect(digestOf()).toBe(before)
    const others = ['b/3.png 1\na/1.png 0\n', 'a/1.png 1\nb/3.png 0\n', 'a/1.png 0\n'].map((text) => {
      writeFiles(folder, { 'list.txt': text })
      return digestOf()
    })
    expect(new Set([before, ...others]).size).toBe(4)
    writeFiles(folder, { 'list.txt': 'a/1.png 0\r\nb/3.png 1' })
    expect(digestOf()).toBe(before)
  })
})

describe('a run on a list', () => {
  it('reads the images of the list, and says which line names one that is gone since', async () => {
    const request = await listed('b/3.png 1\na/a picture of 2.png 0\n')
    const host = createDiskHost({ cacheFolder: undefined })
    const { path, listPath } = request
    const source = {
      format: 'image_list',
      path,
      listPath,
      content: host.digest(request),
    } as const
    const whole = { op: 'source', source: 0, origin: 'real' } as const
    const classes = { classes: ['0', '1'], image }
    const plan = planOf([source], [datasetOf(whole, { real: [1, 1] }, classes)])
    const load = () => loadData(plan, [[path, listPath]], { verify: true })
    const data = await load()
    expect([...(data.datasets[0]?.labels ?? [])]).toEqual([1, 0])
    expect([...new Uint8Array(decoded(data.stores[0]).pixels).subarray(0, 3)]).toEqual([3, 1, 2])
    rmSync(join(path, 'b/3.png'))
    const error = await load().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RunError)
    expect(error).toMatchObject({
      code: 'SAU8001',
      exitCode: 4,
      message: `\`${listPath}\` line 1 names \`b/3.png\``,
    })
  })
})

describe.skipIf(noRealData)(`the ImageNet sample${skipReason}`, () => {
  it('is read from its own lists, with the names of its synsets', () => {
    const path = join(realData, 'imagenet-lt-sample')
    const request = (part: string): ListRequest => ({
      format: 'image_list',
      path,
      listPath: join(path, `ImageNet_LT_${part}.txt`),
      namesPath: join(path, 'synsets.txt'),
    })
    const train = probe(request('train'))
    expect(train).toMatchObject({ ok: true, image: { height: 96, width: 96, channels: 3 } })
    expect(train.ok && [train.classes[0], train.counts.reduce((sum, count) => sum + count, 0)]).toEqual([
      'n01440764',
      61,
    ])
    expect(train.ok && [train.counts[0], train.counts.at(-1)]).toEqual([16, 1])
    expect(probe(request('test'))).toMatchObject({ ok: true, counts: new Array(10).fill(2) })
  })
})
