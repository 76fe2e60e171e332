// What a file is that is not of the format that was asked for, by its first bytes: its name, and what to do
// with it.
import { readStart } from './reading.js'

export interface FileKind {
  /** As it stands behind "is": `a gzipped archive`. */
  readonly name: string
  readonly help: string
}

const unpack = 'unpack it'
const asArrays = 'save plain arrays with `np.save`, and read them with `npy`'

/** What files of a kind begin with, as Latin-1. */
const kinds: readonly (readonly [begins: readonly string[], kind: FileKind])[] = [
  [['\x93NUMPY'], { name: 'a NumPy file', help: 'read it with `npy(images, labels)`' }],
  [
    ['PK\x03\x04'],
    {
      name: 'a zip archive (.zip, .npz, .pt)',
      help: 'unpack it; arrays of an .npz are saved one by one: `np.save("images.npy", np.load("archive.npz")["images"])`',
    },
  ],
  [['\x1f\x8b'], { name: 'gzipped', help: 'unpack it: `tar -xzf` for a .tar.gz, `gunzip` for one file' }],
  [['BZh', '\xfd7zXZ', '7z\xbc\xaf', 'Rar!', '\x28\xb5\x2f\xfd'], { name: 'an archive', help: unpack }],
  [
    ['\x80\x02', '\x80\x03', '\x80\x04', '\x80\x05'],
    {
      name: 'a pickle of Python',
      help: 'pickles are never read: save plain arrays, `np.save("images.npy", images)`, and read them with `npy`',
    },
  ],
  [['\x89HDF'], { name: 'an HDF5 file', help: asArrays }],
  [['MATLAB'], { name: 'a file of MATLAB', help: asArrays }],
  [
    ['PAR1'],
    {
      name: 'a Parquet file',
      help: 'write the images into folders of their classes, and read them with `image_folder`',
    },
  ],
  [
    ['\0\0\x08\x01', '\0\0\x08\x02', '\0\0\x08\x03', '\0\0\x08\x04'],
    { name: 'an IDX file', help: 'read it with `idx(images, labels)`' },
  ],
  [
    ['<!doctype', '<!DOCTYPE', '<html', '<HTML'],
    { name: 'a web page', help: 'the download gave a page instead of the file: fetch it again' },
  ],
  [
    ['version https://git-lfs'],
    { name: 'a pointer of Git LFS', help: 'fetch what it stands for: `git lfs pull`' },
  ],
  [
    ['\xff\xd8\xff', '\x89PNG'],
    {
      name: 'an image',
      help: 'images that are files of their own are read with `image_folder` or `image_list`',
    },
  ],
]

/** The kind of what begins so; undefined where nobody knows. */
export function kindOf(start: Uint8Array): FileKind | undefined {
  const text = Buffer.from(start.buffer, start.byteOffset, Math.min(start.length, 512)).toString('latin1')
  if (text.slice(257, 262) === 'ustar') return { name: 'a tar archive', help: 'unpack it: `tar -xf`' }
  return kinds.find(([begins]) => begins.some((prefix) => text.startsWith(prefix)))?.[1]
}

export function kindOfFile(path: string): FileKind | undefined {
  const start = readStart(path, 512)
  return 'ok' in start ? undefined : kindOf(start)
}
