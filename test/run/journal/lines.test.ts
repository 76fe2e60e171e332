// Lines of any length, forwards and from the end.
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  eventsFrom,
  lastEnding,
  newestEvent,
  openJournal,
  readJournal,
} from '../../../runtime/run/journal/journal.js'
import { createLineSplitter, lineKind, linesFromEnd, linesOf } from '../../../runtime/run/journal/lines.js'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-lines-'))
  path = join(folder, 'journal.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** Longer than what is read at once. */
const long = 'x'.repeat(3_000_000)

const ended = (message: string) =>
  ({
    event: 'run_ended',
    outcome: 'done',
    exitCode: 0,
    code: undefined,
    message,
    help: undefined,
    epoch: 1,
    step: 9,
    seconds: 1,
    peakMemory: 1,
  }) as const

test('lines of every length come in order, and from the end the other way round', () => {
  const lines = fc.array(
    fc.nat(700_000).map((length) => (length % 7 === 0 ? length : length % 300)),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(lines, fc.boolean(), (lengths, isTorn) => {
      const written = lengths.map((length, at) => `${at}${'-'.repeat(length)}`)
      writeFileSync(path, written.map((line) => `${line}\n`).join('') + (isTorn ? 'torn' : ''))
      const read = Array.from(linesOf(path), ({ bytes, start, end }) => {
        expect(end - start).toBe(bytes.byteLength + 1)
        return text(bytes)
      })
      expect(read).toEqual(written)
      expect(Array.from(linesFromEnd(path), ({ bytes }) => text(bytes))).toEqual(written.toReversed())
    }),
    { numRuns: 30 },
  )
})

test('a file that is cut into pieces anywhere has the same lines, at the same places', () => {
  const content = Buffer.from('one\n\nthree is longer\n4\nrest')
  const whole = createLineSplitter('journal.jsonl', 7)
    .push(content)
    .map(({ bytes, start, end }) => [text(bytes), start, end])
  expect(whole[2]).toEqual(['three is longer', 12, 28])
  for (let first = 0; first <= content.length; first++) {
    for (let second = first; second <= content.length; second++) {
      const splitter = createLineSplitter('journal.jsonl', 7)
      const pieces = [content.subarray(0, first), content.subarray(first, second), content.subarray(second)]
      const lines = pieces.flatMap((piece) => splitter.push(Buffer.from(piece)))
      expect(lines.map(({ bytes, start, end }) => [text(bytes), start, end])).toEqual(whole)
    }
  }
})

test('the newest event of a kind is found behind lines of megabytes, and before a torn one', () => {
  const journal = openJournal(path, () => 5)
  journal.write(ended('first'))
  const from = readJournal(path).end
  journal.write({ event: 'warned', code: undefined, message: long })
  journal.close()
  appendFileSync(path, '{"time":6,"event":"run_ended","mess')
  expect(lastEnding(path)?.message).toBe('first')
  expect(lastEnding(path, from)).toBeUndefined()
  expect(newestEvent(path, ['warned'])?.message).toHaveLength(long.length)
  expect(
    newestEvent(path, ['warned', 'run_ended'], { wanted: ({ event }) => event === 'run_ended' }),
  ).toMatchObject({
    message: 'first',
  })
  expect(newestEvent(path, ['advised'])).toBeUndefined()
})

test('a damaged line of a kind is passed over', () => {
  const journal = openJournal(path, () => 5)
  journal.write(ended('whole'))
  appendFileSync(path, '{"time":6,"event":"run_ended","mess\n\n')
  journal.close()
  expect(lastEnding(path)?.message).toBe('whole')
  expect(readJournal(path)).toMatchObject({ damagedLines: 1, end: expect.any(Number) })
})

test('only lines of the kinds that are asked for are parsed, and every line counts as read', () => {
  const journal = openJournal(path, () => 5)
  journal.write({ event: 'warned', code: undefined, message: 'not wanted' })
  journal.write(ended('wanted'))
  journal.close()
  appendFileSync(path, `${JSON.stringify({ ...ended('in another order'), time: 8 })}\n`)
  const found = [...eventsFrom(path, 0, ['run_ended'])]
  expect(found.map(({ event }) => event?.message)).toEqual([undefined, 'wanted', 'in another order'])
  expect(found.at(-1)?.end).toBe(readJournal(path).end)
})

test('what is no journal has no lines', () => {
  expect([...linesOf(path)]).toEqual([])
  expect([...linesFromEnd(path)]).toEqual([])
  expect(readJournal(path)).toEqual({ events: [], damagedLines: 0, end: 0 })
  writeFileSync(path, '')
  expect([...linesFromEnd(path)]).toEqual([])
  expect(lastEnding(path)).toBeUndefined()
})

test('the beginning of a line tells its kind', () => {
  expect(lineKind(Buffer.from('{"time":1700000000000,"event":"steps_done","epoch":0}'))).toBe('steps_done')
  expect(lineKind(Buffer.from('{"time":1.5e3,"event":"evaluated"'))).toBe('evaluated')
  expect(lineKind(Buffer.from('{"event":"evaluated","time":1}'))).toBeUndefined()
  expect(lineKind(Buffer.from('{"time":"x","event":"evaluated"}'))).toBeUndefined()
})
