// Whether a program can fit into this machine at all, before an engine is given it: engines end without a
// word, or with one that speaks of bytes and not of the file.
import { type Program, programCost } from '../../../compiler/graph/index.js'
import { elementCount } from '../../../compiler/graph/operations/operation.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import { machineMemory } from '../../data/memory-budget.js'
import { formatBytes } from '../../platform/bytes-text.js'
import { exitCodes, RunError } from '../../platform/errors.js'

/** Elements of one tensor that engines can address: positions are 32-bit numbers with a sign. */
const mostElements = 2 ** 31 - 1

/** Engines reuse memory that the estimate counts twice; only what is far beyond the machine is refused. */
const allowance = 2

/**
 * @param memory bytes of the machine; what a container lets this process have where that is less
 * @throws RunError SAU8120 with the estimate, the network that takes most of it, and its line
 */
export function checkMemory(plan: Plan, program: Program, memory: number = machineMemory()): void {
  const { stateBytes, entries } = programCost(program)
  const stepBytes = Math.max(0, ...Object.values(entries).map(({ peakBytes }) => peakBytes))
  const largest = largestTensor(program)
  const isTooMuch = stateBytes > memory || stateBytes + stepBytes > allowance * memory
  if (!isTooMuch && largest <= mostElements) return
  const needs = `weights and their state take ${formatBytes(stateBytes)}, a step ${formatBytes(stepBytes)} beside them`
  const message = isTooMuch
    ? `${needs}, and this machine has ${formatBytes(memory)}`
    : `one tensor has ${largest.toLocaleString('en')} numbers, and engines address ${mostElements.toLocaleString('en')}; ${needs}`
  throw new RunError('SAU8120', message, `make ${placeToMend(plan, program)} smaller`, exitCodes.outOfMemory)
}

function largestTensor({ entries, variables }: Program): number {
  let largest = 0
  for (const { type } of variables) largest = Math.max(largest, elementCount(type.shape))
  for (const { nodes } of Object.values(entries)) {
    for (const { outputs } of nodes) {
      for (const { shape } of outputs) largest = Math.max(largest, elementCount(shape))
    }
  }
  return largest
}

/** The network whose state is largest, with its line, and the batch. */
function placeToMend(plan: Plan, { variables }: Program): string {
  const bytesOf = (network: string): number =>
    variables.reduce(
      (sum, { name, type }) => sum + (name.startsWith(`${network}.`) ? elementCount(type.shape) : 0),
      0,
    )
  const [network] = [...plan.networks].sort((a, b) => bytesOf(b.name) - bytesOf(a.name))
  const { file, line } = plan.train.at ?? { file: '', line: 0 }
  const batch = `the batch of ${plan.train.batch}${file === '' ? '' : ` (${file}:${line})`}`
  if (network === undefined) return batch
  const place = network.at === undefined ? '' : ` (${network.at.file}:${network.at.line})`
  return `the network \`${network.name}\`${place} or ${batch}`
}
