// A folder that is not the one of CIFAR's binary version: which of its relatives it is, and what to write
// instead.
import { statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { SourceFailure, SourceRequest } from '../../../compiler/host.js'
import { kindOfFile } from './file-kind.js'
import { failure } from './reading.js'
import { diskSurroundings } from './surroundings.js'

type CifarRequest = Extract<SourceRequest, { format: 'cifar10' | 'cifar100' }>
type Format = CifarRequest['format']

const official: Readonly<Record<Format, { readonly title: string; readonly files: readonly string[] }>> = {
  cifar10: { title: 'CIFAR-10', files: ['data_batch_1.bin', 'test_batch.bin'] },
  cifar100: { title: 'CIFAR-100', files: ['train.bin', 'test.bin'] },
}

/**
 * Why a folder, or what is in its place, lacks the files of a request; undefined where it has some of them,
 * so that what is missing is a file, or where it is nothing that is known.
 */
export function wrongCifarFolder({ format, path }: CifarRequest): SourceFailure | undefined {
  const names = diskSurroundings.entries(path)
  if (names === undefined) return wrongFile(format, path)
  const { files, title } = official[format]
  if (files.some((file) => names.includes(file))) return undefined
  const found = describe(format, path, names)
  return found === undefined ? undefined : failure('format', path, `has none of the files of ${title}`, found)
}

function describe(format: Format, path: string, names: readonly string[]): string | undefined {
  const { title, files } = official[format]
  const below = names.find((name) => {
    const inside = diskSurroundings.entries(join(path, name))
    return inside !== undefined && files.some((file) => inside.includes(file))
  })
  if (below !== undefined) return `its folder \`${below}\` has them: name \`${join(basename(path), below)}\``
  const other = format === 'cifar10' ? 'cifar100' : 'cifar10'
  if (official[other].files.every((file) => names.includes(file)))
    return `it is ${official[other].title}: read it with \`${other}(...)\``
  const get = `get the binary version: \`saurun data get ${format}\``
  const isPython = (inside: readonly string[]) =>
    inside.includes('data_batch_1') || (inside.includes('meta') && inside.includes('train'))
  if (isPython(names))
    return `it is the Python version of ${pythonTitle(names)}, pickles, which are never read: ${get}`
  if (names.some((name) => /^(data_batch_1|train)\.mat$/.test(name)))
    return `it is the version for MATLAB, which is not read: ${get}`
  const python = names.find((name) => isPython(diskSurroundings.entries(join(path, name)) ?? []))
  if (python !== undefined)
    return `its folder \`${python}\` is the Python version, pickles, which are never read: ${get}`
  const archive = names.find((name) => /^cifar.*\.(tar\.gz|tgz|tar|zip)$/i.test(name))
  if (archive !== undefined) return unpacking(archive, get)
  const parent = diskSurroundings.entries(dirname(path)) ?? []
  if (files.some((file) => parent.includes(file)))
    return `the files lie in the folder above: name \`${dirname(path)}\``
  const isImages = names.some((name) =>
    (diskSurroundings.entries(join(path, name)) ?? []).some((file) => /\.(jpe?g|png)$/i.test(file)),
  )
  return isImages
    ? `it holds folders of images: read them with \`image_folder(...)\``
    : `name the folder with ${files.map((file) => `\`${file}\``).join(' and ')} of ${title}, or ${get}`
}

function pythonTitle(names: readonly string[]): string {
  return names.includes('data_batch_1') ? 'CIFAR-10' : 'CIFAR-100'
}

function unpacking(archive: string, get: string): string {
  return /python|matlab/i.test(archive)
    ? `\`${archive}\` is another version, which is not read: ${get}`
    : `\`${archive}\` is not unpacked: \`tar -xzf ${archive}\`, and name the folder that it gives`
}

/** A file where the folder should be: the archive, or one of the files. */
function wrongFile(format: Format, path: string): SourceFailure | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined
  const name = basename(path)
  const get = `get the binary version: \`saurun data get ${format}\``
  if (/\.bin$/.test(name))
    return failure(
      'format',
      path,
      'is a file, but a folder is needed',
      `name its folder: \`${dirname(path)}\``,
    )
  if (/\.(tar\.gz|tgz|tar|zip|gz)$/i.test(name) || kindOfFile(path)?.name === 'gzipped')
    return failure('format', path, 'is an archive, but a folder is needed', unpacking(name, get))
  return failure('format', path, 'is a file, but a folder is needed', kindOfFile(path)?.help ?? get)
}
