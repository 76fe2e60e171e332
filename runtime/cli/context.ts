// What a command sees of the world: streams, environment, working folder. Tests bring their own.
import { type Palette, palette } from '../output/palette.js'
import { wantsColour } from '../output/terminal.js'

export interface Context {
  /** Machine output and answers. */
  readonly out: (content: string | Uint8Array) => void
  readonly outIsTerminal: boolean
  /** Everything else: diagnostics, progress, notices. */
  readonly note: (text: string) => void
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly workingFolder: string
  /** Colours for `out` and for `note`; they may go to different places. */
  readonly outPalette: Palette
  readonly notePalette: Palette
  readonly noteColour: boolean
  /** Columns of the terminal behind `note`, where there is one. */
  readonly noteColumns: number | undefined
  readonly outColumns: number | undefined
}

export function processContext(): Context {
  const { stdout, stderr, env } = process
  const noteColour = wantsColour(env, stderr.isTTY === true)
  return {
    out: (content) => void stdout.write(content),
    outIsTerminal: stdout.isTTY === true,
    note: (text) => void stderr.write(text),
    environment: env,
    workingFolder: process.cwd(),
    outPalette: palette(wantsColour(env, stdout.isTTY === true)),
    notePalette: palette(noteColour),
    noteColour,
    noteColumns: stderr.columns,
    outColumns: stdout.columns,
  }
}
