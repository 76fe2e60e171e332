// Which classes are taken for which.

import { expect, test } from 'vitest'
import { worstConfusions } from '../../../runtime/observe/tui/confusions.js'
import { sparse } from '../../run/journal/made-matrices.js'

const confusion = sparse([
  [40, 10, 0],
  [1, 1, 2],
  [0, 30, 70],
])

test('the greatest share of a class comes first, whatever the size of the class', () => {
  expect(worstConfusions(confusion, 10)).toEqual([
    { actual: 1, predicted: 2, count: 2, share: 0.5 },
    { actual: 2, predicted: 1, count: 30, share: 0.3 },
    { actual: 1, predicted: 0, count: 1, share: 0.25 },
    { actual: 0, predicted: 1, count: 10, share: 0.2 },
  ])
})

test('no more than asked for, and only pairs that are wanted', () => {
  expect(worstConfusions(confusion, 2)).toHaveLength(2)
  expect(worstConfusions(confusion, 10, (actual) => actual === 0).map(({ predicted }) => predicted)).toEqual([
    1,
  ])
})

test('right answers and classes without images are no confusions', () => {
  expect(
    worstConfusions(
      sparse([
        [5, 0],
        [0, 0],
      ]),
      10,
    ),
  ).toEqual([])
})
