// Reads keys with Ink and hands them on; it draws nothing. Ink's own drawing, also where it writes only lines
// that changed, costs 30 to 100 ms of a core a screen (it parses and cuts every styled character anew;
// bench/ink-drawing.mjs), more than the whole cockpit may cost a training in seconds.
import { type Key as InkKey, useInput, useStdin } from 'ink'
import type { Key } from './key.js'

export interface KeyReaderProps {
  /** Keys of one chunk of input: a terminal hands over several at once when they come fast. */
  readonly onKeys: (keys: readonly Key[]) => void
}

export function KeyReader({ onKeys }: KeyReaderProps): null {
  // Without a terminal to read from (`< /dev/null`) there are no keys; Ctrl-C then comes as a signal.
  const { isRawModeSupported } = useStdin()
  // Undefined where standard input is no terminal, whatever its type says.
  const isActive = isRawModeSupported === true
  useInput((input, key) => onKeys(pressedKeys(input, key)), { isActive })
  return null
}

const controlKeys: Readonly<Record<string, Key>> = {
  '\t': 'tab',
  '\r': 'enter',
  '\n': 'enter',
  '\b': 'backspace',
  '\u007f': 'backspace',
  '\u0003': 'interrupt',
}

function pressedKeys(input: string, key: InkKey): readonly Key[] {
  if (key.ctrl) return input === 'c' ? ['interrupt'] : []
  if (key.tab) return [key.shift ? 'back_tab' : 'tab']
  if (key.return) return ['enter']
  if (key.backspace || key.delete) return ['backspace']
  if (key.escape) return ['escape']
  if (key.upArrow) return ['up']
  if (key.downArrow) return ['down']
  if (key.pageUp) return ['page_up']
  if (key.pageDown) return ['page_down']
  if (key.home) return ['home']
  if (key.end) return ['end']
  if (key.meta) return []
  return [...input].flatMap((character) => {
    const control = controlKeys[character]
    if (control !== undefined) return [control]
    return /\p{Cc}/u.test(character) ? [] : [{ character }]
  })
}
