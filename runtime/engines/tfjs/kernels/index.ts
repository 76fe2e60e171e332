// The tfjs engine's kernel of every operation. Inputs, state and constants are values the walk brings along.
import type { Tensor } from '@tensorflow/tfjs-core'
import type { ComputedName } from '../../../../compiler/graph/operations/index.js'
import { arrangementKernels } from './arrangement.js'
import type { Kernel, KernelCall } from './call.js'
import { convolutionKernels } from './convolution.js'
import { elementwiseKernels } from './elementwise.js'
import { normalizationKernels } from './normalization.js'
import { poolingKernels } from './pooling.js'
import { reductionKernels } from './reductions.js'
import { shortcutKernels } from './shortcut.js'

const kernels: { readonly [Name in ComputedName]: Kernel<Name> } = {
  ...arrangementKernels,
  ...convolutionKernels,
  ...elementwiseKernels,
  ...normalizationKernels,
  ...poolingKernels,
  ...reductionKernels,
  ...shortcutKernels,
}

/** The outputs of a node. */
export const compute = <Name extends ComputedName>(call: KernelCall<Name>): Tensor | readonly Tensor[] =>
  kernels[call.node.op](call)
