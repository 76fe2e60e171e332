// TensorFlow writes notices to the standard error of the process that loads it, whatever its environment
// says. A run and a profile load it in a process of their own; a command that has no such process is carried
// out in one by this file, which passes on what it says, without those notices.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { EngineChoice } from '../engines/names.js'
import { libraryPlaces } from '../engines/tensorflow/library/find.js'
import { compiledEntry } from '../platform/compiled-entry.js'
import { type Context, terminalBehind } from './context.js'
import { onSignals } from './on-signals.js'

/** Whether a command that loads an engine in its own process had better be carried out in an inner one. */
export function needsInnerProcess(engine: EngineChoice | 'all', context: Context): boolean {
  const mayLoad = engine === 'auto' || engine === 'all' || engine === 'tensorflow'
  return mayLoad && context.environment[terminalBehind] === undefined && libraryPlaces().length > 0
}

/**
 * Carries the words of a command line out in an inner process. @returns its exit code; 128 + n where signal n
 * ended it
 */
export async function withoutNotices(words: readonly string[], context: Context): Promise<number> {
  const notes = `${context.noteColumns ?? 0} ${context.noteColour ? 'colour' : 'plain'}`
  const child = spawn(process.execPath, [compiledEntry('runtime/cli/main.js'), ...words], {
    stdio: ['inherit', 'inherit', 'pipe'],
    env: { ...process.env, [terminalBehind]: notes },
  })
  const release = onSignals((signal) => child.kill(signal))
  const filter = noticeFilter()
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (text: string) => context.note(filter.pass(text)))
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, signal) =>
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
      )
    })
  } finally {
    context.note(filter.rest())
    release()
  }
}

/**
 * `I0000 00:00:1795881101.142766 30311 port.cc:153] ...`, older
 * `2026-11-28 15:00:00.123456: I tensorflow/...`, and absl's heading.
 */
const notice =
  /^(?:[IW]\d{4} \d\d:\d\d:[\d.]+\s+\d+ \S+:\d+\] |\d{4}-\d\d-\d\d \d\d:\d\d:[\d.]+: [IW] |WARNING: All log messages before absl::InitializeLog\(\))/

/** Takes text in pieces and gives it back in whole lines, without TensorFlow's notices. Its errors stay. */
export function noticeFilter(): { pass(text: string): string; rest(): string } {
  let begun = ''
  const kept = (lines: readonly string[]): string => lines.filter((line) => !notice.test(line)).join('')
  return {
    pass(text) {
      const lines = (begun + text).split(/(?<=\n)/)
      begun = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '')
      return kept(lines)
    },
    rest: () => kept([begun]),
  }
}
