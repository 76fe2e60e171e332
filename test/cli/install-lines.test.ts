import { expect, test } from 'vitest'
import { installLines } from '../../runtime/cli/engines/install-lines.js'
import type { InstallEvent } from '../../runtime/engines/tensorflow/install/events.js'
import { palette } from '../../runtime/observe/text/palette.js'
import { terminalText } from '../../runtime/platform/texts/terminal.js'

const events: readonly (readonly [number, InstallEvent])[] = [
  [0, { event: 'install_started', version: '2.21.0', gpu: false, folder: '/e/tensorflow' }],
  [0, { event: 'step_started', step: 'package', title: "the addon's sources" }],
  [1, { event: 'step_done', step: 'package', seconds: 0, kept: true, note: 'tfjs-node 4.22.0' }],
  [1, { event: 'step_started', step: 'download', title: 'downloading TensorFlow' }],
  [2000, { event: 'step_progress', step: 'download', bytes: 2 ** 20, total: 2 ** 28 }],
  [12_000, { event: 'step_progress', step: 'download', bytes: 2 ** 25, total: undefined }],
  [12_500, { event: 'step_done', step: 'download', seconds: 12.4, kept: false, note: 'one wheel' }],
]

function shown(columns: number | undefined): string {
  const lines = installLines({ columns, paint: palette(false) })
  return terminalText(events.map(([time, event]) => lines.event(event, time)).join('') + lines.end())
}

test('a log gets a line at each border of a step, and one now and then in between', () => {
  expect(shown(undefined)).toBe(`installing TensorFlow 2.21.0 in /e/tensorflow
  the addon's sources
    tfjs-node 4.22.0 (from an earlier try)
  downloading TensorFlow
  downloading TensorFlow: 32.0 MiB
    one wheel (12 s)
`)
})

test('a terminal gets one line that moves, and keeps what is done', () => {
  const text = shown(60)
  expect(text).toContain('\r\u001b[2K  downloading TensorFlow: 1.00 MiB of 256 MiB')
  const kept = text.split('\n').map((line) => line.split('\u001b[2K').at(-1))
  expect(kept).toEqual([
    'installing TensorFlow 2.21.0 in /e/tensorflow',
    "  done the addon's sources: tfjs-node 4.22.0 from an earlier try",
    '  done downloading TensorFlow: one wheel 12 s',
    '',
  ])
})

test('a failure leaves the line that moved as it is and begins a new one', () => {
  const lines = installLines({ columns: 40, paint: palette(false) })
  expect(lines.end()).toBe('')
  lines.event({ event: 'step_started', step: 'test', title: 'comparing' }, 0)
  expect(lines.end()).toBe('\n')
})
