// What the datasets of a Plan are made from.
import type { DatasetOperation } from './plan.js'

/** Positions of the datasets that an operation takes, in the order in which their images come; none for a source. */
export function inputsOf(make: DatasetOperation): readonly number[] {
  switch (make.op) {
    case 'source':
      return []
    case 'fill':
      return [make.base, make.from]
    case 'both':
      return [make.first, make.second]
    default:
      return [make.input]
  }
}
