// A command that can be called: its declaration, the commands behind it, and how it is carried out.
import type { EngineChoice } from '../engines/names.js'
import type { Context } from './context.js'
import type { CommandBody, Declaration, Options } from './declaration.js'

export interface Command {
  readonly declared: Declaration
  /** Commands behind its name, as `status` of `sweep status`. */
  readonly verbs: readonly Command[]
  /**
   * @param words what was typed behind its name
   * @param family declarations of what else can stand behind the same first word, for whoever gives one's
   * flag to another
   * @returns the exit code
   * @throws UsageError, RunError
   */
  readonly carryOut: (
    words: readonly string[],
    family: readonly Declaration[],
    context: Context,
  ) => Promise<number>
}

export interface CommandWays<Declared extends Declaration> {
  /** Loads the file that carries the command out, once it is chosen. */
  readonly load: () => Promise<CommandBody<Declared>>
  /**
   * The engine that it loads in the process of the command line itself, and not in one of its own; undefined
   * for none.
   */
  readonly engineOf?: (options: Options<Declared>) => EngineChoice | 'all' | undefined
  readonly verbs?: readonly Command[]
}

export function command<Declared extends Declaration>(
  declared: Declared,
  { load, engineOf, verbs = [] }: CommandWays<Declared>,
): Command {
  return {
    declared,
    verbs,
    async carryOut(words, family, context) {
      const { parseCommand } = await import('./parser.js')
      const parsed = parseCommand(declared, words, family)
      const engine = engineOf?.(parsed.options)
      if (engine !== undefined) {
        const { needsInnerProcess, withoutNotices } = await import('./native-notices.js')
        if (needsInnerProcess(engine, context)) {
          return await withoutNotices([...declared.name.split(' '), ...words], context)
        }
      }
      const body = await load()
      return await body(parsed.words, parsed.options, context)
    },
  }
}
