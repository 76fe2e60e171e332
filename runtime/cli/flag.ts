// What a flag declares about itself, and the type of the options that a list of flags gives. Whoever declares
// a flag writes it down once: its name and its value's type, its help, what a shell completes it with and the
// tables of docs/commands.md follow.

/** What may stand behind a flag. */
export type FlagValue =
  | { readonly kind: 'text' }
  /** `name=value`, one each time. */
  | { readonly kind: 'list' }
  /** Any words, one each time. */
  | { readonly kind: 'words' }
  /** A value only where the next word looks like one; empty otherwise. */
  | { readonly kind: 'optional'; readonly form: RegExp }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** A whole number; `most` is more than any run can want. */
  | { readonly kind: 'count'; readonly least: number; readonly most: number }
  /** `4GiB`, in bytes. */
  | { readonly kind: 'bytes'; readonly most: number }

export interface Flag {
  /** As commander reads it: `-o, --output <file>`. */
  readonly flags: string
  readonly help: string
  /** None for a flag that is there or not. */
  readonly value?: FlagValue
  /** What a shell completes its value with, besides choices. */
  readonly completes?: Completes
}

/** What a word of a command line may be, for completing it. */
export type Completes =
  | 'experiments'
  /** Sweep files. */
  | 'sweeps'
  /** Sweep files, and sweeps that were begun. */
  | 'begunSweeps'
  | 'files'
  | 'folders'
  | 'wheels'
  | 'runs'
  /** Runs, those that go on first. */
  | 'running'
  /** Runs and experiments. */
  | 'plans'
  /** `name=value` */
  | 'settings'
  /** Names of params that runs have. */
  | 'params'
  /** `file:dataset` */
  | 'datasets'
  /** Names of published data sets. */
  | 'published'
  /** Codes of diagnostics. */
  | 'codes'

/**
 * `output` of `-o, --output <file>`, `arrayParallel` of `--array-parallel <count>`, `unicode` of
 * `--no-unicode`, as commander names them.
 */
type OptionName<Flags extends string> = Flags extends `${string}--no-${infer Name}`
  ? CamelCase<FirstWord<Name>>
  : Flags extends `${string}--${infer Name}`
    ? CamelCase<FirstWord<Name>>
    : never
type FirstWord<Words extends string> = Words extends `${infer First} ${string}` ? First : Words
type CamelCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name

type ValueOf<Each extends Flag> = Each extends { readonly value: infer Value }
  ? Value extends { readonly kind: 'list' | 'words' }
    ? readonly string[]
    : Value extends { readonly kind: 'choice'; readonly choices: readonly (infer Choice)[] }
      ? Choice
      : Value extends { readonly kind: 'count' | 'bytes' }
        ? number
        : string
  : boolean

/** Options as parsed, by name; what was not given is not there. For a union of flags, those of all. */
export type OptionsOf<Flags extends Flag> = {
  readonly [Each in Flags as OptionName<Each['flags']>]?: ValueOf<Each>
}

/** `-o` and `--output`. */
export function flagNames(flag: Flag): readonly string[] {
  return flag.flags.match(/--?[a-z-]+/gi) ?? []
}

export function longName(flag: Flag): string {
  return flagNames(flag).find((name) => name.startsWith('--')) ?? flag.flags
}
