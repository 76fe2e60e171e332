// What a command says about itself.
import type { ExitCode } from '../errors.js'
import type { Context } from './context.js'
import type { Completes, Flag, Options } from './options.js'

/** Carries a command out. `words` are its arguments without flags. */
export type CommandBody = (
  words: readonly string[],
  options: Options,
  context: Context,
) => Promise<ExitCode | number>

export interface CommandDescription {
  readonly name: string
  readonly summary: string
  readonly arguments: readonly {
    readonly form: string
    readonly help: string
    /** Words that a shell may complete it with. Where it is completed with more, one of them may stand before it. */
    readonly choices?: readonly string[]
    /** What a shell completes it with besides; nothing where this is left out. */
    readonly completes?: Completes
  }[]
  readonly flags: readonly Flag[]
  readonly examples: readonly { readonly command: string; readonly does: string }[]
  /** Whether it loads an engine in the process of the command line itself, and not in one of its own. */
  readonly loadsEngine?: (options: Options) => boolean
  readonly load: () => Promise<CommandBody>
}
