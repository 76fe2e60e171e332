// The formats whose files hold records of one shape.
import type { SourceFailure, SourceRequest } from '../../../compiler/host.js'
import { readCifar } from './cifar.js'
import { readIdx } from './idx.js'
import type { ImageRequest } from './image-listing.js'
import { readNpy } from './npy.js'
import type { Records } from './reading.js'

export type RecordsRequest = Exclude<SourceRequest, ImageRequest>

export function readRecords(request: RecordsRequest): Records | SourceFailure {
  switch (request.format) {
    case 'idx':
      return readIdx(request)
    case 'npy':
      return readNpy(request)
    case 'cifar10':
    case 'cifar100':
      return readCifar(request)
  }
}
