// Words of a command line for POSIX shells.
import { printable } from '../../../grammar/printable.js'

/**
 * A word as a shell takes it for what it is, in one line. What cannot be seen is written in octal inside of
 * `$'...'`, which bash, zsh, ksh and POSIX of 2024 know. NUL, which no word holds, is left out.
 */
export function shellWord(word: string): string {
  if (/^(?!=)[\w@%+=:,./-]+$/.test(word)) return word
  if (printable(word) === word) return `'${word.replaceAll("'", "'\\''")}'`
  return `$'${[...word.replaceAll('\0', '')].map(ansiCharacter).join('')}'`
}

/** Words as one line of a command. */
export function commandLine(words: readonly string[]): string {
  return words.map(shellWord).join(' ')
}

function ansiCharacter(character: string): string {
  if (character === "'" || character === '\\') return `\\${character}`
  if (printable(character) === character) return character
  return Array.from(
    new TextEncoder().encode(character),
    (byte) => `\\${byte.toString(8).padStart(3, '0')}`,
  ).join('')
}
