// Questions that a screen asks before something is left or stopped, and numbers that are typed into it: what
// keys answer, and what stands there meanwhile. The same for the screen of a run and for that of a sweep,
// whose words differ.
import { keyHint } from './box.js'
import { characterOf, type Key } from './key.js'
import type { Overlay } from './overlays.js'

/** Each function gives undefined for a key that answers nothing. */
export function answerLeave(key: Key): 'detach' | 'stop' | 'stop_now' | 'stay' | undefined {
  switch (characterOf(key) ?? key) {
    case 'd':
      return 'detach'
    case 'c':
      return 'stop'
    case 'n':
      return 'stop_now'
    case 'k':
    case 'q':
    case 'escape':
      return 'stay'
  }
  return undefined
}

/** @param opener the key that asked the question, which answers it with no */
export function answerYesOrNo(key: Key, opener: string): 'yes' | 'no' | undefined {
  switch (characterOf(key) ?? key) {
    case 'y':
    case 'enter':
      return 'yes'
    case 'n':
    case 'k':
    case 'q':
    case 'escape':
    case opener:
      return 'no'
  }
  return undefined
}

/**
 * A number that is typed: the digits so far, the number once it is whole, or nothing where it was called off.
 */
export type TypedNumber = { readonly digits: string } | { readonly number: number } | undefined

export function typeNumber(digits: string, key: Key, mostDigits: number): TypedNumber {
  if (key === 'escape') return undefined
  if (key === 'backspace') return { digits: digits.slice(0, -1) }
  if (key === 'enter') return Number(digits) === 0 ? undefined : { number: Number(digits) }
  const character = characterOf(key)
  if (character === undefined || !/^[0-9]$/.test(character) || digits.length >= mostDigits) return { digits }
  return { digits: `${digits}${character}`.replace(/^0+/, '') }
}

/** What a screen says of leaving and stopping what it shows. */
export interface StopWords {
  /** `stop after a checkpoint`. */
  readonly stop: string
  readonly leaveTitle: string
  readonly detach: string
  /** How it goes on after it was stopped so. */
  readonly stopped: string
  readonly stopNow: string
  readonly stopTitle: string
  readonly yes: string
}

export function leaveOverlay(words: StopWords): Overlay {
  return {
    title: words.leaveTitle,
    lines: [
      keyHint('d', words.detach),
      keyHint('c', `${words.stop}${words.stopped}`),
      keyHint('n', words.stopNow),
      keyHint('k', 'keep watching (esc too)'),
    ],
    short: [
      keyHint('d', 'detach'),
      keyHint('c', words.stop),
      keyHint('n', 'stop now'),
      keyHint('k', 'keep watching'),
    ],
  }
}

export function stopOverlay({ stopTitle, yes }: StopWords): Overlay {
  return {
    title: stopTitle,
    lines: [keyHint('y', `yes (enter too); ${yes}`), keyHint('n', 'no, keep watching (esc too)')],
    short: [keyHint('y', 'stop'), keyHint('n', 'keep watching')],
  }
}

/** What a screen notes of a stop that it asked for. */
export function stopNote({ stop }: StopWords, command: 'stop' | 'stop_now'): string {
  return command === 'stop' ? `asked to ${stop}` : 'asked to stop now'
}

/** The same where Ctrl-C asked for it, and would ask for more. */
export function interruptNote(words: StopWords, command: 'stop' | 'stop_now'): string {
  return `${stopNote(words, command)}${command === 'stop' ? '; ctrl-c again: now' : ''}`
}
