// Confusion matrices beside the journal, and those that stood in it.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { confusionReader, confusionsFile } from '../../../runtime/run/folder/confusions.js'
import { denseTextReader } from '../../../runtime/run/journal/confusion-matrix.js'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import { followJournal } from '../../../runtime/run/journal/follow.js'
import { eventsOf, newestEvent, openJournal, readJournal } from '../../../runtime/run/journal/journal.js'
import { createLineSplitter } from '../../../runtime/run/journal/lines.js'
import { openRecorder } from '../../../runtime/run/session/recording.js'
import { recordedRun, tenClasses } from '../../observe/text/recorded-run.js'
import { sparse } from '../journal/made-matrices.js'

let folder: string
let journal: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-confusions-'))
  journal = join(folder, 'journal.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

const counts = fc
  .array(fc.nat(3), { minLength: 9, maxLength: 9 })
  .map((all) => [all.slice(0, 3), all.slice(3, 6), all.slice(6)])

const events = recordedRun({ ...tenClasses, doneEpochs: 3, epochs: 8 })
const [started] = events
if (started?.event !== 'run_started') throw new Error('begins with its start')

/** Records events as a training process does; each evaluation has `rowsOf` its epoch as its matrix. */
function record(
  made: readonly JournalEvent[],
  rowsOf: (epoch: number) => readonly (readonly number[])[],
): void {
  const recorder = openRecorder(folder, openJournal(journal))
  for (const event of made) {
    if (event.event !== 'evaluated') recorder.write(event)
    else recorder.write({ ...event, confusion: sparse(rowsOf(event.epoch)) })
  }
  recorder.flush()
  recorder.close()
}

const evaluations = () => [...eventsOf(journal, ['evaluated'])]
const lines = () =>
  readFileSync(join(folder, confusionsFile), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

describe('of a run', () => {
  test('are a line each, and the journal says where', () => {
    record(events, (epoch) => [
      [epoch, 1],
      [0, 2],
    ])
    const confusionOf = confusionReader(folder)
    expect(evaluations().map(confusionOf)).toEqual(
      [0, 1, 2].map((epoch) =>
        sparse([
          [epoch, 1],
          [0, 2],
        ]),
      ),
    )
    expect(lines()[1]).toEqual({
      epoch: 1,
      evaluation: 0,
      dataset: 'test',
      classes: 2,
      cells: [
        [0, 0, 1],
        [0, 1, 1],
        [1, 1, 2],
      ],
    })
    const text = readFileSync(join(folder, confusionsFile))
    const { offset = 0, bytes = 0 } = evaluations()[1]?.confusion ?? {}
    expect(JSON.parse(text.subarray(offset, offset + bytes).toString())).toEqual(lines()[1])
  })

  test('are cut back to the checkpoint that a process goes on from', () => {
    record(events, () => [[1]])
    const resumed = { ...started, resumed: { epoch: 1, step: 24, checkpoint: 'step-000024' } }
    record([resumed, ...events.filter((event) => event.event === 'evaluated' && event.epoch === 1)], () => [
      [7],
    ])
    expect(lines().map(({ epoch, cells }) => [epoch, cells])).toEqual([
      [0, [[0, 0, 1]]],
      [1, [[0, 0, 7]]],
    ])
    const confusionOf = confusionReader(folder)
    const found = evaluations()
    expect(found.map((event) => confusionOf(event)?.cells[0]?.[2])).toEqual([1, undefined, undefined, 7])
  })

  test('a kill between a matrix and its line leaves what the next process takes away', () => {
    record(events, () => [[1]])
    const whole = readFileSync(join(folder, confusionsFile), 'utf8')
    appendFileSync(join(folder, confusionsFile), '{"epoch":3,"evaluation":0,"dataset":"test","cla')
    const resumed = { ...started, resumed: { epoch: 3, step: 72, checkpoint: 'step-000072' } }
    record(
      [
        resumed,
        ...events
          .filter((event) => event.event === 'evaluated')
          .slice(-1)
          .map((event) => ({ ...event, epoch: 3 })),
      ],
      () => [[5]],
    )
    expect(readFileSync(join(folder, confusionsFile), 'utf8').slice(0, whole.length)).toBe(whole)
    expect(lines().map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3])
  })

  test('that are torn, changed or gone are none', () => {
    record(events, () => [[1]])
    const path = join(folder, confusionsFile)
    const whole = readFileSync(path, 'utf8')
    const confusionOf = () => evaluations().map(confusionReader(folder))
    truncateSync(path, whole.length - 5)
    expect(confusionOf().map((matrix) => matrix === undefined)).toEqual([false, false, true])
    writeFileSync(path, whole.replace('[[0,0,1]]', '[[0,0,2]]'))
    expect(confusionOf().map((matrix) => matrix === undefined)).toEqual([true, false, false])
    rmSync(path)
    expect(confusionOf()).toEqual([undefined, undefined, undefined])
    const place = { file: '../other', offset: 0, bytes: 3, sha256: '' }
    expect(confusionReader(folder)({ confusion: place })).toBeUndefined()
  })
})

describe('of a run of 0.4.0', () => {
  /** An evaluation as a line of its journal. */
  const oldLine = (event: JournalEvent, rows: readonly (readonly number[])[]) =>
    `${JSON.stringify(event.event === 'evaluated' ? { ...event, confusion: rows } : event)}\n`

  test('are where they stand, for whoever reads the journal in whatever way', async () => {
    const rows = (epoch: number) =>
      Array.from({ length: 400 }, (_, label) =>
        Array.from({ length: 400 }, (_, other) => (label === other ? 3 + epoch : Number(other === 7))),
      )
    const text = events
      .map((event) => oldLine(event, rows(event.event === 'evaluated' ? event.epoch : 0)))
      .join('')
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeGreaterThan(300_000)
    writeFileSync(journal, text)
    const expected = [0, 1, 2].map((epoch) => sparse(rows(epoch)))
    const confusionOf = confusionReader(folder)
    const read = readJournal(journal)
    expect(read).toMatchObject({ damagedLines: 0, end: text.length })
    const without = (all: readonly JournalEvent[]) =>
      all.map((event) =>
        JSON.parse(JSON.stringify(event.event === 'evaluated' ? { ...event, confusion: undefined } : event)),
      )
    expect(without(read.events)).toEqual(without(events))
    expect(evaluations().map(confusionOf)).toEqual(expected)
    const newest = newestEvent(journal, ['evaluated'])
    expect(newest === undefined ? undefined : confusionOf(newest)).toEqual(expected[2])
    const followed: JournalEvent[] = []
    for await (const event of followJournal(journal, { signal: AbortSignal.abort() })) followed.push(event)
    expect(followed).toEqual(read.events)
  })

  test('go on as one of this version', () => {
    writeFileSync(journal, events.map((event) => oldLine(event, [[4]])).join(''))
    const resumed = { ...started, resumed: { epoch: 2, step: 48, checkpoint: 'step-000048' } }
    record([resumed, ...events.filter((event) => event.event === 'evaluated' && event.epoch === 2)], () => [
      [9],
    ])
    expect(evaluations().map(confusionReader(folder))).toEqual([[[4]], [[4]], [[4]], [[9]]].map(sparse))
    expect(lines().map(({ epoch }) => epoch)).toEqual([2])
  })

  test('however the file is cut into pieces, and torn ones take no line with them', () => {
    const whole = oldLine(events.find(({ event }) => event === 'evaluated') ?? started, [
      [1, 0],
      [3, 4],
    ])
    const torn = `${whole.slice(0, whole.indexOf('[[') + 5)}\n`
    const content = Buffer.from(
      `${torn}${whole}{"time":1,"event":"advised","message":"\\"confusion\\":[["}\n`,
    )
    const take = (pieces: readonly Uint8Array[]) => {
      const splitter = createLineSplitter('journal.jsonl', 0)
      return pieces.flatMap((piece) =>
        splitter
          .push(Buffer.from(piece))
          .map(({ bytes, start, end }) => [Buffer.from(bytes).toString(), start, end]),
      )
    }
    const lines = take([content])
    expect(lines).toHaveLength(3)
    expect(() => JSON.parse(String(lines[0]?.[0]))).toThrow()
    const { confusion } = JSON.parse(String(lines[1]?.[0]))
    expect(content.subarray(confusion.offset, confusion.offset + confusion.bytes).toString()).toBe(
      '[[1,0],[3,4]]',
    )
    expect(JSON.parse(String(lines[2]?.[0])).message).toBe('"confusion":[[')
    for (let cut = 0; cut <= content.length; cut++) {
      expect(take([content.subarray(0, cut), content.subarray(cut)])).toEqual(lines)
    }
    expect(take(Array.from(content, (byte) => Uint8Array.of(byte)))).toEqual(lines)
  })

  test('the text of any matrix is read, and what is none is not', () => {
    const matrixOf = (text: string) => {
      const reader = denseTextReader()
      reader.push(Buffer.from(text.slice(0, 4)))
      reader.push(Buffer.from(text.slice(4)))
      return reader.matrix()
    }
    fc.assert(
      fc.property(counts, (rows) => {
        expect(matrixOf(JSON.stringify(rows))).toEqual(sparse(rows))
      }),
    )
    expect(matrixOf('[[12]]')).toEqual(sparse([[12]]))
    for (const wrong of [
      '[[1,2],[3]]',
      '[[1,2]]',
      '[[1],[2],[3]]',
      '[[1,2],[3,4]',
      '[[1,],[3,4]]',
      '[[-1,2],[3,4]]',
      '[["a"]]',
      '',
    ])
      expect(matrixOf(wrong)).toBeUndefined()
  })
})
