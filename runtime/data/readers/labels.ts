// The class of every record of a source, without its pixels.
import type { SourceFailure, SourceRequest } from '../../../compiler/host.js'
import { isImageRequest, listSource } from './image-listing.js'
import { readRecords } from './records.js'

export function readLabels(request: SourceRequest): Int32Array | SourceFailure {
  if (isImageRequest(request)) {
    const listing = listSource(request)
    return listing.ok ? listing.labels : listing
  }
  const records = readRecords(request)
  return records.ok ? records.labels : records
}
