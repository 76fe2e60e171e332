// `fill`: synthetic images beside real ones.
import { nearestName } from '../../grammar/nearest-name.js'
import { labelled } from '../diagnostics/reporter.js'
import { sameLookingHelp } from '../names/unicode-forms.js'
import { type FillTarget, fillCounts } from '../plan/class-counts.js'
import type { DatasetNode } from '../types/dataset-node.js'
import { showImage } from '../types/describe.js'
import { type Type, types } from '../types/type.js'
import { derived, hasReal, hasSynthetic, madeHere, recovered } from './data-transforms.js'
import { type Call, declareFunction, defaulting, optional, required, type Slot } from './declaration.js'
import { count, probability, reportMismatch, seed, only as valueOfKind } from './slots.js'

const dataset = valueOfKind('dataset', types.dataset)

const fillTo: Slot<FillTarget> = {
  type: {
    kind: 'either',
    options: [{ kind: 'choice', list: 'fill_level' }, { kind: 'count' }, { kind: 'share_of_gap' }],
  } satisfies Type,
  take(value, site) {
    if (value.kind === 'choice' && value.list === 'fill_level') return { kind: 'balanced' }
    if (value.kind === 'share_of_gap') return { kind: 'share_of_gap', share: value.share }
    if (value.kind !== 'number') {
      return reportMismatch(
        site,
        fillTo.type,
        value,
        'write `balanced`, a count such as `500`, or `ratio(0.5)`',
      )
    }
    const images = count.take(value, site)
    return images === undefined ? undefined : { kind: 'count', count: images }
  },
}

const fill = declareFunction({
  name: 'fill',
  group: 'dataset',
  doc: 'Adds synthetic images to real ones, class by class, classes matched by name.',
  parameters: {
    base: required(dataset, 'the real images'),
    from: required(dataset, 'the synthetic images to draw from'),
    to: defaulting(fillTo, { kind: 'balanced' }, 'up to where classes are filled', 'balanced'),
    seed: optional(seed, 'the seed of the draw'),
  },
  result: types.dataset,
  recover: (a, call) => recovered(a.base, call),
  apply(a, call) {
    const base = a.base.dataset
    const pool = a.from.dataset
    const drawn = a.seed ?? call.seed()
    const origins = originsFit(call, base, pool)
    const images = imagesFit(call, base, pool)
    if (!origins || !images || base.unknown.counts || pool.unknown.counts) return undefined
    const counts = fillCounts(base.real, a.to)
    if (!poolSuffices(call, base, pool, counts)) return undefined
    return derived(base, call, {
      make: { op: 'fill', base, from: pool, counts, seed: drawn },
      synthetic: counts,
      pieces: [...base.pieces, ...pool.pieces],
    })
  },
})

function originsFit(call: Call<'base' | 'from'>, base: DatasetNode, pool: DatasetNode): boolean {
  const report = (
    argument: 'base' | 'from',
    node: DatasetNode,
    wanted: string,
    fault: string,
    help: string,
  ) =>
    call.context.reporter.report('SAU4104', {
      gaps: { wanted, argument, dataset: node.name, fault },
      labels: [labelled(call.where[argument], fault), madeHere(node, `\`${node.name}\` is made here`)],
      help,
    })
  if (hasSynthetic(base)) {
    report('base', base, 'real', 'holds synthetic images', '`|> only(real)` takes them out')
    return false
  }
  if (pool.unknown.counts) return true
  if (!hasSynthetic(pool)) {
    report('from', pool, 'synthetic', 'has none', 'give its source `origin: synthetic`')
    return false
  }
  if (hasReal(pool)) {
    report('from', pool, 'synthetic', 'holds real images', '`|> only(synthetic)` takes them out')
    return false
  }
  return true
}

function imagesFit(call: Call<'base' | 'from'>, base: DatasetNode, pool: DatasetNode): boolean {
  const show = (node: DatasetNode) => showImage(node.image)
  if (show(base) === show(pool) || base.unknown.image || pool.unknown.image) return true
  call.context.reporter.report('SAU3112', {
    gaps: { first: base.name, firstSize: show(base), second: pool.name, secondSize: show(pool) },
    labels: [
      labelled(call.where.from, `${show(pool)} images`),
      madeHere(base, `${show(base)} images`),
      madeHere(pool, `${show(pool)} images`),
    ],
  })
  return false
}

function poolSuffices(
  call: Call<'base' | 'from'>,
  base: DatasetNode,
  pool: DatasetNode,
  counts: readonly number[],
): boolean {
  const { reporter } = call.context
  const poolPosition = new Map(pool.classes.map((name, position) => [name, position]))
  const unknown = base.classes.filter(
    (name, position) => (counts[position] ?? 0) > 0 && !poolPosition.has(name),
  )
  const [firstUnknown] = unknown
  if (firstUnknown !== undefined) {
    const twin = pool.classes
      .map((name) => sameLookingHelp(firstUnknown, name))
      .find((help) => help !== undefined)
    const nearest = nearestName(firstUnknown, pool.classes)
    reporter.report('SAU4007', {
      gaps: { class: `\`${firstUnknown}\``, base: base.name, from: pool.name },
      labels: [
        labelled(call.where.from, `classes: ${showSome(pool.classes)}`),
        madeHere(base, `classes: ${showSome(base.classes)}`),
      ],
      help:
        twin ??
        (nearest
          ? `classes are matched by name: rename \`${nearest}\` to \`${firstUnknown}\``
          : 'classes are matched by name: give the synthetic classes the names of the real ones'),
    })
    return false
  }
  const short = base.classes.flatMap((name, position) => {
    const needed = counts[position] ?? 0
    const found = pool.synthetic[poolPosition.get(name) ?? -1] ?? 0
    return needed > found ? [{ name, needed, found }] : []
  })
  const [first, ...others] = short
  if (!first) return true
  reporter.report('SAU4005', {
    gaps: {
      needed: first.needed,
      class: `\`${first.name}\``,
      found: first.found,
      missing: first.needed - first.found,
    },
    labels: [labelled(call.at), madeHere(pool, `${first.found} images of \`${first.name}\``)],
    help:
      others.length === 0
        ? 'generate more of this class, or fill up to less: `to: ratio(0.5)`, `to: 100`'
        : `also missing: ${showSome(others.map((entry) => `${entry.needed - entry.found} of \`${entry.name}\``))}`,
  })
  return false
}

function showSome(names: readonly string[]): string {
  return names.length <= 6 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`
}

const ratio = declareFunction({
  name: 'ratio',
  group: 'share_of_gap',
  doc: 'A share of the gap between a class and the largest, as the level of `fill`.',
  parameters: { share: required(probability, 'the share') },
  result: { kind: 'share_of_gap' },
  apply: (a) => ({ kind: 'share_of_gap', share: a.share }),
})

export const fillFunctions = [fill, ratio]
