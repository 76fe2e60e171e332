// A golden case as an experiment: the text of its settings, compiled and traced as a file of a user is.
import type { Layout, Program } from '../../../compiler/graph/graph.js'
import { traceProgram } from '../../../compiler/graph/index.js'
import type { ImageShape, Plan } from '../../../compiler/plan/plan.js'
import { compileText } from '../../platform/host/compile-text.js'
import type { GoldenCase } from './golden-case.js'
import { malformedCase, numberOf } from './golden-case.js'

/**
 * The data of a case's experiment: images of one size and how many there are of each class, by the path in
 * the text.
 */
export interface CaseData {
  readonly image: ImageShape
  readonly counts: Readonly<Record<string, readonly number[]>>
}

/**
 * @throws RunError SAU7502 with the first error of the text, which only a setting of the case can have
 * caused.
 */
export function compileCase(golden: GoldenCase, text: string, { image, counts }: CaseData): Plan {
  const { plan, diagnostics } = compileText(golden.file, text, (path) => {
    const images = counts[path] ?? []
    return { image, counts: images, classes: images.map((_, position) => String(position)) }
  })
  if (plan !== undefined) return plan
  throw malformedCase(`${golden.file}: ${diagnostics[0]?.title ?? 'its settings make no experiment'}`)
}

/** At least as many images as `count`, at least one of each class. */
export function countsOfAll(count: number, classes: number): readonly number[] {
  const images = Math.max(count, classes)
  return Array.from({ length: classes }, (_, position) => Math.floor((images + position) / classes))
}

/** So many images of the first class and none of the others: what is evaluated may lack classes. */
export function countsOfFirst(count: number, classes: number): readonly number[] {
  return Array.from({ length: classes }, (_, position) => (position === 0 ? count : 0))
}

/**
 * The Plan of a case as training traces it, fed with images that are normalized already, with all gradients.
 */
export function traceCase(golden: GoldenCase, plan: Plan, layout: Layout): Program {
  return traceProgram(plan, {
    layout,
    images: 'float32',
    gradients: true,
    normalization: { epsilon: numberOf(golden, 'bn_eps'), momentum: numberOf(golden, 'bn_momentum') },
  })
}
