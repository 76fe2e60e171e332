import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { commandsEnd, openCommands, sendCommand } from '../../../runtime/run/journal/commands.js'
import type { JournalEvent } from '../../../runtime/run/journal/events.js'
import { followJournal } from '../../../runtime/run/journal/follow.js'
import { openJournal, readJournal } from '../../../runtime/run/journal/journal.js'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'saurun-journal-'))
  path = join(folder, 'journal.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

function warned(message: string) {
  return { event: 'warned', code: undefined, message } as const
}

function messages(events: readonly JournalEvent[]): string[] {
  return events.map((event) => (event.event === 'warned' ? event.message : event.event))
}

describe('writing and reading', () => {
  test('events come back in order with their times, one line each', () => {
    const journal = openJournal(path, () => 17)
    journal.write(warned('line\nbreak'))
    journal.write({ event: 'phase_started', phase: 'train', epoch: 3, name: undefined })
    journal.close()
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(3)
    expect(readJournal(path)).toEqual({
      events: [
        { time: 17, event: 'warned', message: 'line\nbreak' },
        { time: 17, event: 'phase_started', phase: 'train', epoch: 3 },
      ],
      damagedLines: 0,
      end: readFileSync(path).length,
    })
  })

  test('a torn last line is left out, and what is written after it is whole', () => {
    const first = openJournal(path)
    first.write(warned('kept'))
    first.close()
    const whole = readFileSync(path).length
    appendFileSync(path, '{"time":1,"event":"warned","mess')
    expect(readJournal(path)).toMatchObject({ damagedLines: 0, end: whole })
    expect(messages(readJournal(path).events)).toEqual(['kept'])
    const second = openJournal(path)
    second.write(warned('after'))
    second.close()
    const { events, damagedLines } = readJournal(path)
    expect(messages(events)).toEqual(['kept', 'after'])
    expect(damagedLines).toBe(1)
  })

  test('every cut of a journal gives the events of its whole lines', () => {
    const journal = openJournal(path, () => 1)
    for (const message of ['ä', 'b', 'c']) journal.write(warned(message))
    journal.close()
    const bytes = readFileSync(path)
    for (let length = 0; length <= bytes.length; length++) {
      writeFileSync(path, bytes.subarray(0, length))
      const lines = bytes.subarray(0, length).filter((byte) => byte === 0x0a).length
      expect(readJournal(path).events).toHaveLength(lines)
    }
  })

  test('lines of other kinds are counted as damaged, not handed out', () => {
    writeFileSync(path, '{"time":1,"event":"toString"}\n[]\n\n{"event":"warned"}\n')
    expect(readJournal(path)).toMatchObject({ events: [], damagedLines: 3 })
  })
})

describe('following', () => {
  test('hands out what is there, then what is appended, and ends after the abort with nothing lost', async () => {
    const ended = new AbortController()
    const seen: string[] = []
    const reader = (async () => {
      for await (const event of followJournal(path, { signal: ended.signal, interval: 5 })) {
        seen.push(...messages([event]))
      }
    })()
    await sleep(20)
    const journal = openJournal(path)
    journal.write(warned('one'))
    while (seen.length < 1) await sleep(5)
    appendFileSync(path, '{"time":2,"event":"war')
    await sleep(20)
    appendFileSync(path, 'ned","message":"two halves"}\n')
    while (seen.length < 2) await sleep(5)
    journal.write(warned('last'))
    journal.close()
    ended.abort()
    await reader
    expect(seen).toEqual(['one', 'two halves', 'last'])
  })

  test('begins where it is told to, and reads files of many blocks', async () => {
    const journal = openJournal(path)
    for (let i = 0; i < 2000; i++) journal.write(warned(`${i} ${'x'.repeat(100)}`))
    const from = readJournal(path).end
    journal.write(warned('tail'))
    journal.close()
    const all: JournalEvent[] = []
    for await (const event of followJournal(path, { signal: AbortSignal.abort() })) all.push(event)
    expect(all).toHaveLength(2001)
    const tail: JournalEvent[] = []
    for await (const event of followJournal(path, { from, signal: AbortSignal.abort() })) tail.push(event)
    expect(messages(tail)).toEqual(['tail'])
  })
})

describe('commands', () => {
  test('are taken once, in order; torn and unknown ones wait or are passed over', () => {
    const commands = openCommands(folder, 0)
    expect(commands.take()).toEqual([])
    sendCommand(folder, { command: 'pause' }, 'test')
    sendCommand(folder, { command: 'continue' }, 'test')
    expect(commands.take()).toEqual([
      { command: 'pause', by: 'test' },
      { command: 'continue', by: 'test' },
    ])
    const file = join(folder, 'commands.jsonl')
    appendFileSync(file, '{"command":"dance"}\nnonsense\n{"command":"st')
    expect(commands.take()).toEqual([])
    appendFileSync(file, 'op","by":"late"}\n')
    expect(commands.take()).toEqual([{ command: 'stop', by: 'late' }])
    expect(commands.take()).toEqual([])
    commands.close()
  })

  test('of earlier processes do not reach a later one', () => {
    sendCommand(folder, { command: 'stop' }, 'before')
    const commands = openCommands(folder, commandsEnd(folder))
    sendCommand(folder, { command: 'evaluate' }, 'after')
    expect(commands.take()).toEqual([{ command: 'evaluate', by: 'after' }])
    commands.close()
  })
})
