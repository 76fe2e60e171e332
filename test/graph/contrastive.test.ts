// Label correction and the supervised contrastive loss against a plain reading of their definitions, sample
// by sample, without masks.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Builder } from '../../compiler/graph/builder.js'
import { reshape, slice } from '../../compiler/graph/operations/arrangement.js'
import { input } from '../../compiler/graph/operations/sources.js'
import { correctLabels, type NoiseTreatment } from '../../compiler/graph/trace/correction.js'
import type { Labels } from '../../compiler/graph/trace/labels.js'
import { supervisedContrastive } from '../../compiler/graph/trace/losses.js'
import { float, int, randomNumbers, required, runGraph } from './numeric.js'

interface Sample {
  /** One row a view. */
  readonly views: readonly (readonly number[])[]
  readonly label: number
  readonly synthetic: boolean
}

interface Setting {
  readonly samples: readonly Sample[]
  /** [class][view][dimension]. */
  readonly prototypes: readonly (readonly (readonly number[])[])[]
  readonly temperature: number
}

const dot = (x: readonly number[], y: readonly number[]): number =>
  x.reduce((sum, value, position) => sum + value * (y[position] ?? 0), 0)
const length = (x: readonly number[]): number => Math.sqrt(dot(x, x))
const viewOf = (views: readonly (readonly number[])[], view: number): readonly number[] => views[view] ?? []

function drawSetting(seed: number, count: number, classes: number, views: number, share: number): Setting {
  const next = randomNumbers(seed)
  const row = (): number[] => Array.from({ length: 4 }, () => next() - 0.5)
  const centres = Array.from({ length: classes }, row)
  const near = (label: number): number[] => row().map((value, axis) => value + (centres[label]?.[axis] ?? 0))
  const unit = (x: readonly number[]): number[] => x.map((value) => value / length(x))
  const samples = Array.from({ length: count }, (): Sample => {
    const label = Math.floor(classes * next())
    return { label, synthetic: next() < share, views: Array.from({ length: views }, () => unit(near(label))) }
  })
  const prototypes = centres.map((_, label) =>
    Array.from({ length: views }, () => near(label).map((value) => value / 2)),
  )
  return { samples, prototypes, temperature: 0.07 + next() / 2 }
}

/** Whether all views of a sample find its own label among the real samples and the prototypes. */
function isClean(setting: Setting, sample: Sample): boolean {
  return sample.views.every((row, view) => {
    const candidates = [
      ...setting.samples
        .filter((other) => !other.synthetic)
        .map((other) => ({ label: other.label, row: viewOf(other.views, view) })),
      ...setting.prototypes.map((views, label) => ({ label, row: viewOf(views, view) })),
    ]
    const cosine = (other: readonly number[]): number => dot(row, other) / length(other)
    const nearest = candidates.reduce((best, other) => (cosine(other.row) > cosine(best.row) ? other : best))
    return nearest.label === sample.label
  })
}

/** By how much the nearest of the own label leads, in cosine, where it leads the least. */
function marginOf(setting: Setting, sample: Sample): number {
  const leads = sample.views.map((row, view) => {
    const nearest = (isWanted: (label: number) => boolean): number =>
      Math.max(
        ...setting.samples
          .filter((other) => !other.synthetic && isWanted(other.label))
          .map((other) => dot(row, viewOf(other.views, view))),
        ...setting.prototypes
          .filter((_, label) => isWanted(label))
          .map((views) => dot(row, viewOf(views, view)) / length(viewOf(views, view))),
      )
    return nearest((label) => label === sample.label) - nearest((label) => label !== sample.label)
  })
  return Math.min(...leads)
}

interface Member {
  readonly row: readonly number[]
  readonly label: number
  readonly anchor: boolean
}

function meanOverAnchors(members: readonly Member[], temperature: number): number {
  const terms = members.flatMap((anchor) => {
    if (!anchor.anchor) return []
    const others = members.filter((other) => other !== anchor)
    const logSum = Math.log(
      others.reduce((sum, other) => sum + Math.exp(dot(anchor.row, other.row) / temperature), 0),
    )
    const positives = others.filter((other) => other.label === anchor.label)
    const sum = positives.reduce(
      (total, other) => total + dot(anchor.row, other.row) / temperature - logSum,
      0,
    )
    return [-sum / Math.max(1, positives.length)]
  })
  return terms.reduce((sum, term) => sum + term, 0) / terms.length
}

