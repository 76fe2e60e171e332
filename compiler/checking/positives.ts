// Contrastive losses of which no image can have a partner.
import { labelled } from '../diagnostics/reporter.js'
import type { DatasetNode } from '../types/dataset-node.js'
import { counted } from '../types/describe.js'
import type { StepNodeDraft } from '../types/step-draft.js'
import { batchesBehind } from './checked-step.js'
import type { Compilation } from './compilation.js'
import type { CheckedTraining } from './train-block.js'

/**
 * Warns of a supervised contrastive loss whose images have no positive in any batch: one view, no prototypes,
 * and a single image in a batch, or of each class. Such a loss is 0 from the first step to the last.
 */
export function checkPositives(
  c: Compilation,
  training: CheckedTraining,
  nodes: readonly StepNodeDraft[],
): void {
  const { batch } = training.values
  if (batch === undefined) return
  const sizes = new Map<DatasetNode, number>()
  for (const node of nodes)
    for (const { dataset } of node.make.op === 'batch' ? batchesBehind(node) : [])
      sizes.set(dataset, imagesOf(dataset))
  const longest = Math.max(0, ...sizes.values())
  for (const { make, at } of nodes) {
    if (make.op !== 'supcon' || make.with || make.embeddings.length > 1) continue
    const datasets = make.embeddings.flatMap(batchesBehind).map(({ dataset }) => dataset)
    for (const dataset of new Set(datasets)) {
      if (dataset.unknown.counts) continue
      // A stream that begins again inside a batch may bring an image twice.
      const isOnce = imagesOf(dataset) === longest
      const most = Math.max(...dataset.real.map((real, label) => real + (dataset.synthetic[label] ?? 0)))
      if (batch > 1 && !(most === 1 && isOnce)) continue
      c.reporter.report('SAU6021', {
        gaps: {},
        labels: [
          labelled(at, batch === 1 ? 'one image in every batch, in one view' : 'one view of every image'),
          labelled(dataset.at, batch === 1 ? counted(imagesOf(dataset), 'image') : '1 image of every class'),
        ],
      })
    }
  }
}

function imagesOf({ real, synthetic }: DatasetNode): number {
  return [...real, ...synthetic].reduce((sum, images) => sum + images, 0)
}
