// The classes of drawn data, in class order: `shapes(classes: n)` has the first n of them. Part of the
// language, for the names stand in Plans; how they look is the runner's business.

export const shapeNames = [
  'disc',
  'square',
  'triangle',
  'star',
  'cross',
  'ring',
  'bars',
  'crescent',
  'heart',
  'arrow',
  'diamond',
  'frame',
  'hourglass',
  'chevron',
  'half-disc',
  'elbow',
  'tee',
  'pill',
  'dots',
  'drop',
] as const

export type ShapeName = (typeof shapeNames)[number]

/** Limits of `shapes(...)`: classes, pixels a side, and images of a class at most. */
export const shapeLimits = { classes: [2, shapeNames.length], size: [8, 256], perClass: 100_000 } as const
