// What a command declares about itself. `command-table.ts` ties each declaration to the file that carries the
// command out.
import type { ExitCode } from '../platform/errors.js'
import type { Context } from './context.js'
import type { Completes, Flag, OptionsOf } from './flag.js'
import { flags } from './flags.js'

export interface Argument {
  readonly form: string
  readonly help: string
  /** Words that a shell may complete it with. */
  readonly choices?: readonly string[]
  /** What a shell completes it with besides; nothing where this is left out. */
  readonly completes?: Completes
}

export interface Declaration<Flags extends readonly Flag[] = readonly Flag[]> {
  /** As it is typed: `sweep status` for a command behind another one. */
  readonly name: string
  readonly summary: string
  readonly arguments: readonly Argument[]
  readonly flags: Flags
  readonly examples: readonly { readonly command: string; readonly does: string }[]
}

/** A declaration that keeps the types of its flags. */
export function declare<const Flags extends readonly Flag[]>(
  declaration: Declaration<Flags>,
): Declaration<Flags> {
  return declaration
}

/** The options of a declared command: `Options<typeof plan>`. */
export type Options<Declared extends Declaration> = OptionsOf<Declared['flags'][number]>

/** Carries a command out. `words` are its arguments without flags. */
export type CommandBody<Declared extends Declaration> = (
  words: readonly string[],
  options: Options<Declared>,
  context: Context,
) => Promise<ExitCode | number>

/** Flags that every command takes. */
export const everywhere = [flags.quiet, flags.verbose] as const

export const experiment = { form: '<file>', help: 'an experiment, `.sau`', completes: 'experiments' } as const
export const settings = {
  form: '[settings...]',
  help: 'params as name=value, like --set',
  completes: 'settings',
} as const
export const run = { form: '<run>', help: 'last, its name, or its folder', completes: 'runs' } as const
