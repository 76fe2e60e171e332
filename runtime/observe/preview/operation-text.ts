// What was drawn for one image, in words: `crop top 1, left -2, mirrored; brightness 1.23`.
import type { PixelOperation } from '../../data/views/operations.js'

/** Fields that are the same for every image of a view, or say nothing to a person. */
const unsaid: ReadonlySet<string> = new Set(['op', 'fill', 'filter', 'outHeight', 'outWidth'])

export function operationText(operation: PixelOperation): string {
  const numbers = Object.entries(operation).flatMap(([name, value]) => {
    if (unsaid.has(name)) return []
    // A crop's size stands in the file; that of a resized crop is drawn.
    if (operation.op === 'crop' && (name === 'height' || name === 'width')) return []
    if (name === 'mirror') return value === true ? ['mirrored'] : []
    return [`${inWords(name)} ${typeof value === 'number' ? rounded(value) : value}`]
  })
  // Of a single number the operation is the name.
  const [only, second] = numbers
  const shown =
    only !== undefined && second === undefined && only !== 'mirrored'
      ? only.replace(/^.* /, '')
      : numbers.join(', ')
  return `${inWords(operation.op)}${shown === '' ? '' : ` ${shown}`}`
}

export function operationsText(operations: readonly PixelOperation[]): string {
  return operations.length === 0 ? 'nothing' : operations.map(operationText).join('; ')
}

function inWords(name: string): string {
  return name.replaceAll('_', ' ')
}

function rounded(value: number): string {
  return String(Number(value.toFixed(3)))
}
