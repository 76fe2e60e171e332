// Everything that the checker of one program shares.
import type { Effort } from '../../grammar/nearest-name.js'
import type { Expression } from '../../grammar/syntax.js'
import type { Location, Reporter } from '../diagnostics/reporter.js'
import type { PathNotThere, RuleContext } from '../functions/declaration.js'
import type { Host } from '../host.js'
import type { Declared, DeclaredBranch } from '../names/declared.js'
import type { Program } from '../names/program.js'
import type { NetworkNode } from '../types/network-node.js'
import type { StepNodeDraft } from '../types/step-draft.js'
import type { Value } from '../types/value.js'

export interface Compilation {
  readonly host: Host
  readonly reporter: Reporter
  readonly program: Program
  /** Values of `--set`, by name. */
  readonly settings: ReadonlyMap<string, string>
  /** Where relative paths of settings start. */
  readonly workingFolder: string
  /** `--seed`, instead of `train.seed`. */
  readonly seedOption: number | undefined
  readonly context: RuleContext
  /** Every node of the step that was made, in the order of making. */
  readonly nodes: StepNodeDraft[]
  /**
   * One value per call that makes a node or costs a draw: a call in the text is one pass, however often it is
   * read.
   */
  readonly calls: Map<Expression, Value>
  /** The one batch of each stream and view. */
  readonly batches: Map<string, Value>
  readonly missing: Map<string, MissingPath>
  readonly networks: Map<string, NetworkNode>
  /** Networks whose binding is being looked for, or has been among all calls. */
  readonly searched: Set<string>
  /** `network.head` of every head that something reads. */
  readonly headUses: Set<string>
  /**
   * Names that stand behind a dot after something wrong: they may be views, heads or losses, and count as
   * used.
   */
  readonly doubtful: Set<string>
  /** Declarations being evaluated, outermost first. */
  readonly stack: Declared[]
  /** Resolved `train.seed`; undefined while it is being found. */
  seed: number | undefined
  depth: number
  /** What searches for the names that were meant may still cost. */
  readonly effort: Effort
  /** A chain that is too long has been reported. */
  overflowed: boolean
}

export interface MissingPath extends Omit<PathNotThere, 'text'> {
  readonly shown: string
  readonly places: Location[]
}

/** Where an expression stands. */
export interface Scope {
  readonly file: string
  readonly branch: DeclaredBranch | undefined
  /** The declaration that it belongs to, for seeds and names. */
  readonly owner: Owner
  /** The network whose head it is in. */
  readonly network: NetworkNode | undefined
}

export interface Owner {
  readonly kind: string
  readonly name: string
  /** Its right side, to number the calls in it. */
  readonly root: Expression | undefined
  /** The param or let that a number would come from. */
  readonly declared: Declared | undefined
}
