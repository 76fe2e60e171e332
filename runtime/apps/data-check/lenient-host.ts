// A host that compiles a file although some of its images are missing or cannot be opened: which ones is what
// the check is to tell, all of them, and not only the first.
import type { Host, SourceFacts } from '../../../compiler/host.js'
import type { ImageShape } from '../../../compiler/plan/plan.js'
import {
  type ImageRequest,
  isImageRequest,
  listSource,
  readImageHeader,
} from '../../data/readers/image-listing.js'

export function lenientHost(host: Host): Host {
  /** The images of a source of which the disk's own host has no facts. */
  const broken = (request: Parameters<Host['probe']>[0]): ImageRequest | undefined =>
    isImageRequest(request) && !host.probe(request).ok ? request : undefined
  return {
    ...host,
    probe(request) {
      const facts = host.probe(request)
      if (facts.ok || !isImageRequest(request)) return facts
      return readableFacts(request) ?? facts
    },
    // No run is made from what is compiled here, so nobody compares these.
    digest: (request) =>
      broken(request) === undefined ? host.digest(request) : 'of images that cannot be read',
    sharedRecords: (first, second) =>
      broken(first) === undefined && broken(second) === undefined
        ? host.sharedRecords(first, second)
        : 'none',
    labels(request) {
      const images = broken(request)
      const listing = images === undefined ? undefined : listSource(images)
      return listing?.ok === true ? listing.labels : host.labels(request)
    },
  }
}

/** Facts by the images that do open; undefined where none does, or where the source cannot even be listed. */
function readableFacts(request: ImageRequest): SourceFacts | undefined {
  const listing = listSource(request)
  if (!listing.ok) return undefined
  const { classes, labels, files } = listing
  const counts = classes.map(() => 0)
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1
  let image: ImageShape | undefined
  for (let i = 0; i < files.count; i++) {
    const header = readImageHeader(request.path, listing, i)
    if (!header.ok) continue
    const { height, width } = header
    if (image === undefined) image = { height, width, channels: 3 }
    else if (image !== 'varied' && (image.height !== height || image.width !== width)) image = 'varied'
  }
  return image === undefined ? undefined : { ok: true, classes, counts, image }
}
