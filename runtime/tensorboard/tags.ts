// Names that scalars and the HParams tab's columns must agree on.
import type { RunStarted } from '../journal/events.js'
import { tagPart } from '../texts/tensorboard.js'

/** Two evaluations of one data set would share their series otherwise. */
export function evaluationName(started: RunStarted | undefined, evaluation: number, dataset: string): string {
  const alike = started?.evaluations.filter((other) => other.dataset === dataset).length ?? 1
  return tagPart(alike > 1 ? `${dataset}.${evaluation}` : dataset)
}
