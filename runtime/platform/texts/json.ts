// JSON for whoever reads it: pipes, pages, and YAML 1.2, of which it is a part.
import { characterEscape, unprintable } from '../../../grammar/printable.js'

const seen = new RegExp(`(?!\\n)(?:${unprintable})`, 'gu')

/**
 * The value as JSON in printable characters alone: what cannot be seen stands as `\uXXXX`, which reads back
 * as the same.
 * @param indent blanks of a level; everything in one line where left out
 */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(seen, characterEscape)
}
