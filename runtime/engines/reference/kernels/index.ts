// The reference engine's kernel of every operation. Inputs, state and constants are values the walk brings
// along.
import type { ComputedName } from '../../../../compiler/graph/operations/index.js'
import { arrangementKernels } from './arrangement.js'
import { elementwiseKernels } from './elementwise.js'
import { imageKernels } from './images.js'
import type { KernelCall, Kernels } from './kernel.js'
import { poolingKernels } from './pooling.js'
import { reductionKernels } from './reductions.js'

const kernels: Kernels = {
  ...arrangementKernels,
  ...elementwiseKernels,
  ...imageKernels,
  ...poolingKernels,
  ...reductionKernels,
}

/** Fills the outputs of a node. */
export function compute<Name extends ComputedName>(call: KernelCall<Name>): void {
  kernels[call.node.op](call)
}
