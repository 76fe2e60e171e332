// A trained head of a run as a model for other programs: an ONNX file, a safetensors file or a SavedModel.
import { servingEntry, traceServing } from '../../../compiler/graph/index.js'
import type { RunError } from '../../platform/errors.js'
import { type SafeTensor, writeSafetensors } from '../../platform/safetensors/index.js'
import type { Tensors } from '../../platform/tensor.js'
import { readLockedPlan } from '../../run/folder/locked-plan.js'
import { type CheckpointChoice, chosenCheckpoint } from '../../run/process/chosen-checkpoint.js'
import { exportMetadata } from './metadata.js'
import { servedHead } from './served-head.js'
import { exportedWeights } from './weights.js'

export const exportFormats = ['onnx', 'safetensors', 'savedmodel'] as const
export type ExportFormat = (typeof exportFormats)[number]

export interface ExportRequest {
  /** Folder of the run (`findRun`). */
  readonly run: string
  readonly format: ExportFormat
  /** The last one where it is not given. */
  readonly checkpoint?: CheckpointChoice | undefined
  /** `logits` or `net.logits`; the first evaluation's where it is not given. */
  readonly head?: string | undefined
  /** Told of damaged checkpoints that an older one stands in for. */
  readonly passedOver?: (error: RunError) => void
}

export interface ExportedModel {
  /** Contents by path: one file, its path empty, or those of a folder. */
  readonly files: Readonly<Record<string, Uint8Array>>
  readonly metadata: Readonly<Record<string, string>>
  readonly classes: readonly string[]
}

/**
 * Makes the model. Images go in as `images`, bytes [n, h, w, c] of the network's input size, and are
 * normalized inside; `logits` and `probabilities`, or `embedding`, come out (float32 [n, size]). A
 * safetensors file has the weights alone, by their PyTorch names.
 * @throws RunError SAU7101 (no run), SAU7103, SAU7107, SAU7108, SAU7852, SAU7853 (checkpoint), SAU7914
 * (head).
 */
export async function exportModel(request: ExportRequest): Promise<ExportedModel> {
  const { run, format, passedOver = () => {} } = request
  const { plan, lock } = readLockedPlan(run)
  const served = servedHead(plan, request.head)
  const checkpoint = chosenCheckpoint(run, request.checkpoint ?? 'last', passedOver, served.evaluation)
  const metadata = exportMetadata({ folder: run, plan, lock }, served, checkpoint.step)
  const { network, head, normalize, classes } = served
  const program = traceServing(
    { network, head, normalize, precision: plan.train.precision },
    format === 'savedmodel' ? 'NHWC' : 'NCHW',
  )
  const weights = exportedWeights(program, checkpoint)
  const made = (files: ExportedModel['files']): ExportedModel => ({ files, metadata, classes })
  switch (format) {
    case 'onnx': {
      const { frozenOnnxModel } = await import('../../engines/onnx/index.js')
      return made({ '': frozenOnnxModel(program, servingEntry, { weights, metadata }) })
    }
    case 'safetensors':
      return made({ '': writeSafetensors(pytorchTensors(weights, network.name), metadata) })
    case 'savedmodel': {
      const { frozenSavedModel } = await import('../../engines/tensorflow/lowering/program.js')
      return made({
        'saved_model.pb': frozenSavedModel(program, servingEntry, weights),
        // TensorFlow's own place for what it does not read itself.
        'assets.extra/saurun.json': new TextEncoder().encode(`${JSON.stringify(metadata, undefined, 2)}\n`),
      })
    }
  }
}

/** Names as a PyTorch module has them: without the network's own. */
function pytorchTensors(weights: Tensors, network: string): Readonly<Record<string, SafeTensor>> {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, data }]) => [
      name.startsWith(`${network}.`) ? name.slice(network.length + 1) : name,
      { dtype: 'F32', shape, data: Float32Array.from(data) } as const,
    ]),
  )
}
