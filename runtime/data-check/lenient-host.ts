// A host that compiles a file although some of its images cannot be opened: which ones is what the check is to tell, all of
// them, and not only the first.
import type { Host, SourceFacts, SourceFailure } from '../../compiler/host.js'
import type { ImageShape } from '../../compiler/plan/plan.js'
import { listImages, readImageHeader } from '../data/readers/image-folder.js'

export function lenientHost(host: Host): Host {
  return {
    ...host,
    probe(request) {
      const facts = host.probe(request)
      if (facts.ok || request.format !== 'image_folder' || facts.reason !== 'format') return facts
      return readableFacts(request.path) ?? facts
    },
  }
}

/** Facts by the images that do open; undefined where none does. */
function readableFacts(folder: string): SourceFacts | SourceFailure | undefined {
  const listing = listImages(folder)
  if (!listing.ok) return listing
  let image: ImageShape | undefined
  const counts = listing.classes.map(() => 0)
  for (const { file, label } of listing.files) {
    counts[label] = (counts[label] ?? 0) + 1
    const header = readImageHeader(folder, file)
    if (!header.ok) continue
    const { height, width } = header
    if (image === undefined) image = { height, width, channels: 3 }
    else if (image !== 'varied' && (image.height !== height || image.width !== width)) image = 'varied'
  }
  return image === undefined ? undefined : { ok: true, classes: listing.classes, counts, image }
}
