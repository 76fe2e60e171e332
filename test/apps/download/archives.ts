// Small stand-ins for published archives: raw tar members, hostile ones too, and a table entry over them.
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { PublishedData } from '../../../runtime/apps/download/published.js'

export interface Member {
  readonly path: string
  readonly content?: string | Uint8Array
  /** `0` file, `1` link, `2` symbolic link, `3` device, `5` folder, `6` pipe. */
  readonly type?: string
  readonly link?: string
}

/** A tar archive in the ustar form, header by header, so that it can say what no tool would write. */
export function tarOf(members: readonly Member[]): Buffer {
  const blocks = members.flatMap(({ path, content = '', type = '0', link = '' }) => {
    const bytes = Buffer.from(content)
    const header = Buffer.alloc(512)
    header.write(path, 0, 100, 'utf8')
    header.write('0000644\0', 100)
    header.write('0000000\0', 108)
    header.write('0000000\0', 116)
    header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124)
    header.write('00000000000\0', 136)
    header.write('        ', 148)
    header.write(type, 156)
    header.write(link, 157, 100, 'utf8')
    header.write('ustar\0' + '00', 257)
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

export function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex')
}

/** Bytes that do not compress, the same every time. */
export function noise(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length)
  let state = seed
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}

export const pictures = { 'train.bin': noise(200_000), 'names.txt': Buffer.from('cat\ndog\n') }

export function goodMembers(): readonly Member[] {
  return [
    { path: 'pictures/', type: '5' },
    ...Object.entries(pictures).map(([name, content]) => ({ path: `pictures/${name}`, content })),
    { path: 'pictures/readme.html', content: '<p>' },
  ]
}

/** A published data set of one tar archive; `archive` is what the server has. */
export function tarData(members = goodMembers()): { readonly data: PublishedData; readonly archive: Buffer } {
  const archive = gzipSync(tarOf(members))
  return {
    archive,
    data: {
      name: 'pictures',
      title: 'Pictures',
      site: 'http://nowhere.invalid',
      folder: 'pictures',
      form: 'tar',
      archives: [{ file: 'pictures.tar.gz', bytes: archive.length, md5: md5(archive) }],
      files: Object.entries(pictures).map(([file, { length: bytes }]) => ({ file, bytes })),
      use: (folder) => `cifar10("${folder}")`,
    },
  }
}
