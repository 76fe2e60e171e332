// The class of every record of a source, without its pixels.
import type { SourceFailure, SourceRequest } from '../../../compiler/host.js'
import { isImageRequest, listSource } from './image-listing.js'
import { readRecords } from './records.js'

export function readLabels(request: SourceRequest): Int32Array | SourceFailure {
  const read = isImageRequest(request) ? listSource(request) : readRecords(request)
  return read.ok ? read.labels : read
}
