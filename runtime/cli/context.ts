// What a command sees of the world: streams, environment, working folder. Tests bring their own.

import { type Palette, palette } from '../observe/text/palette.js'
import { wantsColour } from '../observe/text/terminal.js'
import { withoutCredentials } from '../platform/texts/addresses.js'
import { terminalText } from '../platform/texts/terminal.js'
import { ownCommand, withCommand } from './own-command.js'

export interface Context {
  /** Machine output and answers. */
  readonly out: (content: string | Uint8Array) => void
  readonly outIsTerminal: boolean
  /**
   * Has `act` called, instead of the program ended, when nobody reads what `out` writes any more (`| head`).
   */
  readonly onReaderGone: (act: () => void) => void
  /** Everything else: diagnostics, progress, notices. */
  readonly note: (text: string) => void
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly workingFolder: string
  /** How this program is called here: `saurun`, or `npx saurun`. `note` says it in place of `saurun`. */
  readonly command: string
  /** Colours for `out` and for `note`; they may go to different places. */
  readonly outPalette: Palette
  readonly notePalette: Palette
  readonly noteColour: boolean
  /** Columns of the terminal behind `note`, where there is one. */
  readonly noteColumns: number | undefined
  readonly outColumns: number | undefined
}

/**
 * Variable that tells a process whose standard error another one passes on about the terminal behind it: its
 * columns, and `colour` or `plain`.
 */
export const terminalBehind = 'SAURUN_NOTES_GO_TO'

function terminalOfNotes(
  environment: Context['environment'],
): { readonly colour: boolean; readonly columns: number | undefined } | undefined {
  const [columns, colour] = environment[terminalBehind]?.split(' ') ?? []
  return columns === undefined
    ? undefined
    : { colour: colour === 'colour', columns: Number(columns) || undefined }
}

/** The context of the program itself. */
export interface ProcessContext extends Context {
  /**
   * Why output of a command was lost, if it was; to standard error or to standard output. A run that is
   * watched goes on without whoever shows it, and its own end counts: then nothing counts as lost.
   */
  readonly lost: () => LostOutput | undefined
}

export interface LostOutput {
  readonly stream: 'standard output' | 'standard error'
  readonly error: Error
}

export function processContext(): ProcessContext {
  const { stdout, stderr, env } = process
  const behind = terminalOfNotes(env)
  const noteColour = behind?.colour ?? wantsColour(env, stderr.isTTY === true)
  // A reader that has seen enough, or a terminal that was closed: no reason to complain.
  let readerGone = (): void => process.exit(process.exitCode ?? 0)
  let isWatching = false
  let lost: LostOutput | undefined
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isReaderGone(error)) readerGone()
    else lost ??= { stream: 'standard output', error }
  })
  stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (!isReaderGone(error)) lost ??= { stream: 'standard error', error }
  })
  const command = ownCommand()
  return {
    out: (content) => void stdout.write(typeof content === 'string' ? terminalText(content) : content),
    onReaderGone(act) {
      readerGone = act
      isWatching = true
    },
    lost: () => (isWatching ? undefined : lost),
    outIsTerminal: stdout.isTTY === true,
    note: (text) => void stderr.write(terminalText(withoutCredentials(withCommand(text, command)))),
    environment: env,
    workingFolder: process.cwd(),
    command,
    outPalette: palette(wantsColour(env, stdout.isTTY === true)),
    notePalette: palette(noteColour),
    noteColour,
    // A terminal that does not know its size says 0.
    noteColumns: behind?.columns ?? (stderr.columns || undefined),
    outColumns: stdout.columns || undefined,
  }
}

function isReaderGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'EIO' || code === 'ERR_STREAM_DESTROYED'
}
