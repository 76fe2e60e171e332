import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { imageFiles } from '../../runtime/apps/inference/image-files.js'
import { decodeImages } from '../../runtime/data/decode-images.js'
import { createDiskHost } from '../../runtime/data/host/disk-host.js'
import { contentOfImages } from '../../runtime/data/readers/digest.js'
import { listImages } from '../../runtime/data/readers/image-folder.js'
import { imagePath, stampFiles } from '../../runtime/data/readers/image-listing.js'
import { pathAt } from '../../runtime/data/readers/path-table.js'
import { walkImages } from '../../runtime/data/readers/walk-images.js'
import { readFolder, shownPath } from '../../runtime/platform/host/path-bytes.js'
import { encodedImage, temporaryFolder, writeFiles } from './files.js'

const png = await encodedImage('png', 8, 8, { r: 90, g: 60, b: 30 })
const classes = (): string =>
  writeFiles(temporaryFolder(), { 'a/1.png': png, 'a/2.png': png, 'b/1.png': png })
const isLinux = process.platform === 'linux'

describe('image files of a folder', () => {
  it('are known by their endings in letters of any size, and others are told apart', () => {
    const names = ['1.JPG', '2.jpeg', '3.jfif', '4.PNG', '5.webp', '6.gif', '7.bmp', '8.TIFF', '9.ppm']
    const others = { 'u.HEIC': png, 'v.avif': png, 'Thumbs.db': '', 'notes.txt': '', '.hidden.png': png }
    const folder = writeFiles(
      temporaryFolder(),
      Object.fromEntries([...names, 'deep/x.png'].map((name) => [name, png])),
    )
    writeFiles(folder, others)
    expect(walkImages(folder)).toMatchObject({
      images: [...names, 'deep/x.png'],
      unread: ['u.HEIC', 'v.avif'],
      others: 2,
      faults: [],
    })
  })

  it('of kinds that are not read are counted by class', () => {
    const folder = writeFiles(classes(), { 'b/x.heic': png, 'b/y.HEIC': png, 'b/z.avif': png, 'a/n.txt': '' })
    expect(listImages(folder)).toMatchObject({
      ok: true,
      passedOver: [{ class: 'b', files: 3, endings: ['.avif', '.heic'] }],
    })
    const host = createDiskHost({ cacheFolder: temporaryFolder() })
    const request = { format: 'image_folder', path: folder } as const
    for (let times = 0; times < 2; times++)
      expect(host.probe(request)).toMatchObject({ counts: [2, 1], passedOver: [{ files: 3 }] })
  })

  it('a class without an image says what lies there', () => {
    const folder = writeFiles(classes(), { 'c/x.heic': png, 'c/notes.txt': '' })
    expect(listImages(folder)).toMatchObject({
      reason: 'empty',
      path: join(folder, 'c'),
      message: 'holds no image of a kind that is read, but 1 file of other kinds (.heic)',
    })
    expect(listImages(writeFiles(classes(), { 'c/notes.txt': '' }))).toMatchObject({
      ok: true,
      classes: ['a', 'b', 'c'],
    })
  })
})

describe.skipIf(process.platform === 'win32')('links', () => {
  it('to files and folders count as what they lead to', () => {
    const folder = classes()
    symlinkSync(join(folder, 'a', '1.png'), join(folder, 'b', 'link.png'))
    symlinkSync(join(folder, 'a'), join(folder, 'c'))
    const listing = listImages(folder)
    if (!listing.ok) throw new Error(listing.message)
    expect(listing.classes).toEqual(['a', 'b', 'c'])
    expect([...listing.labels]).toEqual([0, 0, 1, 1, 2, 2])
  })

  it.each([
    ['to nothing among images', 'a/zz.png', '/nonexistent/x.png', 'is a link to nothing'],
    ['to nothing in the place of a class', 'c', '/nonexistent', 'is a link to nothing'],
    ['to itself', 'a/self', 'self', 'is a link that leads back to itself'],
    [
      'to the folder above',
      'a/loop',
      '..',
      /^is a link that leads back to a folder in which it lies: a circle$/,
    ],
    ['to its own folder', 'a/loop', '.', /a circle$/],
  ])('%s are named', (_, at, target, message) => {
    const folder = classes()
    symlinkSync(target, join(folder, at))
    const expected = { ok: false, reason: 'format', path: join(folder, at) }
    expect(listImages(folder)).toMatchObject({ ...expected, message: expect.stringMatching(message) })
  })

  it('that lead round by way of other classes are a circle too', () => {
    const folder = classes()
    symlinkSync('../b', join(folder, 'a', 'other'))
    symlinkSync('../a', join(folder, 'b', 'other'))
    expect(listImages(folder)).toMatchObject({ path: join(folder, 'a/other/other') })
  })

  it('to nothing with the name of another kind of file are no fault', () => {
    const folder = classes()
    symlinkSync('/nonexistent', join(folder, 'a', 'notes.txt'))
    symlinkSync('/nonexistent', join(folder, 'readme.md'))
    expect(listImages(folder)).toMatchObject({ ok: true, classes: ['a', 'b'] })
  })

  it('that lead nowhere are told by predict, which goes on', () => {
    const folder = classes()
    symlinkSync('/nonexistent', join(folder, 'a', '3.png'))
    const { files, failures } = imageFiles(['.'], folder)
    expect(files).toHaveLength(3)
    expect(failures).toMatchObject([{ path: 'a/3.png', message: 'is a link to nothing' }])
  })
})

