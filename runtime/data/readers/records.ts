// The formats whose files hold records of one shape.
import type { SourceFailure, SourceRequest } from '../../../compiler/host.js'
import { readCifar } from './cifar.js'
import { readIdx } from './idx.js'
import type { Records } from './reading.js'

export type RecordsRequest = Exclude<SourceRequest, { format: 'image_folder' }>

export function readRecords(request: RecordsRequest): Records | SourceFailure {
  return request.format === 'idx' ? readIdx(request) : readCifar(request)
}
