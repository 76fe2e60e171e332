// What is seen of a download, on a terminal and in a log.
import { describe, expect, test } from 'vitest'
import type { GetEvent } from '../../runtime/apps/download/events.js'
import { getLines } from '../../runtime/cli/data/get-lines.js'
import { palette } from '../../runtime/observe/text/palette.js'
import { terminalText } from '../../runtime/platform/texts/terminal.js'

const file = 'train-images-idx3-ubyte.gz'
const mebibyte = 1 << 20

/** Texts of events at their times in ms. */
function texts(
  columns: number | undefined,
  events: readonly (readonly [number, GetEvent])[],
): readonly string[] {
  const lines = getLines({ columns, paint: palette(false) })
  return [...events.map(([time, event]) => lines.event(event, time)), lines.end()].map(terminalText)
}

const started: readonly [number, GetEvent] = [
  0,
  { event: 'download_started', file, bytes: 100 * mebibyte, from: 20 * mebibyte },
]
const progress = (time: number, share: number): readonly [number, GetEvent] => [
  time,
  { event: 'download_progress', file, bytes: share * mebibyte, total: 100 * mebibyte },
]

describe('a download', () => {
  test('is one moving line on a terminal, with its speed and what is left of it', () => {
    const [first, second, third, end] = texts(60, [started, progress(500, 21), progress(10_000, 60)])
    expect(first).toBe(`  ${file}: 100 MiB, going on after 20.0 MiB\n`)
    expect(second).toBe('    21 %, 21.0 MiB of 100 MiB')
    expect(third).toBe(
      '\r\u001b[2K    60 %, 60.0 MiB of 100 MiB, 4.00 MiB a second, 10 s left'.slice(0, 5 + 59),
    )
    expect(end).toBe('\n')
  })

  test('is a line every ten seconds in a log', () => {
    const lines = texts(undefined, [started, progress(500, 21), progress(10_000, 60), progress(12_000, 70)])
    expect(lines.slice(1)).toEqual([
      '',
      `  ${file}: 60 %, 60.0 MiB of 100 MiB, 4.00 MiB a second, 10 s left\n`,
      '',
      '',
    ])
  })

  test('says why it is tried again, and when it is whole', () => {
    const [cut, whole, kept] = texts(undefined, [
      [0, { event: 'download_retried', file, reason: 'HTTP 503', seconds: 2, from: mebibyte }],
      [1, { event: 'download_done', file, md5: 'abc', kept: false }],
      [2, { event: 'download_done', file, md5: 'abc', kept: true }],
    ])
    expect(cut).toBe('  cut: HTTP 503; tried again in 2.0 s, from 1.00 MiB\n')
    expect(whole).toBe(`  whole ${file}: MD5 abc\n`)
    expect(kept).toBe(`  whole ${file}: from an earlier try\n`)
  })
})
