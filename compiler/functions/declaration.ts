// How a function of the language is declared: once, with its name, parameters, documentation and rule. The
// rule is given arguments that already have their types; it checks what types cannot say and gives the value
// that is lowered.
import type { Location, Reporter } from '../diagnostics/reporter.js'
import type { Host } from '../host.js'
import type { NetworkBinding, NetworkNode } from '../types/network-node.js'
import type { StepMake, StepNodeDraft } from '../types/step-draft.js'
import type { Type } from '../types/type.js'
import { unknownOperation } from '../types/unknown.js'
import type { Value } from '../types/value.js'

/** A function may share its name with one of another group; the kind expected in its place chooses. */
export type FunctionGroup =
  | 'dataset'
  | 'view'
  | 'backbone'
  | 'layers'
  | 'stream'
  | 'memory'
  | 'step'
  | 'schedule'
  | 'optimizer'
  | 'metric'
  | 'share_of_gap'

/** A path that a file names, or one inside a folder that it names, where nothing is. */
export interface PathNotThere {
  readonly text: string
  readonly params: readonly string[]
  readonly absolute: string
  /**
   * Names beside it that may have been meant, of those that are there; false where nobody wrote this name.
   */
  readonly mayMean: false | ((name: string) => boolean)
  /** What whoever looked for it knows to say. */
  readonly help?: string | undefined
}

/** What a rule may ask of the compilation it is called in. */
export interface RuleContext {
  readonly reporter: Reporter
  readonly host: Host
  /** Notes a path where nothing is; all uses of it become one diagnostic. */
  missingPath(path: PathNotThere, at: Location): void
  /**
   * What a network is built for: the first batch that reaches it says so. Undefined where none does, or where
   * it is wrong.
   */
  binding(network: NetworkNode): NetworkBinding | undefined
  /**
   * Reports a network that is read at `use` and that no loss trains, unless something is wrong with its
   * calls.
   */
  untrained(network: NetworkNode, use: Location): void
  /** A node of the step, made at the call. */
  node(make: StepMake, at: Location): StepNodeDraft
}

/** Where an argument or field stands and what to call it. */
export interface Site {
  readonly context: RuleContext
  readonly at: Location
  /** `\`padding\` of \`crop\``, for sentences. */
  readonly subject: string
}

/** A place for values of one type: takes a value, or reports why it does not fit and gives undefined. */
export interface Slot<T> {
  readonly type: Type
  take(value: Value, site: Site): T | undefined
}

export interface Parameter<T> {
  readonly slot: Slot<unknown>
  readonly doc: string
  readonly presence: 'required' | 'optional' | 'rest'
  /** The default in the language's own words, for documentation. */
  readonly defaultText?: string
  /** Never there at run time: carries the type of the argument. */
  readonly argument?: T
  readonly fallback?: T
}

export function required<T>(slot: Slot<T>, doc: string): Parameter<T> {
  return { slot, doc, presence: 'required' }
}

/** An argument with a default value. */
export function defaulting<T>(
  slot: Slot<T>,
  fallback: T,
  doc: string,
  defaultText = String(fallback),
): Parameter<T> {
  return { slot, doc, presence: 'optional', fallback, defaultText }
}

/** An argument that may be left out. */
export function optional<T>(slot: Slot<T>, doc: string): Parameter<T | undefined> {
  return { slot, doc, presence: 'optional' }
}

/** All arguments by place from here on. */
export function rest<T>(slot: Slot<T>, doc: string): Parameter<readonly T[]> {
  return { slot, doc, presence: 'rest' }
}

export type RightArgumentsOf<P> = { readonly [K in keyof ArgumentsOf<P>]: ArgumentsOf<P>[K] | undefined }

export type ArgumentsOf<P> = { readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never }

/** One call, as its rule sees it. */
export interface Call<Name extends string = string> {
  readonly context: RuleContext
  /** The whole call. */
  readonly at: Location
  readonly callee: Location
  /** Where each argument stands; the call where it was left out. */
  readonly where: Readonly<Record<Name, Location>>
  /**
   * Some argument has no place, so that any of those left out may have been meant; only where a call is
   * wrong.
   */
  readonly unplaced: boolean
  /** The name of the declaration that the call stands in. */
  readonly owner: string
  /**
   * The seed of a call that gives none: from `train.seed`, the declaration's kind and name, and the call's
   * number in it.
   */
  seed(of?: { readonly kind: string; readonly name: string }): number
}

export interface FunctionDeclaration {
  readonly name: string
  readonly group: FunctionGroup
  readonly doc: string
  readonly parameters: Readonly<Record<string, Parameter<unknown>>>
  readonly result: Type
  /** Called only when every argument fits. Gives undefined where it has reported an error. */
  apply(values: Readonly<Record<string, unknown>>, call: Call): Value | undefined
  /**
   * What is certain of the result where an argument or the call is wrong; arguments that do not fit are
   * undefined.
   */
  recover(values: Readonly<Record<string, unknown>>, call: Call): Value
}

export function declareFunction<P extends Readonly<Record<string, Parameter<unknown>>>>(declaration: {
  readonly name: string
  readonly group: FunctionGroup
  readonly doc: string
  readonly parameters: P
  readonly result: Type
  readonly apply: (values: ArgumentsOf<P>, call: Call<Extract<keyof P, string>>) => Value | undefined
  readonly recover?: (values: RightArgumentsOf<P>, call: Call<Extract<keyof P, string>>) => Value
}): FunctionDeclaration {
  const { recover } = declaration
  return {
    ...declaration,
    // The caller fills `values` from `parameters`, so the two agree.
    apply: (values, call) => declaration.apply(values as ArgumentsOf<P>, call),
    recover: (values, call) =>
      recover
        ? recover(values as RightArgumentsOf<P>, call)
        : unknownOperation(declaration.result.kind, call.at),
  }
}

/** `crop(padding: count, size: count)`, for documentation and help. */
export function signature(declaration: FunctionDeclaration): string {
  const parts = Object.entries(declaration.parameters).map(([name, parameter]) =>
    parameter.presence === 'rest' ? `${name}...` : name,
  )
  return parts.join(', ')
}