function expected(setting: Setting, onNoise: NoiseTreatment) {
  let noisy = 0
  const labels = setting.samples.map((sample) => {
    if (!sample.synthetic || isClean(setting, sample)) return sample.label
    noisy += 1
    return onNoise === 'pos_neg' ? -noisy : -1
  })
  const members: Member[] = []
  setting.samples.forEach((sample, position) => {
    const label = labels[position] ?? 0
    if (label < 0 && onNoise === 'drop') return
    for (const row of sample.views)
      members.push({ row, label, anchor: !(label < 0 && onNoise === 'neg_only') })
  })
  setting.prototypes.forEach((views, label) => {
    for (const row of views) members.push({ row, label, anchor: true })
  })
  return { labels, loss: meanOverAnchors(members, setting.temperature) }
}

async function traced(setting: Setting, onNoise: NoiseTreatment | undefined) {
  const count = setting.samples.length
  const views = setting.samples[0]?.views.length ?? 0
  const classes = setting.prototypes.length
  const builder = new Builder()
  const features = input(builder, 'features', { dtype: 'float32', shape: [count, views, 4] })
  const prototypes = input(builder, 'prototypes', { dtype: 'float32', shape: [classes, views, 4] })
  const labels = input(builder, 'labels', { dtype: 'int32', shape: [count] })
  const origin = input(builder, 'origin', { dtype: 'int32', shape: [count] })
  const embeddings = Array.from({ length: views }, (_, view) =>
    reshape(slice(features, [0, view, 0], [count, 1, 4]), [count, 4]),
  )
  let known: Labels = { kind: 'hard', classes: labels, classCount: classes }
  if (onNoise !== undefined) {
    const corrected = correctLabels({ labels, embeddings, origin, prototypes, onNoise })
    builder.output('labels', corrected.labels.classes)
    builder.output('margin', corrected.margin)
    known = corrected.labels
  }
  builder.output(
    'loss',
    supervisedContrastive(
      embeddings,
      known,
      onNoise === undefined ? undefined : prototypes,
      setting.temperature,
    ),
  )
  const results = await runGraph(builder.finish(), {
    features: float(
      [count, views, 4],
      setting.samples.flatMap((sample) => sample.views.flat()),
    ),
    prototypes: float([classes, views, 4], setting.prototypes.flat(2)),
    labels: int(
      [count],
      setting.samples.map((sample) => sample.label),
    ),
    origin: int(
      [count],
      setting.samples.map((sample) => Number(sample.synthetic)),
    ),
  })
  return results
}

const settings = fc
  .record({
    seed: fc.integer(),
    count: fc.integer({ min: 1, max: 14 }),
    classes: fc.integer({ min: 2, max: 5 }),
    views: fc.integer({ min: 1, max: 3 }),
    share: fc.constantFrom(0, 0.3, 0.7, 1),
  })
  .map(({ seed, count, classes, views, share }) => drawSetting(seed, count, classes, views, share))

describe('label correction and the supervised contrastive loss', () => {
  it.each(['pos_neg', 'neg_only', 'drop'] as const)('are those of the definition: %s', async (onNoise) => {
    await fc.assert(
      fc.asyncProperty(settings, async (setting) => {
        const want = expected(setting, onNoise)
        const results = await traced(setting, onNoise)
        expect([...required(results, 'labels').data]).toEqual(want.labels)
        expect(required(results, 'loss').data[0]).toBeCloseTo(want.loss, 9)
      }),
      { numRuns: 60, seed: 3 },
    )
  })

  it('tell how sure a decision is, with the sign of the decision', async () => {
    await fc.assert(
      fc.asyncProperty(settings, async (setting) => {
        const margins = [...required(await traced(setting, 'drop'), 'margin').data]
        for (const [position, sample] of setting.samples.entries()) {
          expect(margins[position]).toBeCloseTo(marginOf(setting, sample), 6)
          if (sample.synthetic) expect((margins[position] ?? 0) > 0).toBe(isClean(setting, sample))
        }
      }),
      { numRuns: 40, seed: 4 },
    )
  })

  it('compare the samples among themselves where there is no memory', async () => {
    const setting = drawSetting(5, 9, 3, 2, 0)
    const members = setting.samples.flatMap(({ views, label }) =>
      views.map((row) => ({ row, label, anchor: true })),
    )
    const results = await traced(setting, undefined)
    expect(required(results, 'loss').data[0]).toBeCloseTo(meanOverAnchors(members, setting.temperature), 9)
  })
})
