// What can become of a file or a folder of a run: a table of damages, and the command line in this process to
// read what is left.
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { relative } from 'node:path'
import { runCommandLine } from '../../../runtime/cli/command-line.js'
import type { Context } from '../../../runtime/cli/context.js'
import { palette } from '../../../runtime/observe/text/palette.js'

export interface Damage {
  readonly name: string
  /**
   * Content instead of the file's; `undefined` takes the file away, `'folder'` puts a folder in its place.
   */
  readonly of: (content: Buffer) => Buffer | 'folder' | undefined
}

const becomes = (name: string, text: string): Damage => ({ name, of: () => Buffer.from(text) })

export const damages: readonly Damage[] = [
  { name: 'gone', of: () => undefined },
  { name: 'a folder', of: () => 'folder' },
  becomes('empty', ''),
  becomes('null', 'null\n'),
  becomes('{}', '{}\n'),
  becomes('[]', '[]\n'),
  becomes('a number', '7\n'),
  becomes('a text', '"text"\n'),
  becomes('another kind of event', '{"event":"warned"}\n{"time":1,"event":"nothing"}\n'),
  becomes('deep', `${'['.repeat(200_000)}${']'.repeat(200_000)}`),
  { name: 'half of it', of: (content) => content.subarray(0, content.length >> 1) },
  { name: 'a byte less', of: (content) => content.subarray(0, Math.max(0, content.length - 1)) },
  { name: 'zeros', of: (content) => Buffer.alloc(Math.max(16, content.length)) },
  { name: 'noise', of: (content) => Buffer.from(content.map((byte, i) => byte ^ (i * 151 + 89))) },
  { name: 'zeros at its end', of: (content) => Buffer.concat([content, Buffer.alloc(64)]) },
  {
    name: 'other numbers',
    of: (content) =>
      Buffer.from(
        content.toString('latin1').replace(/: ?0?\.(\d)/g, (_, digit) => `: 0.${9 - digit}`),
        'latin1',
      ),
  },
  {
    name: 'null for every number',
    of: (content) =>
      Buffer.from(content.toString('latin1').replace(/":( ?)-?\d[\d.e-]*/g, '":$1null'), 'latin1'),
  },
  {
    name: 'texts for numbers',
    of: (content) =>
      Buffer.from(content.toString('latin1').replace(/":( ?)(-?\d[\d.e-]*)/g, '":$1"$2"'), 'latin1'),
  },
  {
    name: 'huge numbers',
    of: (content) =>
      Buffer.from(content.toString('latin1').replace(/":( ?)\d[\d.e-]*/g, '":$11e15'), 'latin1'),
  },
]

/** Every file and folder in `root`, as paths from it. */
export function entriesOf(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()
}

export function isFolder(path: string): boolean {
  return lstatSync(path).isDirectory()
}

/** Does it to the file or, where that has a meaning, to the folder; false where it changes nothing. */
export function damage(path: string, { of }: Damage): boolean {
  const wasFolder = isFolder(path)
  const before = wasFolder ? undefined : readFileSync(path)
  const after = of(before ?? Buffer.alloc(0))
  if (
    wasFolder ? after === 'folder' : Buffer.isBuffer(after) && before !== undefined && after.equals(before)
  ) {
    return false
  }
  rmSync(path, { recursive: true })
  if (after === 'folder') mkdirSync(path)
  else if (after !== undefined) writeFileSync(path, after)
  return true
}

/** Makes `folder` a copy of `whole`. */
export function restore(whole: string, folder: string): void {
  if (existsSync(folder)) rmSync(folder, { recursive: true })
  cpSync(whole, folder, { recursive: true, preserveTimestamps: true })
}

export interface Said {
  readonly code: number
  readonly text: string
}

/** A command in this process. What throws here is what users see as a bug. */
export async function said(
  words: readonly string[],
  workingFolder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Said> {
  let text = ''
  const add = (content: string | Uint8Array): void => {
    text += typeof content === 'string' ? content : Buffer.from(content).toString('latin1')
  }
  const context: Context = {
    out: add,
    note: add,
    outIsTerminal: false,
    onReaderGone() {},
    environment,
    workingFolder,
    command: 'saurun',
    outPalette: palette(false),
    notePalette: palette(false),
    noteColour: false,
    noteColumns: undefined,
    outColumns: undefined,
  }
  try {
    return { code: await runCommandLine(words, context), text }
  } catch (error) {
    throw new Error(`\`saurun ${words.join(' ')}\` in ${relative('/', workingFolder)}`, { cause: error })
  }
}
