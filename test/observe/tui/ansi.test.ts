// Spans as text for a terminal.
import { expect, test } from 'vitest'
import { lineStyler } from '../../../runtime/observe/tui/ansi.js'
import { themeFor } from '../../../runtime/observe/tui/theme.js'
import { plainText } from './rendered-frame.js'

const style = lineStyler(themeFor({ colour: true, unicode: true }))

test('the text of a line is that of its spans', () => {
  const line = [{ text: 'a ', dim: true }, { text: 'b', colour: '#e69f00', bold: true }, { text: ' c' }]
  expect(plainText(style(line))).toBe('a b c')
})

test('control characters of names never reach the terminal', () => {
  expect(plainText(style([{ text: 'a\u001b[2Jb\u0007\n' }]))).toBe('a\\u001b[2Jb\\u0007\\u000a')
})
