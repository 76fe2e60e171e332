import { expect, test } from 'vitest'
import { parseEvent } from '../../../runtime/run/journal/journal.js'
import { metricValues } from '../../../runtime/run/journal/metric-values.js'

/** As it was written before metrics had a table. */
const recorded =
  '{"time":1795894196475,"event":"evaluated","epoch":2,"evaluation":0,"dataset":"held","count":24,"loss":3.387881618588144,"top1":0.4166666666666667,"top5":1,"ece":0.3798940199739031,"perClass":[0.6666666666666666,1,0,null],"shots":[{"name":"many","accuracy":0.6666666666666666,"classes":1},{"name":"medium","accuracy":0.5,"classes":2},{"name":"few","accuracy":null,"classes":1}],"seconds":0.07009481599999981}'

const valuesOf = (line: string) => {
  const event = parseEvent(Buffer.from(line))
  if (event?.event !== 'evaluated') throw new Error('not read')
  return [...metricValues(event)]
}

test('the numbers of a line of an older version are found by their names, in the order of the table', () => {
  expect(valuesOf(recorded)).toEqual([
    ['loss', 3.387881618588144],
    ['top1', 0.4166666666666667],
    ['top5', 1],
    ['ece', 0.3798940199739031],
    ['many', 0.6666666666666666],
    ['medium', 0.5],
    ['few', null],
  ])
})

test('what was not asked for is not there, and what JSON has no number for is not one', () => {
  const line = recorded.replace('"top5":1,"ece":0.3798940199739031,', '').replace('3.387881618588144', 'null')
  const values = new Map(valuesOf(line))
  expect([...values.keys()]).toEqual(['loss', 'top1', 'many', 'medium', 'few'])
  expect(values.get('loss')).toBeNaN()
})

test('a line whose number is a text, or that lacks one that every evaluation has, is damaged', () => {
  expect(parseEvent(Buffer.from(recorded.replace('"ece":0.3798940199739031', '"ece":"low"')))).toBeUndefined()
  expect(parseEvent(Buffer.from(recorded.replace('"top1":0.4166666666666667,', '')))).toBeUndefined()
})
