// Tags of TensorBoard, which takes them apart at each `/`.
import { printable } from '../../../grammar/printable.js'

/** A part of a tag: in one line, and in one piece. */
export function tagPart(name: string): string {
  return printable(name).replaceAll('/', '\u2215')
}
