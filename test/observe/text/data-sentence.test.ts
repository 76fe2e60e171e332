import { expect, it } from 'vitest'
import { dataSentence } from '../../../runtime/observe/text/data-sentence.js'

const gib = 2 ** 30

it.each([
  [
    { held: 5500, heldBytes: 2 * gib, streamed: 0, budget: 4 * gib },
    '5,500 images in memory, 2.00 GiB of 4.00 GiB',
  ],
  [
    { held: 0, heldBytes: 0, streamed: 115_846, budget: 4 * gib },
    '115,846 images, decoded as they are drawn: more than --data-memory 4.00 GiB holds',
  ],
  [
    { held: 1, heldBytes: gib, streamed: 115_846, budget: 4 * gib },
    '1 image in memory, 1.00 GiB of 4.00 GiB; 115,846 decoded as they are drawn: more than --data-memory 4.00 GiB holds',
  ],
])('%o are told as a sentence', (images, sentence) => {
  expect(dataSentence(images)).toBe(sentence)
})
