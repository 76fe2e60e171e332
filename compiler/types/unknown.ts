// Values of which only a part is known, because something that they are made from is wrong and has been
// reported. They keep what is certain (a head is a classifier, a stream is a stream), so that the rest of the
// file is still checked; what is not known fits everywhere, so that one mistake is reported once.
import type { Location } from '../diagnostics/reporter.js'
import type { ImageShape } from '../plan/plan.js'
import type { DatasetNode } from './dataset-node.js'
import type { StepNodeDraft } from './step-draft.js'
import {
  type BatchValue,
  errorValue,
  type LayersValue,
  type MemoryValue,
  type ScalarValue,
  type StreamValue,
  type UnknownLayer,
  type Value,
  type ViewValue,
} from './value.js'
import type { AppliedView, ViewStep } from './view-step.js'

/** A dataset of which nothing is known but what `known` says. */
export function unknownDataset(at: Location, known: Partial<DatasetNode> = {}): DatasetNode {
  return {
    name: '',
    make: { op: 'unknown' },
    classes: [],
    real: [],
    synthetic: [],
    image: 'varied',
    split: undefined,
    at,
    pieces: [],
    unknown: { classes: 'all', counts: true, image: true },
    ...known,
  }
}

/** A view operation that is wrong; `output` is the image it gives, where that is certain all the same. */
export function unknownStep(
  name: string,
  at: Location,
  output: (input: ImageShape) => ImageShape | undefined,
): ViewStep {
  return {
    name,
    at,
    deterministic: true,
    normalizes: false,
    apply: (input) => ({ fault: 'unknown', output: output(input) }),
  }
}

export function unknownView(step: ViewStep): ViewValue {
  return { kind: 'view', operations: [step], identity: undefined }
}

/** A view of which not even the name is known. */
export function unknownAppliedView(at: Location): AppliedView {
  return {
    identity: { name: '', at },
    operations: [],
    normalize: undefined,
    output: undefined,
    steps: [],
    certain: false,
  }
}

export function unknownLayer(like: UnknownLayer['like'], at: Location): LayersValue {
  return { kind: 'layers', layers: [{ layer: { op: 'unknown', like }, at }] }
}

export function unknownStream(at: Location): StreamValue {
  return { kind: 'stream', dataset: unknownDataset(at), identity: undefined }
}

export function unknownMemory(at: Location, known: Partial<MemoryValue> = {}): MemoryValue {
  return {
    kind: 'memory',
    network: undefined,
    head: undefined,
    over: unknownDataset(at),
    views: undefined,
    everyEpochs: 1,
    identity: undefined,
    ...known,
  }
}

export function unknownBatch(node: StepNodeDraft, at: Location, known: Partial<BatchValue> = {}): BatchValue {
  const stream = unknownStream(at)
  return {
    kind: 'batch',
    node,
    rows: undefined,
    mixed: false,
    stream,
    view: unknownAppliedView(at),
    dataset: stream.dataset,
    ...known,
  }
}

/** A loss whose definition is wrong: still something to minimize. */
export const unknownLoss: ScalarValue = {
  kind: 'scalar',
  scalar: { op: 'number', value: 0 },
  loss: true,
  condition: false,
}

/**
 * What stands in the place of a call or name of some kind that is wrong or not known; parts of chains are
 * errors.
 */
export function unknownOperation(kind: string | undefined, at: Location): Value {
  switch (kind) {
    case 'dataset':
      return { kind: 'dataset', dataset: unknownDataset(at) }
    case 'backbone':
      return { kind: 'backbone', backbone: undefined }
    case 'stream':
      return unknownStream(at)
    case 'memory':
      return unknownMemory(at)
    case 'loss':
      return unknownLoss
    default:
      return errorValue
  }
}
