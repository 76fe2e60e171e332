// Names that scalars and the HParams tab's columns must agree on.

import { tagPart } from '../../platform/texts/tensorboard.js'
import type { RunStarted } from '../../run/journal/events.js'

/** Two evaluations of one data set would share their series otherwise. */
export function evaluationName(started: RunStarted | undefined, evaluation: number, dataset: string): string {
  const alike = started?.evaluations.filter((other) => other.dataset === dataset).length ?? 1
  return tagPart(alike > 1 ? `${dataset}.${evaluation}` : dataset)
}
