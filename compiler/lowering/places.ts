// Places in the files of a program, as the Plan names them.
import { lineIndex } from '../../grammar/line-index.js'
import type { CheckedProgram } from '../checking/check.js'
import type { Location } from '../diagnostics/reporter.js'
import type { Host } from '../host.js'
import type { Place } from '../plan/plan.js'

export type PlaceOf = (location: Location) => Place

/** Places with paths relative to the experiment's folder. */
export function placesOf(host: Host, files: CheckedProgram['compilation']['program']['files']): PlaceOf {
  const [entry] = files
  const folder = host.resolve(entry?.path ?? '', '..')
  const known = new Map(
    files.map((file) => [
      file.path,
      { shown: host.relative(folder, file.path), lines: lineIndex(file.text) },
    ]),
  )
  return ({ file, span }) => ({
    file: known.get(file)?.shown ?? file,
    start: span.start,
    end: span.end,
    line: known.get(file)?.lines.position(span.start).line ?? 1,
  })
}
