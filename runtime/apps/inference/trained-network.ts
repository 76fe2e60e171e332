// A run's network as it is used after training: its evaluation entries in an engine, with the weights of a
// checkpoint.
import { availableParallelism } from 'node:os'
import type { Program } from '../../../compiler/graph/graph.js'
import { traceProgram } from '../../../compiler/graph/index.js'
import type { EvaluationPlan, NetworkPlan, Plan } from '../../../compiler/plan/plan.js'
import type { Engine, Executable } from '../../engines/engine.js'
import type { EngineChoice } from '../../engines/names.js'
import { selectEngine } from '../../engines/select.js'
import { exitCodes, RunError } from '../../platform/errors.js'
import type { Checkpoint } from '../../run/folder/checkpoint.js'
import type { RunLock } from '../../run/folder/lock.js'
import { readLockedPlan } from '../../run/folder/locked-plan.js'
import type { Progress } from '../../run/loop/progress.js'
import { stateFrom } from '../../run/loop/state.js'
import { type CheckpointChoice, chosenCheckpoint } from '../../run/process/chosen-checkpoint.js'

export interface NetworkChoice {
  readonly checkpoint: CheckpointChoice
  readonly engine: EngineChoice
  readonly threads: number | undefined
  /** Gets what a user should know and nothing stops for. */
  readonly warn: (message: string) => void
}

export interface TrainedNetwork {
  readonly runFolder: string
  readonly plan: Plan
  readonly lock: RunLock
  readonly checkpoint: Checkpoint<Progress>
  /** The last epoch that the weights have seen, from 0. */
  readonly epoch: number
  readonly engine: Engine
  /** The entries `evaluate:<i>` and the variables that they read. */
  readonly program: Program
  readonly executable: Executable
}

/**
 * Reads the run in `runFolder` and loads its network. Dispose of its executable when done.
 * @throws RunError SAU7101 (no run), SAU7851 (it evaluates nothing), and those of `chosenCheckpoint`,
 * `selectEngine` and `stateFrom`.
 */
export async function openTrainedNetwork(runFolder: string, choice: NetworkChoice): Promise<TrainedNetwork> {
  const { lock, plan } = readLockedPlan(runFolder)
  if (plan.evaluations.length === 0) {
    throw new RunError(
      'SAU7851',
      `${runFolder} evaluates nothing: no head is named whose outputs are the classes`,
      'train it with an `evaluate` block',
      exitCodes.usage,
    )
  }
  const checkpoint = chosenCheckpoint(runFolder, choice.checkpoint, ({ message }) =>
    choice.warn(`${message}; the checkpoint before it is used`),
  )
  const { threads } = choice
  const { engine, passedOver } = await selectEngine(choice.engine, { threads })
  for (const { name, reason, isBroken } of passedOver) {
    if (isBroken) choice.warn(`engine ${name} does not load: ${reason}`)
  }
  const program = evaluationProgram(traceProgram(plan, { layout: engine.layout, images: 'uint8' }))
  const executable = await engine.load(program, {
    threads: engine.name === 'reference' ? 1 : (threads ?? availableParallelism()),
  })
  try {
    await executable.write(stateFrom(program, checkpoint.tensors, engine, checkpoint.folder))
  } catch (error) {
    await executable.dispose()
    throw error
  }
  const epoch = Math.floor(Math.max(0, checkpoint.state.step - 1) / plan.train.stepsPerEpoch)
  return { runFolder, plan, lock, checkpoint, epoch, engine, program, executable }
}

/** Neither steps nor memories nor the optimizer's state: an engine need not compile and hold them. */
function evaluationProgram(program: Program): Program {
  const entries = Object.entries(program.entries).filter(([name]) => name.startsWith('evaluate:'))
  return {
    ...program,
    variables: program.variables.filter(({ role }) => role === 'weight' || role === 'statistic'),
    entries: Object.fromEntries(entries),
  }
}

/** Evaluation `position` of a Plan with its network, and the classes that the head's outputs stand for. */
export function evaluationOf(
  plan: Plan,
  position: number,
): {
  readonly evaluation: EvaluationPlan
  readonly network: NetworkPlan
  readonly classes: readonly string[]
} {
  const evaluation = plan.evaluations[position]
  const network = plan.networks[evaluation?.network ?? -1]
  const dataset = plan.datasets[evaluation?.dataset ?? -1]
  if (evaluation === undefined || network === undefined || dataset === undefined) {
    throw new TypeError(`the Plan has no evaluation ${position}`)
  }
  return { evaluation, network, classes: dataset.classes }
}
