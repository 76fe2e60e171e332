// What a lack of memory is compared with.
import { traceProgram } from '../../../compiler/graph/index.js'
import type { Plan } from '../../../compiler/plan/plan.js'
import { estimate } from './estimate.js'

/**
 * The sentence of a failure, with what the Plan's step needs, by the estimate that `saurun plan` shows, where
 * memory ran out.
 */
export function messageWithEstimate(
  failure: { readonly code: string | undefined; readonly message: string },
  plan: Plan,
): string {
  if (failure.code !== 'SAU7301') return failure.message
  const { stepBytes, stateBytes } = estimate(plan, traceProgram(plan, { layout: 'NCHW', images: 'uint8' }))
  return `${failure.message}; by the plan a step needs about ${mebibytes(stepBytes)} besides ${mebibytes(stateBytes)} of weights and other state`
}

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`
