// The labels of a Plan's source, drawn or on disk, without its pixels.
import { requestOf, type SourcePlan } from '../../compiler/plan/sources.js'
import type { SourceLabels } from './draws.js'
import { sourceError } from './errors.js'
import { readLabels } from './readers/labels.js'
import { shapeLabels } from './shapes/shapes.js'

/** @throws RunError SAU8001 to SAU8004 where the source cannot be read. */
export function labelsOfSource(source: SourcePlan, location: readonly string[]): SourceLabels {
  const request = requestOf(source, location)
  if (request === undefined || source.format === 'shapes') {
    if (source.format !== 'shapes') throw new TypeError(`source ${source.format} without a request`)
    const { labels, shown } = shapeLabels(source)
    return { labels, shown: source.noise > 0 ? shown : undefined }
  }
  const labels = readLabels(request)
  if ('ok' in labels) throw sourceError(labels)
  return { labels, shown: undefined, path: request.path }
}
