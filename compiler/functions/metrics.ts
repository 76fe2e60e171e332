// What is measured at evaluations.
import { labelled } from '../diagnostics/reporter.js'
import { type PlainMetric, plainMetrics, plainTable } from '../plan/metric-table.js'
import { showNumber } from '../types/describe.js'
import { types } from '../types/type.js'
import type { BoundValue, RangeValue, ShotsDraft } from '../types/value.js'
import { type Call, declareFunction, defaulting, optional, required } from './declaration.js'
import { bound, only, whole } from './slots.js'

function plain(name: PlainMetric | 'per_class' | 'confusion', doc: string) {
  return declareFunction({
    name,
    group: 'metric',
    doc,
    parameters: {},
    result: types.metric,
    apply: () => ({ kind: 'metric', metric: { op: name } }),
  })
}

const ece = declareFunction({
  name: 'ece',
  group: 'metric',
  doc: 'Expected calibration error: how far confidence and accuracy lie apart, over equal bins of confidence (Guo et al., ICML 2017).',
  parameters: { bins: defaulting(whole({ from: 1, to: 1000 }), 15, 'how many bins') },
  result: types.metric,
  apply: (a) => ({ kind: 'metric', metric: { op: 'ece', bins: a.bins } }),
})

type Group = ShotsDraft['groups'][number]

/** The whole numbers from 0 on that a bound holds. */
function interval(name: Group['name'], limit: BoundValue | RangeValue): Group {
  if (limit.kind === 'range') {
    const rule = `${showNumber(limit.from)}..${showNumber(limit.to)}`
    return { name, rule, from: Math.ceil(limit.from), to: Math.floor(limit.to) }
  }
  const rule = `${limit.operator} ${showNumber(limit.value)}`
  switch (limit.operator) {
    case '>':
      return { name, rule, from: Math.floor(limit.value) + 1, to: Number.POSITIVE_INFINITY }
    case '>=':
      return { name, rule, from: Math.ceil(limit.value), to: Number.POSITIVE_INFINITY }
    case '<':
      return { name, rule, from: 0, to: Math.ceil(limit.value) - 1 }
    case '<=':
      return { name, rule, from: 0, to: Math.floor(limit.value) }
  }
}

/** Every class size from 1 on lies in exactly one group, larger ones in `many`. */
function groupsFit(call: Call<Group['name']>, groups: readonly Group[]): boolean {
  const { reporter } = call.context
  const sorted = [...groups].sort((a, b) => a.from - b.from || a.to - b.to)
  const mark = (group: Group) => labelled(call.where[group.name], `\`${group.name}\`: ${group.rule}`)
  let next = 1
  let previous: Group | undefined
  for (const group of sorted) {
    if (previous && group.from <= previous.to) {
      reporter.report('SAU3303', {
        gaps: { count: group.from, first: previous.name, second: group.name },
        labels: [mark(group), mark(previous)],
        help: `let \`${group.name}\` begin at ${previous.to + 1}`,
      })
      return false
    }
    if (group.from > next) {
      reporter.report('SAU3304', {
        gaps: { count: next },
        labels: previous ? [mark(group), mark(previous)] : [mark(group)],
        help: `let \`${group.name}\` begin at ${next}`,
      })
      return false
    }
    next = Math.max(next, group.to + 1)
    previous = group
  }
  if (previous && next !== Number.POSITIVE_INFINITY) {
    reporter.report('SAU3304', {
      gaps: { count: next },
      labels: [mark(previous)],
      help: `let \`${previous.name}\` be \`>= ${showNumber(previous.from)}\``,
    })
    return false
  }
  if (sorted.map((group) => group.name).join() === 'few,medium,many') return true
  reporter.report('SAU3308', { gaps: {}, labels: sorted.map(mark) })
  return false
}

const shots = declareFunction({
  name: 'shots',
  group: 'metric',
  doc: 'Accuracy over groups of classes by how many different real images they have before filling; an image that is drawn twice counts once.',
  parameters: {
    many: required(bound, 'class sizes of the first group, such as `> 100`'),
    medium: required(bound, 'class sizes of the second, such as `21..100`'),
    few: required(bound, 'class sizes of the third, such as `<= 20`'),
    of: optional(only('dataset', types.dataset), 'whose real images count; the training data where left out'),
  },
  result: types.metric,
  apply(a, call) {
    const groups = [interval('many', a.many), interval('medium', a.medium), interval('few', a.few)]
    if (!groupsFit(call, groups)) return undefined
    return { kind: 'metric', metric: { op: 'shots', of: a.of?.dataset, groups, at: call.at } }
  },
})

export const metricFunctions = [
  ...plainMetrics.map((name) => plain(name, plainTable[name].doc)),
  plain('per_class', 'Top-1 accuracy of each class.'),
  plain('confusion', 'How many images of each class were taken for each class.'),
  ece,
  shots,
]
