// Views on images of a known shape.
import { type Location, labelled } from '../diagnostics/reporter.js'
import type { ImageShape, Normalization, ViewOperation } from '../plan/plan.js'
import type { DatasetNode } from '../types/dataset-node.js'
import type { AppliedView, ViewFault, ViewIdentity, ViewStep, ViewStepResult } from '../types/view-step.js'
import type { RuleContext } from './declaration.js'
import { sameShape, showShape } from './views.js'

/**
 * Runs a chain of view operations on the shape of a dataset's images. Reports operations that do not fit
 * them, and images that still differ in size at the end; `use` is where view and data meet. Where the image
 * is not known, which has been reported, nothing is said about the operations on it.
 */
export function applyView(
  context: RuleContext,
  steps: readonly ViewStep[],
  identity: ViewIdentity,
  dataset: DatasetNode,
  use: Location,
): AppliedView {
  const operations: ViewOperation[] = []
  let normalize: Normalization | undefined
  let image: ImageShape | undefined = dataset.unknown.image ? undefined : dataset.image
  let certain = true
  for (const [position, step] of steps.entries()) {
    if (step.normalizes && position < steps.length - 1)
      context.reporter.report('SAU3111', { gaps: {}, labels: [labelled(step.at)] })
    const result: ViewStepResult | ViewFault = step.apply(image ?? 'varied')
    if ('fault' in result) {
      if (result.fault === 'unknown') certain = false
      else if (image !== undefined) reportFault(context, step, result, image, dataset, use)
      image = image && result.output
      continue
    }
    normalize = result.normalize ?? normalize
    if (image === undefined) continue
    if (step.name === 'maybe' && !sameShape(result.output, image)) {
      context.reporter.report('SAU3110', {
        gaps: { variable: 'the size of the image', first: showShape(image), second: 'another' },
        labels: [labelled(step.at, 'changes the size of some images and not of others')],
      })
      image = undefined
      continue
    }
    if (result.operation) operations.push(result.operation)
    image = result.output
  }
  if (image === 'varied') {
    context.reporter.report('SAU3109', {
      gaps: { operation: identity.name, dataset: dataset.name },
      labels: [
        labelled(use),
        labelled(identity.at, 'leaves them as they are'),
        labelled(dataset.at, 'images of varied size'),
      ],
    })
    image = undefined
  }
  return { identity, operations, normalize, output: image, steps, certain: certain && image !== undefined }
}

function reportFault(
  context: RuleContext,
  step: ViewStep,
  fault: Extract<ReturnType<ViewStep['apply']>, { fault: string }>,
  image: ImageShape,
  dataset: DatasetNode,
  use: Location,
): void {
  const places = [labelled(dataset.at, `${showShape(dataset.image)} images`), labelled(use, 'meet here')]
  switch (fault.fault) {
    case 'too_large':
      context.reporter.report('SAU3103', {
        gaps: { operation: step.name, size: fault.size, image: showShape(image) },
        labels: [labelled(step.at, `${fault.size} px`), ...places],
      })
      return
    case 'channels':
      context.reporter.report('SAU3105', {
        gaps: {
          operation: step.name,
          needed: fault.needed,
          channels: image === 'varied' ? 'varied' : image.channels,
        },
        labels: [labelled(step.at, `${fault.needed} channels`), ...places],
      })
      return
    case 'varied':
      context.reporter.report('SAU3109', {
        gaps: { operation: step.name, dataset: dataset.name },
        labels: [labelled(step.at, 'needs the size'), ...places],
      })
      return
    case 'unknown':
      return
  }
}

/** Reports a view that ends at another size than the network was built for. */
export function checkInputSize(
  context: RuleContext,
  view: AppliedView,
  network: { readonly name: string },
  built: { readonly input: AppliedView['output']; readonly view: ViewIdentity },
  use: Location,
): boolean {
  if (!view.output || !built.input || sameShape(view.output, built.input)) return true
  context.reporter.report('SAU3101', {
    gaps: {
      view: view.identity.name,
      given: showShape(view.output),
      network: network.name,
      built: showShape(built.input),
    },
    labels: [
      labelled(view.identity.at, `ends at ${showShape(view.output)}`),
      labelled(use, `feeds \`${network.name}\``),
      labelled(built.view.at, `\`${network.name}\` is built for ${showShape(built.input)}`),
    ],
  })
  return false
}
