// Checks a whole program: every declaration for itself, then what holds between them.
import { searchEffort } from '../../grammar/nearest-name.js'
import { type Location, labelled, type Reporter } from '../diagnostics/reporter.js'
import type { RuleContext } from '../functions/declaration.js'
import { functionsNamed } from '../functions/registry.js'
import type { Host } from '../host.js'
import type { Declared, DeclaredLoss } from '../names/declared.js'
import type { Program } from '../names/program.js'
import type { DatasetNode } from '../types/dataset-node.js'
import type { DraftScalar, StepNodeDraft } from '../types/step-draft.js'
import { extentOf } from './arithmetic.js'
import { orderStep, type TrainedStep } from './checked-step.js'
import type { Compilation } from './compilation.js'
import { evaluateDeclared, evaluateLoss } from './declarations.js'
import { awakeParts } from './dormant.js'
import { type CheckedEvaluation, checkEvaluations } from './evaluations.js'
import { checkExtent } from './extent.js'
import { checkFreeze, type FrozenParts } from './freeze.js'
import { noteMissing, reportMissingPaths } from './missing-paths.js'
import { bindingOf, headOf, reportUntrained } from './networks.js'
import { checkSettingNames } from './params.js'
import { checkPositives } from './positives.js'
import { trainingSeed } from './seeds.js'
import {
  type CheckedTraining,
  checkEpoch,
  checkObjective,
  checkTraining,
  type EpochShape,
} from './train-block.js'
import { warnUnused } from './unused.js'
import { walk } from './walk.js'

export interface CheckOptions {
  readonly settings: ReadonlyMap<string, string>
  /** Where relative paths of settings start, absolute. */
  readonly workingFolder: string
  readonly seed: number | undefined
}

/** A loss of the program with the node that computes it. */
export interface CheckedLoss {
  readonly loss: DeclaredLoss
  readonly node: StepNodeDraft
}

/** What lowering starts from. Only where no error was reported are all parts there. */
export interface CheckedProgram {
  readonly compilation: Compilation
  readonly step: TrainedStep
  /** But for those that sleep in this experiment: dormant.ts. */
  readonly losses: readonly CheckedLoss[]
  /** Heads that neither the step nor a memory of it reads, as `network.head`; an evaluation may still. */
  readonly sleepingHeads: ReadonlySet<string>
  readonly objective: DraftScalar | undefined
  readonly training: CheckedTraining | undefined
  readonly frozen: readonly FrozenParts[]
  readonly epoch: EpochShape | undefined
  readonly evaluations: readonly CheckedEvaluation[]
}

export function checkProgram(
  host: Host,
  program: Program,
  reporter: Reporter,
  options: CheckOptions,
): CheckedProgram {
  const c = createCompilation(host, program, reporter, options)
  const fileOrder = new Map(program.files.map((file, position) => [file.path, position]))
  checkSettingNames(c)
  const ordered = inOrderOfNeed(program)
  for (const declared of ordered) if (!meansSeveral(declared)) evaluateDeclared(c, declared, undefined)
  const written = checkBranches(c)
  for (const network of c.networks.values()) {
    for (const name of network.declarations.keys()) headOf(c, network, name)
  }
  const objective = checkObjective(c)
  const training = checkTraining(c)
  for (const declared of ordered) if (declared.values.size === 0) evaluateDeclared(c, declared, undefined)
  const { losses, nodes, sleepingHeads } = awakeParts(c, written, objective)
  const step = orderStep(
    nodes,
    losses.map(({ node }) => node),
    fileOrder,
  )
  const frozen = training ? checkFreeze(c, training, step) : []
  const epoch = training && checkEpoch(c, training, streamedBy(c, step), step.nodes, frozen)
  if (training) checkPositives(c, training, step.nodes)
  const evaluations = checkEvaluations(c, step)
  checkExtent(c, step, evaluations)
  if (program.experiment) {
    checkComplete(c)
    warnUnused(c, program.files[0]?.path ?? '')
  }
  reportMissingPaths(c)
  return { compilation: c, step, losses, objective, sleepingHeads, training, frozen, epoch, evaluations }
}

