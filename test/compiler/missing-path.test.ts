// What is said of a path at which nothing is: each habit by its name, with the path that is there.
import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Surroundings } from '../../compiler/host.js'
import { missingPathHelp } from '../../compiler/paths/missing-path.js'

/** A disk with these files, seen from `/lab`. */
function disk(...files: readonly string[]): Surroundings {
  return {
    resolve: (from, path) => posix.resolve(from, path),
    entries(folder) {
      const prefix = folder === '/' ? '/' : `${folder}/`
      const names = files.flatMap((file) =>
        file.startsWith(prefix) ? [file.slice(prefix.length).split('/')[0] ?? ''] : [],
      )
      return names.length === 0 ? undefined : [...new Set(names)]
    },
    variable: (name) => ({ HOME: '/home/ann', DATA: '/data' })[name],
  }
}

const files = [
  '/lab/img/a/1.JPEG',
  '/lab/img/my cat.png',
  '/lab/img/caf\u00e9.png',
  '/lab/data/cifar-10-batches-bin/test_batch.bin',
  '/lab/data/fashion.zip',
  '/lab/data/list.txt',
  '/home/ann/sets/x.npy',
  '/data/y.npy',
  '/mnt/c/sets/z.npy',
  '/up/w.npy',
]
const help = (text: string, from = '/lab') =>
  missingPathHelp(disk(...files), { text, from, fromInWords: 'the folder of this file' })

describe('a path at which nothing is', () => {
  it.each([
    ['quotes', '"img/a/1.JPEG"', 'img/a/1.JPEG', /quotes/],
    ['other quotes', "'img/a/1.JPEG'", 'img/a/1.JPEG', /quotes/],
    ['a tilde', '~/sets/x.npy', '/home/ann/sets/x.npy', /`~` stands for something in a shell only/],
    ['a variable', '$DATA/y.npy', '/data/y.npy', /`\$DATA` stands/],
    ['a variable in braces', '$'.concat('{HOME}/sets/x.npy'), '/home/ann/sets/x.npy', /shell/],
    ['a variable of Windows', '%HOME%\\sets\\x.npy', '/home/ann/sets/x.npy', /`%HOME%` stands/],
    ['backslashes', 'img\\a\\1.JPEG', 'img/a/1.JPEG', /separated by `\/`/],
    ['doubled backslashes', 'img\\\\a\\\\1.JPEG', 'img/a/1.JPEG', /separated by `\/`/],
    ['an escaped blank', 'img/my\\ cat.png', 'img/my cat.png', /before a blank/],
    ['a drive', 'C:\\sets\\z.npy', '/mnt/c/sets/z.npy', /`C:` is a drive of Windows/],
    ['a blank behind', 'img/a/1.JPEG ', 'img/a/1.JPEG', /blank/],
    ['codes of addresses', 'img/my%20cat.png', 'img/my cat.png', /% codes|`%` codes/],
    ['an address of a file', 'file:///data/y.npy', '/data/y.npy', /file:/],
    ['another case', 'img/A/1.jpeg', 'img/a/1.JPEG', /Capital and small letters/],
    ['decomposed letters', 'img/cafe\u0301.png', 'img/caf\u00e9.png', /NFC.*NFD/],
    ['a folder named twice', 'lab/img/a/1.JPEG', 'img/a/1.JPEG', /`lab\/` is not in it/],
    ['another machine', '/home/bob/lab/img/a/1.JPEG', 'img/a/1.JPEG', /`\/home\/bob\/lab\/` is not in it/],
    ['no slash in front', 'data/y.npy', '/data/y.npy', /begins with `\/`/],
    ['a slash in front', '/img/a/1.JPEG', 'img/a/1.JPEG', /seen from the root/],
    ['one folder up', 'up/w.npy', '/up/w.npy', /./],
    ['one folder below', 'cifar-10-batches-bin', 'data/cifar-10-batches-bin', /paths begin from/],
    ['a missing ending', 'data/list', 'data/list.txt', /did you mean/],
    ['a misspelt folder', 'datta/list.txt', 'data/list.txt', /did you mean/],
  ])('%s', (_, text, replacement, sentence) => {
    expect(help(text)?.replacement).toBe(replacement)
    expect(help(text)?.sentence).toMatch(sentence)
  })

  it.each([
    ['an address', 'https://example.org/cifar.tar.gz', /address/],
    ['a variable that is not there', '$NONE/x', /there is no variable NONE/],
    ['a drive of another machine', 'D:/x/y', /this machine has none/],
    ['a wildcard', 'img/*.JPEG', /`\*`/],
    ['an archive', 'data/fashion', /`data\/fashion\.zip` is there, an archive: unpack it/],
    ['a tilde before a name', '~bob/x', /in a shell only/],
  ])('%s, which nothing can replace', (_, text, sentence) => {
    expect(help(text)?.sentence).toMatch(sentence)
    expect(help(text)?.replacement).toBeUndefined()
  })

  it('is not explained where nothing near it is there', () => {
    expect(help('elsewhere/entirely.bin')).toBeUndefined()
  })

  it('is right from another folder, which is named', () => {
    const up = missingPathHelp(disk('/lab/data/x.npy', '/lab/src/exp.sau'), {
      text: 'data/x.npy',
      from: '/lab/src',
      fromInWords: 'the folder of `src/exp.sau`',
      elsewhere: '/lab',
    })
    expect(up).toMatchObject({ replacement: '../data/x.npy', base: '/lab' })
  })

  it('is a link to nothing where all its names are there', () => {
    expect(help('/lab/img/a/1.JPEG')?.sentence).toMatch(/leads nowhere/)
  })
})
