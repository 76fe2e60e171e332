// Which records of two sources are the same stored images, whatever paths and links lead to them: found by
// what the file system says of files, without opening any, but for two sources that look like copies of each
// other, whose digests decide.
import type { SharedRecords, SourceRequest } from '../../../compiler/host.js'
import { fileIdentity, fileStamp, stampAt } from '../readers/file-stamp.js'
import { isImageRequest } from '../readers/image-listing.js'
import { type RecordsRequest, recordFiles } from '../readers/records.js'
import type { Fingerprint, NoFingerprint } from './fingerprint.js'

export interface LookedAt {
  readonly request: SourceRequest
  readonly fingerprint: Fingerprint | NoFingerprint
}

export function sharedRecords(
  first: LookedAt,
  second: LookedAt,
  digest: (request: SourceRequest) => string,
): SharedRecords {
  if (!first.fingerprint.ok || !second.fingerprint.ok) return 'none'
  const [a, b] = [first.fingerprint.images, second.fingerprint.images]
  if (isImageRequest(first.request) && isImageRequest(second.request)) {
    if (a === undefined || b === undefined) return 'none'
    const same = sameFiles(a, b)
    if (same !== 'none') return same
    return sameSizes(a, b) && digest(first.request) === digest(second.request) ? 'all' : 'none'
  }
  if (isImageRequest(first.request) || isImageRequest(second.request)) return 'none'
  const [ours, theirs] = [stampsOf(first.request), stampsOf(second.request)]
  if (ours.length !== theirs.length || ours.length === 0) return 'none'
  if (ours.every((stamp, i) => fileIdentity(stamp) === fileIdentity(theirs[i] as BigUint64Array)))
    return 'all'
  const equallyLong = ours.every(([size], i) => size === theirs[i]?.[0])
  return equallyLong && digest(first.request) === digest(second.request) ? 'all' : 'none'
}

type Images = NonNullable<Fingerprint['images']>

function sameFiles(first: Images, second: Images): SharedRecords {
  const isSwapped = first.listing.files.count > second.listing.files.count
  const [few, many] = isSwapped ? [second, first] : [first, second]
  const byNumber = new Map<bigint, number[]>()
  for (let i = 0; i < few.listing.files.count; i++) {
    const number = stampAt(few.stamps, i)[3] as bigint
    const known = byNumber.get(number)
    if (known === undefined) byNumber.set(number, [i])
    else known.push(i)
  }
  const ofFew: number[] = []
  const ofMany: number[] = []
  for (let j = 0; j < many.listing.files.count; j++) {
    const stamp = stampAt(many.stamps, j)
    for (const i of byNumber.get(stamp[3] as bigint) ?? []) {
      if (stampAt(few.stamps, i)[4] !== stamp[4]) continue
      ofFew.push(i)
      ofMany.push(j)
    }
  }
  if (ofFew.length === 0) return 'none'
  const [ofFirst, ofSecond] = isSwapped ? [ofMany, ofFew] : [ofFew, ofMany]
  return { first: Uint32Array.from(ofFirst), second: Uint32Array.from(ofSecond) }
}

function sameSizes(first: Images, second: Images): boolean {
  const { count } = first.listing.files
  if (count !== second.listing.files.count) return false
  for (let i = 0; i < count; i++)
    if (stampAt(first.stamps, i)[0] !== stampAt(second.stamps, i)[0]) return false
  return true
}

/** The stamps of the files that hold the images; none where one of them is not there. */
function stampsOf(request: RecordsRequest): readonly BigUint64Array[] {
  const files = recordFiles(request)
  try {
    return files.ok ? files.images.map(fileStamp) : []
  } catch {
    return []
  }
}
