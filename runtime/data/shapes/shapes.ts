// The drawn data set: `perClass` labels of every class, class after class, and under a planted share of them
// the picture of another class. Each picture is a function of the seed, its class and its number alone.

import { type ShapeName, shapeNames } from '../../../compiler/plan/shapes.js'
import type { SourcePlan } from '../../../compiler/plan/sources.js'
import { drawsOf } from '../../../compiler/random/draws.js'
import { keyOf } from '../../../compiler/random/random.js'
import type { DecodedStore } from '../dataset.js'
import { createStore } from '../store.js'
import { outlines } from './outlines.js'
import { drawPicture } from './picture.js'

export type ShapesPlan = Extract<SourcePlan, { format: 'shapes' }>

/** The labels of drawn data, and the class each picture shows (the label itself but for planted noise). */
export function shapeLabels(plan: ShapesPlan): { readonly labels: Int32Array; readonly shown: Int32Array } {
  const labels = new Int32Array(plan.classes * plan.perClass)
  const shown = new Int32Array(labels.length)
  const wrong = Math.round(plan.noise * plan.perClass)
  for (let label = 0; label < plan.classes; label++) {
    const first = label * plan.perClass
    labels.fill(label, first, first + plan.perClass)
    shown.fill(label, first, first + plan.perClass)
    const draws = drawsOf(keyOf(plan.seed, 'shapes', 'noise', label))
    for (const i of draws.permutation(plan.perClass).subarray(0, wrong)) {
      const other = draws.below(plan.classes - 1)
      shown[first + i] = other < label ? other : other + 1
    }
  }
  return { labels, shown }
}

/** Draws all pictures of `plan`. */
export function drawShapes(plan: ShapesPlan): {
  readonly store: DecodedStore
  readonly labels: Int32Array
  readonly shown: Int32Array
} {
  const { labels, shown } = shapeLabels(plan)
  const store = createStore(labels.length, plan.size, plan.size, 3)
  const pixels = new Uint8Array(store.pixels)
  for (let i = 0; i < labels.length; i++) {
    const name = shapeNames[shown[i] as number] as ShapeName
    const draws = drawsOf(keyOf(plan.seed, 'shapes', plan.origin, i))
    drawPicture(outlines[name], plan.origin, plan.size, draws, pixels, i * plan.size * plan.size * 3)
  }
  return { store, labels, shown }
}
