// Runs a tool (pip, npm, the compiler) and listens to it. A tool that is told to stop takes its own children
// with it.
import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'

export interface Command {
  /** The program and the arguments that always stand before others: `['py', '-3']`. */
  readonly program: readonly string[]
  readonly words: readonly string[]
  readonly folder: string
  readonly environment: NodeJS.ProcessEnv
  /** Ends the tool, and all that it started. */
  readonly signal: AbortSignal
  /** File that everything it prints is appended to. */
  readonly log?: string
  /** Gets every line as it is printed. */
  readonly onLine?: (line: string) => void
}

export interface CommandResult {
  /** Exit code; undefined where it could not be started. */
  readonly code: number | undefined
  readonly out: string
  /** Standard output and error in the order in which they came. */
  readonly all: string
}

/** Time that a tool has to end itself, ms. */
const endingTime = 2_000

/**
 * Never throws for what the tool does. @throws the signal's reason once the tool is gone, where it was ended.
 */
export async function runTool(command: Command): Promise<CommandResult> {
  const { program, words, folder, environment, signal, log, onLine } = command
  signal.throwIfAborted()
  const [file = '', ...first] = program
  const arguments_ = [...first, ...words]
  if (log !== undefined) appendFileSync(log, `\n$ ${[file, ...arguments_].join(' ')}\n`)
  const result = await new Promise<CommandResult>((resolve) => {
    // In a group of its own: Ctrl-C reaches this process, which ends the whole group.
    const child = spawn(file, arguments_, {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    })
    let out = ''
    let all = ''
    const hear = (text: string): void => {
      all += text
      if (log !== undefined) appendFileSync(log, text)
    }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      hear(text)
    })
    child.stderr.setEncoding('utf8').on('data', hear)
    if (onLine !== undefined) listen(child.stdout, onLine)
    const end = (how: NodeJS.Signals): void => {
      try {
        if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, how)
        else child.kill(how)
      } catch {
        // It is gone already.
      }
    }
    let late: NodeJS.Timeout | undefined
    const stop = (): void => {
      end('SIGTERM')
      late = setTimeout(() => end('SIGKILL'), endingTime)
    }
    signal.addEventListener('abort', stop, { once: true })
    const done = (code: number | undefined): void => {
      signal.removeEventListener('abort', stop)
      clearTimeout(late)
      resolve({ code, out, all })
    }
    child.once('error', (error) => {
      hear(`${error.message}\n`)
      done(undefined)
    })
    child.once('close', (code) => done(code ?? 1))
  })
  signal.throwIfAborted()
  return result
}

function listen(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = ''
  stream.on('data', (text: string) => {
    const lines = `${rest}${text}`.split(/[\r\n]/)
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
}

/** The last lines that say something, for a sentence. */
export function lastLines(text: string, count: number): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-count)
    .join('\n')
}
