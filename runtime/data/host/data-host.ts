// What the runner asks of the disk besides what the compiler does.
import type { Host, SourceRequest } from '../../../compiler/host.js'

export interface DataHost extends Host {
  /**
   * `shortHash` of every record, in record order: of its pixels, or of the file that it is; cached like the
   * digest.
   */
  imageHashes(request: SourceRequest): BigUint64Array
  /** Forgets what was remembered of a source that turned out to be another one. */
  forget(request: SourceRequest): void
}
