// What sleeps in this experiment: losses that `minimize` names only where its `if` or `match` does not go,
// and losses of imported files that it does not come to. One file then holds several methods, and a run of
// one of them does nothing for the others: no passes, no streams, no heads, no memory. A loss of the
// experiment's own file that `minimize` does not name at all is another thing: it is warned of, and computed
// to be looked at.
import type { Expression } from '../../grammar/syntax.js'
import type { DeclaredLoss } from '../names/declared.js'
import { lossesIn } from '../plan/scalar.js'
import { referencesOf } from '../plan/step-operations.js'
import {
  type DraftScalar,
  inputsOf,
  type LossIdentity,
  lossesOf,
  type StepDraft,
  type StepNodeDraft,
} from '../types/step-draft.js'
import type { CheckedLoss } from './check.js'
import type { Compilation } from './compilation.js'
import { walk } from './walk.js'

export interface Awake {
  readonly losses: readonly CheckedLoss[]
  /** The nodes that were made, without those that only sleeping losses read. */
  readonly nodes: readonly StepNodeDraft[]
  /** Heads that only what sleeps reads, as `network.head`. */
  readonly sleepingHeads: ReadonlySet<string>
}

/** @param objective what `minimize` came to; undefined where it is wrong, and nothing is left out then */
export function awakeParts(
  c: Compilation,
  losses: readonly CheckedLoss[],
  objective: DraftScalar | undefined,
): Awake {
  const all = { losses, nodes: c.nodes, sleepingHeads: new Set<string>() }
  if (!objective) return all
  const definitions = new Map(losses.map((checked) => [checked.loss.identity, checked]))
  const taken = reach(lossesIn(objective), definitions)
  const named = namedByObjective(c)
  const own = c.program.files[0]?.path
  const maySleep = (loss: DeclaredLoss) => named.has(loss) || loss.identity.at.file !== own
  const sleeping = losses.filter(({ loss }) => maySleep(loss) && !taken.losses.has(loss.identity))
  if (sleeping.length === 0) return all
  const kept = losses.filter((checked) => !sleeping.includes(checked))
  const identities = (some: readonly CheckedLoss[]) => some.map(({ loss }) => loss.identity)
  const asleep = reach(identities(sleeping), definitions)
  const awake = reach(identities(kept), definitions)
  // A pass that no loss reads has been written to be made.
  const nodes = c.nodes.filter((node) => awake.nodes.has(node) || !asleep.nodes.has(node))
  const heads = headsRead(asleep.nodes)
  for (const head of headsRead(new Set(nodes))) heads.delete(head)
  return { losses: kept, nodes, sleepingHeads: heads }
}

interface Reached {
  readonly nodes: ReadonlySet<StepNodeDraft>
  readonly losses: ReadonlySet<LossIdentity>
}

/** Everything that losses are computed from, themselves included. */
function reach(
  losses: readonly LossIdentity[],
  definitions: ReadonlyMap<LossIdentity, CheckedLoss>,
): Reached {
  const nodes = new Set<StepNodeDraft>()
  const reached = new Set<LossIdentity>()
  const waiting: StepNodeDraft[] = []
  const take = (loss: LossIdentity) => {
    if (reached.has(loss)) return
    reached.add(loss)
    const node = definitions.get(loss)?.node
    if (node) waiting.push(node)
  }
  losses.forEach(take)
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (nodes.has(node)) continue
    nodes.add(node)
    waiting.push(...inputsOf(node))
    lossesOf(node).forEach(take)
  }
  return { nodes, losses: reached }
}

/**
 * Losses that stand in the text of `minimize`, or of the `let`s and losses that it names, on any of its ways.
 */
function namedByObjective(c: Compilation): ReadonlySet<DeclaredLoss> {
  const named = new Set<DeclaredLoss>()
  const texts: Expression[] = c.program.minimize ? [c.program.minimize.node.value] : []
  const seen = new Set<Expression>(texts)
  const follow = (text: Expression) => {
    if (!seen.has(text)) texts.push(text)
    seen.add(text)
  }
  for (let text = texts.pop(); text; text = texts.pop()) {
    walk(text, (e) => {
      if (e.kind === 'name') {
        const declared = c.program.names.get(e.name)
        if (declared?.node.kind === 'let') follow(declared.node.value)
      }
      if (e.kind !== 'member' || e.object.kind !== 'name') return
      const loss = c.program.branches.get(e.object.name)?.losses.get(e.member.text)
      if (!loss) return
      named.add(loss)
      follow(loss.node.value)
    })
  }
  return named
}

/** Heads that nodes read, through passes and through memories. */
function headsRead(nodes: ReadonlySet<StepNodeDraft>): Set<string> {
  const heads = new Set<string>()
  for (const { make } of nodes) {
    if (make.op === 'head' && make.pass.make.op === 'forward')
      heads.add(`${make.pass.make.network.name}.${make.head}`)
    for (const { network, head } of make.op === 'unknown'
      ? []
      : referencesOf<StepDraft, 'memory'>(make, 'memory'))
      if (network && head) heads.add(`${network.name}.${head.name}`)
  }
  return heads
}