function createCompilation(
  host: Host,
  program: Program,
  reporter: Reporter,
  options: CheckOptions,
): Compilation {
  const context: RuleContext = {
    reporter,
    host,
    missingPath: (path, at) => noteMissing(c, path, at),
    binding: (network) => bindingOf(c, network),
    untrained: (network, use) => reportUntrained(c, network, use),
    node(make, at) {
      const node = { make, at, untaken: reporter.inUntaken }
      c.nodes.push(node)
      return node
    },
  }
  const c: Compilation = {
    host,
    reporter,
    program,
    settings: options.settings,
    workingFolder: options.workingFolder,
    seedOption: options.seed,
    context,
    nodes: [],
    calls: new Map(),
    batches: new Map(),
    missing: new Map(),
    networks: new Map(),
    searched: new Set(),
    headUses: new Set(),
    doubtful: new Set(),
    stack: [],
    seed: undefined,
    depth: 0,
    effort: searchEffort(),
    overflowed: false,
  }
  trainingSeed(c)
  return c
}

/** Declarations so that most stand after what they name, which keeps the checking of long chains shallow. */
function inOrderOfNeed(program: Program) {
  const order: Declared[] = []
  const seen = new Set<string>()
  for (const first of program.names.keys()) {
    const waiting = [{ name: first, leaving: false }]
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const declared = program.names.get(next.name)
      if (!declared) continue
      if (next.leaving) {
        order.push(declared)
        continue
      }
      if (seen.has(next.name)) continue
      seen.add(next.name)
      waiting.push({ name: next.name, leaving: true })
      const { node } = declared
      const root = node.kind === 'param' ? node.default : node.kind === 'branch' ? undefined : node.value
      if (!root) continue
      walk(root, (e) => {
        if (e.kind === 'name' && !seen.has(e.name)) waiting.push({ name: e.name, leaving: false })
      })
    }
  }
  return order
}

/** A `let` of a word that stands for several functions: the places that read it say which. */
function meansSeveral({ node }: Declared): boolean {
  if (node.kind !== 'let') return false
  let several = false
  walk(node.value, (e) => {
    if (e.kind === 'name' && functionsNamed(e.name).length > 1) several = true
  })
  return several
}

/**
 * Datasets that the step draws from; where something is wrong with it, those of all streams, any of which may
 * belong to it.
 */
function streamedBy(c: Compilation, step: TrainedStep): readonly DatasetNode[] {
  const losses = [...c.program.branches.values()].flatMap((branch) => [...branch.losses.values()])
  if (step.certain && losses.every(({ definition }) => definition)) return step.streamed
  const declared = [...c.program.names.values()].flatMap(({ values }) => [...values.values()])
  return declared.flatMap((value) => (value.kind === 'stream' ? [value.dataset] : []))
}

/** Parts of all losses together, written out: so many make a Plan of some megabytes. */
const mostParts = 50_000

function checkBranches(c: Compilation): CheckedLoss[] {
  const losses: CheckedLoss[] = []
  let parts = 0
  for (const branch of c.program.branches.values()) {
    for (const statement of branch.node.statements) {
      const name = statement.name.text
      if (statement.kind === 'let') {
        const declared = branch.lets.get(name)
        if (declared?.node === statement) evaluateDeclared(c, declared, undefined)
        continue
      }
      const loss = branch.losses.get(name)
      if (loss?.node !== statement) continue
      evaluateLoss(c, branch, loss)
      if (!loss.definition) continue
      parts += extentOf(loss.definition).size
      if (parts > mostParts) {
        c.reporter.report('SAU1021', {
          gaps: { what: 'what the losses compute', most: '50,000' },
          labels: [labelled(loss.identity.at)],
        })
        return losses
      }
      const node =
        loss.definition.op === 'node'
          ? loss.definition.node
          : c.context.node({ op: 'scalar', value: loss.definition }, loss.identity.at)
      losses.push({ loss, node })
    }
  }
  return losses
}

/** An experiment needs an objective and a `train` block. */
function checkComplete(c: Compilation): void {
  const { experiment, minimize, train } = c.program
  // What is missing may stand in the part that could not be read.
  if (!experiment || c.reporter.hasSyntaxErrors) return
  const at: Location = { file: experiment.file, span: experiment.node.span }
  if (!minimize) {
    c.reporter.report('SAU2018', {
      gaps: { what: 'minimize', example: 'minimize branch.loss' },
      labels: [labelled(at)],
    })
  }
  if (!train) {
    c.reporter.report('SAU2018', {
      gaps: { what: 'train', example: 'train { epochs = 200; batch = 128; optimizer = sgd(lr: 0.1) }' },
      // At the title alone, for of two reports of one code at one place only the first is shown.
      labels: [labelled({ ...at, span: experiment.node.title.span })],
    })
  }
}
