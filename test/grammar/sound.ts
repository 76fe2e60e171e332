import { expect } from 'vitest'
import { parse } from '../../grammar/index.js'

/** Every span in a value, however deep, with the place it was found at. */
function* spansIn(value: unknown, path = ''): Generator<[string, { start: number; end: number }]> {
  if (typeof value !== 'object' || value === null) return
  if (
    'start' in value &&
    'end' in value &&
    typeof value.start === 'number' &&
    typeof value.end === 'number'
  ) {
    yield [path, { start: value.start, end: value.end }]
    return
  }
  for (const [key, field] of Object.entries(value)) yield* spansIn(field, `${path}/${key}`)
}

/** Expects that a text is read with every span inside it, and with a problem wherever the tree has a gap. */
export function expectSound(text: string): void {
  const { tree, tokens, problems } = parse(text)
  for (const [path, { start, end }] of spansIn({ tree, tokens, problems })) {
    const isInside =
      Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= text.length
    if (!isInside) expect.fail(`span ${start}..${end} of ${path} in ${JSON.stringify(text)}`)
  }
  if (problems.length === 0) {
    const gaps = JSON.stringify(tree).match(/"kind":"(missing|unreadable)"/)
    if (gaps !== null) expect.fail(`a gap without a problem in ${JSON.stringify(text)}`)
  }
}