describe('what may not be read, or is no file', () => {
  it('a sub-folder without permission is told by its own name', () => {
    const folder = writeFiles(classes(), { 'a/deep/x.png': png })
    const disk = {
      readFolder(path: string) {
        if (path.endsWith('deep'))
          throw Object.assign(new Error('EACCES'), { code: 'EACCES', syscall: 'scandir' })
        return readFolder(path)
      },
    }
    expect(listImages(folder, disk)).toMatchObject({
      ok: false,
      path: join(folder, 'a', 'deep'),
      message: 'may not be read (no permission)',
    })
  })

  it.skipIf(!isLinux)('a named pipe among images is refused and not waited for', () => {
    const folder = classes()
    execFileSync('mkfifo', [join(folder, 'a', '3.png')])
    const request = { format: 'image_folder', path: folder } as const
    const refused = { ok: false, path: join(folder, 'a', '3.png') }
    expect(createDiskHost({ cacheFolder: undefined }).probe(request)).toMatchObject({
      ...refused,
      message: 'is a named pipe, but an image file is needed',
    })
    expect(
      createDiskHost({ cacheFolder: undefined }).probe({ format: 'image_folder', path: '/dev/null' }),
    ).toMatchObject({ message: 'is a device, but a folder is needed' })
  })
})

describe.skipIf(!isLinux)('names that are not UTF-8', () => {
  const named = (folder: string, ...bytes: readonly number[]): Buffer =>
    Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(bytes)])

  it('are listed, digested and decoded like others, in an order that stays', async () => {
    const folder = classes()
    writeFileSync(named(join(folder, 'a'), 0x63, 0xe9, 0x2e, 0x70, 0x6e, 0x67), png)
    mkdirSync(named(folder, 0x62, 0xfc))
    writeFileSync(Buffer.concat([named(folder, 0x62, 0xfc), Buffer.from('/1.png')]), png)
    const listing = listImages(folder)
    if (!listing.ok) throw new Error(listing.message)
    expect(listing.classes).toEqual(['a', 'b', 'b\\xfc'])
    const paths = Array.from({ length: listing.files.count }, (_, i) => shownPath(pathAt(listing.files, i)))
    expect(paths).toEqual(['a/1.png', 'a/2.png', 'a/c\\xe9.png', 'b/1.png', 'b\\xfc/1.png'])
    expect(stampFiles({ format: 'image_folder', path: folder }, listing)).toMatchObject({ ok: true })
    expect(contentOfImages(folder, listing).digest).toMatch(/^[0-9a-f]{64}$/)
    expect(await decodeImages(folder, listing)).toMatchObject({ ok: true, store: { count: 5 } })
  })

  it('are named where such a file is no image', async () => {
    const folder = classes()
    writeFileSync(named(join(folder, 'a'), 0xe9, 0x2e, 0x70, 0x6e, 0x67), 'no image')
    const listing = listImages(folder)
    if (!listing.ok) throw new Error(listing.message)
    expect(imagePath(folder, listing, 2)).not.toContain('\\xe9')
    expect(await decodeImages(folder, listing)).toMatchObject({ path: join(folder, 'a', '\\xe9.png') })
  })

  it('are predicted', () => {
    const folder = classes()
    writeFileSync(named(join(folder, 'a'), 0xe9, 0x2e, 0x70, 0x6e, 0x67), png)
    const { files } = imageFiles(['a'], folder)
    expect(files.map(({ file }) => file)).toEqual(['a/1.png', 'a/2.png', 'a/\\xe9.png'])
  })
})
