// The texts that an experiment was compiled from, for showing what stands at a place.
import { dirname, relative } from 'node:path'
import type { Place } from '../../../compiler/plan/plan.js'

/** A text with its absolute path; the experiment is the first of several. */
export interface SourceText {
  readonly path: string
  readonly text: string
}

export interface SourceReader {
  /** 1-based; 1 where the text is not there. */
  column(place: Place): number
  /**
   * The whole line that the place begins in, without the space around it; empty where the text is not there.
   */
  line(place: Pick<Place, 'file' | 'line'>): string
}

export function sourceReader(texts: readonly SourceText[]): SourceReader {
  const folder = dirname(texts[0]?.path ?? '')
  const byName = new Map(
    texts.map(({ path, text }) => [relative(folder, path).replaceAll('\\', '/'), text] as const),
  )
  return {
    column({ file, start }) {
      const text = byName.get(file)
      return text === undefined ? 1 : start - text.lastIndexOf('\n', start - 1)
    },
    line({ file, line }) {
      return (byName.get(file)?.split('\n')[line - 1] ?? '').replace(/\s+/g, ' ').trim()
    },
  }
}
