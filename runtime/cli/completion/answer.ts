// `saurun __complete SHELL -- WORDS... CURRENT`: what the completion scripts ask, and the lines that they
// read. Not meant for people: it says nothing of what is wrong, for that would land in the middle of a line
// that is being typed.
//
// The first line names the files that the shell is to offer by itself and how many characters of the word
// stand before the file's name: `none 0`, `folders 5`, `all 0`, `sau 0`, `yaml|yml 0`. Each other line is a
// candidate: with what is known of it behind a tab for zsh and fish; for bash only the part that is not typed
// yet.

import { printable } from '../../../grammar/printable.js'
import type { Candidate, Completion } from './candidate.js'
import { complete } from './complete.js'
import { shellWords } from './shell-words.js'

/** @param words what follows `__complete`; bash sends its line, up to the cursor, as one word */
export async function completionAnswer(
  words: readonly string[],
  workingFolder: string,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const [shell, , ...typed] = words
  try {
    if (shell === 'bash') {
      const line = shellWords(typed[0] ?? '')
      const found = await complete(line.words.slice(1), line.current, workingFolder, environment)
      return answer(found, (candidate) => restForBash(candidate, line.current))
    }
    const current = typed.at(-1) ?? ''
    return answer(await complete(typed.slice(0, -1), current, workingFolder, environment), described)
  } catch {
    return 'all 0\n'
  }
}

function answer(
  { candidates, files, before }: Completion,
  show: (candidate: Candidate) => readonly string[],
): string {
  const kind = typeof files === 'string' ? files : files.join('|')
  return [`${kind} ${before}`, ...candidates.flatMap(show)].map((line) => `${line}\n`).join('')
}

function described({ text, about }: Candidate): readonly string[] {
  if (printable(text) !== text) return []
  return [about === '' ? text : `${text}\t${about.replace(/\s+/g, ' ')}`]
}

/** Bash neither quotes these words nor leaves out those that do not fit. */
function restForBash({ text }: Candidate, current: string): readonly string[] {
  if (!text.startsWith(current) || printable(text) !== text) return []
  return [text.slice(current.length).replace(/[^\p{L}\p{N}@%+=:,./_-]/gu, '\\$&')]
}
