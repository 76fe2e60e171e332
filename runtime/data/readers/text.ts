// Text files that go with images: lists and names. They are UTF-8; what is in another encoding is called by
// its name.
import type { SourceFailure } from '../../../compiler/host.js'
import { encodingHelp } from '../../../compiler/paths/encoding.js'
import { nameFromBytes } from '../../platform/host/path-bytes.js'
import { encodingOf } from '../../platform/host/text-encoding.js'
import { failure, readBytes } from './reading.js'

/**
 * The lines of a text file without the mark that Windows puts in front, whatever its line ends; or why it
 * cannot be read.
 */
export function readLines(path: string, mostBytes: number): readonly string[] | SourceFailure {
  const bytes = readBytes(path, mostBytes)
  if ('ok' in bytes) return bytes
  const encoding = encodingOf(bytes)
  if (encoding === 'binary') return failure('format', path, 'is no text file')
  if (encoding !== 'UTF-8') return failure('encoding', path, `is ${encoding}`, encodingHelp(path, encoding))
  return nameFromBytes(bytes)
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
}
